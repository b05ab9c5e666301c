// ALPHA: bet by an estimate of the mean. Stark, "ALPHA: Audit that Learns from Previously Hand-Audited Ballots" (2023), eq. 5-7:
//
//   T_j = T_{j-1} / u * [ x_j eta_j / mu_j + (u - x_j) (u - eta_j) / (u - mu_j) ]
//
// which is the bet lambda_j = (eta_j / mu_j - 1) / (u - mu_j).
import type { Null, Strategy } from './martingale.ts';

const EPS = 2 ** -52;

/** The bet that stands for the estimate eta, never against the assertion. */
export const lambdaOf = (eta: number, mu: number, u: number): number =>
  eta <= mu || mu >= u ? 0 : mu <= 0 ? Infinity : (eta / mu - 1) / (u - mu);

export interface Shrinkage {
  /** What the mean is reported or thought to be, before the first draw. */
  readonly eta0: number;
  /** How many draws the first thought is worth. */
  readonly d: number;
  /** How far above mu_j the estimate is kept: c / sqrt(d + j - 1). Default (eta0 - t) / 2. */
  readonly c?: number;
}

/** Truncated shrinkage (ALPHA section 2.5.2): the mean so far, drawn towards eta0, kept between mu_j + c/sqrt(d + j - 1) and u. */
export const truncatedShrinkage =
  ({ eta0, d, c }: Shrinkage): Strategy =>
  ({ t, u }: Null) => {
    const width = c ?? (eta0 - t) / 2;
    let sum = d * eta0;
    let weight = d; // d + j - 1
    return {
      bet(mu) {
        const least = mu * (1 + EPS) + width / Math.sqrt(weight);
        return lambdaOf(Math.min(u * (1 - EPS), Math.max(sum / weight, least)), mu, u);
      },
      see(x) {
        sum += x;
        weight++;
      },
    };
  };

/** The mean is held to be eta: what is left of it after each draw without replacement (ALPHA section 2.5.1; Wald's SPRT). */
export const fixedAlternative =
  (eta: number): Strategy =>
  ({ N, u }: Null) => {
    let left = N;
    let sum = N * eta;
    return {
      bet: (mu) => lambdaOf(Math.max(0, Math.min(u, N === Infinity ? eta : sum / left)), mu, u),
      see(x) {
        left--;
        sum -= x;
      },
    };
  };

/** The same eta at every draw, also without replacement. */
export const constantEta =
  (eta: number): Strategy =>
  ({ u }: Null) => ({ bet: (mu) => lambdaOf(Math.min(eta, u), mu, u), see: () => {} });
