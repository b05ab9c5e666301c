// The histories that SHANGRLA's published code gives for 29 short samples, by five statistics.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { haveShared, sharedFile } from '../../../../tests/sharedData.ts';
import { agrapa } from './agrapa.ts';
import { constantEta, fixedAlternative, truncatedShrinkage } from './alpha.ts';
import { cobra, cobraEta } from './cobra.ts';
import { fixedBet } from './fixedBet.ts';
import { kaplanKolmogorov, kaplanMarkov, kaplanWald } from './kaplan.ts';
import { testMean, type Strategy } from './martingale.ts';

interface Params {
  readonly method: string;
  readonly estim?: string;
  readonly bet?: string;
  readonly N: number | 'inf';
  readonly t: number;
  readonly u: number;
  readonly eta: number | string;
  readonly d: number;
  readonly c: number;
  readonly lam: number;
  readonly c_grapa_0: number;
  readonly c_grapa_max: number;
  readonly c_grapa_grow: number;
  readonly lam_history?: readonly number[];
  readonly error_rate_2: number;
  readonly g: number;
}

/**
 * SHANGRLA's aGRAPA takes mu of the draw before for its estimate (a fair bet, but a stale one), and mu of this draw for its cap;
 * with replacement, where mu never changes, that is aGRAPA itself.
 */
function staleAgrapa(p: Params): Strategy {
  const own = agrapa({ lambda1: p.lam, c0: p.c_grapa_0, cMax: p.c_grapa_max, grow: p.c_grapa_grow });
  if (p.N === 'inf') return own;
  const uncapped = agrapa({ lambda1: p.lam, c0: 1e9, cMax: 1e9, grow: 1 });
  return (h) => {
    const bettor = uncapped(h);
    let before = 1 / 2;
    let drawn = 0;
    return {
      bet(mu) {
        const c =
          p.c_grapa_0 + (p.c_grapa_max - p.c_grapa_0) * (1 - 1 / (1 + p.c_grapa_grow * Math.sqrt(drawn)));
        const lambda = Math.min(bettor.bet(before), c / mu);
        before = mu;
        return lambda;
      },
      see(x) {
        drawn++;
        bettor.see(x);
      },
    };
  };
}

function strategyOf(p: Params): Strategy {
  const eta = typeof p.eta === 'number' ? p.eta : (p.u + p.t) / 2; // the vector says "1-eps"; its own figures show (u + t)/2
  switch (`${p.method} ${p.estim ?? p.bet ?? ''}`.trim()) {
    case 'alpha_mart shrink_trunc':
      return truncatedShrinkage({ eta0: eta, d: p.d, c: p.c });
    case 'alpha_mart fixed_alternative_mean':
    case 'alpha_mart fixed_alternative_mean(default)':
      return fixedAlternative(eta);
    case 'alpha_mart optimal_comparison':
      expect(cobraEta(p.u, p.error_rate_2)).toBeCloseTo(eta, 9);
      return cobra(p.u, p.error_rate_2);
    case 'betting_mart fixed_bet':
      return fixedBet(p.lam);
    case 'betting_mart agrapa':
      return staleAgrapa(p);
    case 'kaplan_wald':
      return kaplanWald(p.g);
    case 'kaplan_markov':
      return kaplanMarkov(p.g);
    case 'kaplan_kolmogorov':
      return kaplanKolmogorov(p.g);
    default:
      throw new Error(`no strategy for ${p.method} ${p.estim ?? p.bet}`);
  }
}

describe.skipIf(!haveShared())('histories of SHANGRLA', () => {
  const { cases } = JSON.parse(readFileSync(sharedFile('vectors/risk_function_sequences.json'), 'utf8')) as {
    cases: { id: string; params: Params; x: number[]; expected_p: number; expected_p_history: number[] }[];
  };
  test('there are some', () => expect(cases.length).toBeGreaterThanOrEqual(29));
  test.each(cases)('$id', ({ id, params, x, expected_p, expected_p_history }) => {
    const N = params.N === 'inf' ? Infinity : params.N;
    const { statistic, bets, p } = testMean(x, { N, t: params.t, u: params.u }, strategyOf(params));
    expect(expected_p_history).toHaveLength(x.length);
    let sum = 0;
    for (const [j, expected] of expected_p_history.entries()) {
      const nothingLeft = Math.abs(N * params.t - sum) < 1e-9;
      sum += x[j]!;
      // Where the null leaves only zeros, SHANGRLA sets T back to 1; the statistic stays what it was (see edges.test.ts).
      if (nothingLeft && expected === 1) continue;
      const mine = Math.min(1, 1 / statistic[j]!);
      expect(Math.abs(mine - expected), `${id} draw ${j + 1}: ${mine} for ${expected}`).toBeLessThanOrEqual(
        1e-9 * Math.max(expected, 1e-3),
      );
    }
    expect(Math.abs(p - expected_p)).toBeLessThanOrEqual(1e-9 * Math.max(expected_p, 1e-3));
    for (const [j, lambda] of (params.lam_history ?? []).entries()) expect(bets[j]).toBeCloseTo(lambda, 9);
  });
  test('eta constant and eta of what is left are different bets', () => {
    const x = [1, 0, 1, 1];
    const h = { N: 10, t: 1 / 2, u: 1 };
    expect(testMean(x, h, constantEta(0.7)).p).not.toBe(testMean(x, h, fixedAlternative(0.7)).p);
  });
});
