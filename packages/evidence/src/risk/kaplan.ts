// Three classical statistics for a mean, all of them bets in disguise. g >= 0 keeps a value of 0 from taking everything.
//
//   Kaplan-Wald        prod ((1 - g) x_j / t + g)                      with replacement     lambda = (1 - g)/t
//   Kaplan-Markov      prod ((x_j + g) / (t + g))                      with replacement     lambda = 1/(t + g)
//   Kaplan-Kolmogorov  prod ((x_j + g) / m_j),
//                      m_j = (N (t + g) - sum_{i<j} (x_i + g)) / (N - j + 1) = mu_j + g
//                                                                      without replacement  lambda_j = 1/(mu_j + g)
//
// Stark, "Risk-limiting postelection audits: conservative P-values from common probability inequalities" (2009), and SHANGRLA (2020), section 4.
import type { Strategy } from './martingale.ts';

export const kaplanWald =
  (g: number): Strategy =>
  ({ t }) => ({ bet: () => (1 - g) / t, see: () => {} });

export const kaplanMarkov =
  (g: number): Strategy =>
  ({ t }) => ({ bet: () => 1 / (t + g), see: () => {} });

export const kaplanKolmogorov =
  (g: number): Strategy =>
  () => ({ bet: (mu) => 1 / (mu + g), see: () => {} });
