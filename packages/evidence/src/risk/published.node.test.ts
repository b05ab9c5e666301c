// Numbers of papers, published audits and a deployed tool's own tests, for the risk functions that audits name.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { haveShared, sharedFile } from '../../../../tests/sharedData.ts';
import { adaptive } from './adaptive.ts';
import { brla, brlaKmin } from './bayesian.ts';
import { binomialTail } from './binomial.ts';
import { bravoAsn, bravoKmin, bravoRisk } from './bravo.ts';
import { errorFreeDraws } from './cobra.ts';
import { fisher } from './fisher.ts';
import { macro, macroDraws } from './macro.ts';
import { testMean } from './martingale.ts';
import { minerva, minervaKmins, nextRoundSize, providence, sequence } from './minerva.ts';
import { suite } from './suite.ts';
import { inverseBet, unionIntersection, vertexNulls, type Stratum } from './uits.ts';
import {
  drawsFromRates,
  estimatedDraws,
  optimisticDraws,
  superSimpleMeets,
  superSimpleRisk,
  usualRates,
} from './superSimple.ts';

// oxlint-disable-next-line typescript/no-explicit-any -- a published file, read by its own field names
type Json = any;
const vector = (name: string): Json => JSON.parse(readFileSync(sharedFile(`vectors/${name}`), 'utf8'));
const near = (got: number, expected: number, relative: number, why?: string): void =>
  expect(Math.abs(got - expected), `${why ?? ''} ${got} for ${expected}`).toBeLessThanOrEqual(
    relative * Math.max(Math.abs(expected), 1e-12),
  );

interface Call {
  readonly test: string;
  readonly fn: string;
  readonly args: Json;
  readonly result?: Json;
  readonly raises?: string;
}
const calls = (fn: string): Call[] => {
  const all = readFileSync(sharedFile('vectors/deployed-audit-tool.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Call)
    .filter((c) => c.fn === fn);
  expect(all.length, `no recorded call of ${fn}`).toBeGreaterThan(0);
  return all;
};

describe.skipIf(!haveShared())('Kaplan-Markov, Colorado', () => {
  const colorado = haveShared() ? vector('kaplan_markov_colorado.json') : {};
  test('the 65 risk measurements of 2024', () => {
    expect(colorado.real_risk_measurements).toHaveLength(65);
    for (const m of colorado.real_risk_measurements) {
      const contest = { margin: m.min_margin, cards: m.ballots };
      const p = superSimpleRisk(contest, m);
      near(100 * p, m.computed_percent, 1e-9, m.contest);
      expect(Math.abs(100 * p - m.expected_risk_percent), m.contest).toBeLessThanOrEqual(0.05 + 1e-9);
      expect(superSimpleMeets(contest, m, m.risk_limit_percent / 100).met, m.contest).toBe(m.met === 'Yes');
    }
  });
  test('sample sizes of real contests, to the card', () => {
    expect(colorado.real_contests.length).toBeGreaterThanOrEqual(37);
    for (const c of colorado.real_contests) {
      const contest = { margin: c.min_margin, cards: c.ballot_card_count, gamma: c.gamma };
      expect(optimisticDraws(contest, c.risk_limit, c), c.contest).toBe(c.expected_optimistic);
      // The state's report of 2024 leaves overstatements out of this figure, that of 2025 counts them.
      const counted = c.source.startsWith('corla2025') ? c : { ...c, o1: 0, o2: 0 };
      const more = estimatedDraws(contest, c.risk_limit, { ...counted, n: c.audited });
      const estimated = counted === c ? more : optimisticDraws(contest, c.risk_limit, c);
      expect(estimated, c.contest).toBe(c.expected_estimated);
    }
  });
  test("Stark 2010, table 3; the tool's own risks; New South Wales", () => {
    expect(colorado.pvalue_unit_Stark2010_table3.length).toBeGreaterThan(0);
    for (const c of colorado.pvalue_unit_Stark2010_table3)
      expect(superSimpleRisk({ margin: c.mu, cards: 1, gamma: c.gamma }, c)).toBeCloseTo(c.expected, 3);
    expect(colorado.neb_risk_tests).toHaveLength(28);
    for (const c of colorado.neb_risk_tests)
      expect(superSimpleRisk({ margin: c.mu, cards: 1, gamma: c.gamma }, c)).toBeCloseTo(c.expected, 3);
    for (const c of colorado.optimistic_unit)
      expect(
        optimisticDraws({ margin: c.mu, cards: 1, gamma: c.gamma }, c.alpha, { o1: 0, o2: 0, u1: 0, u2: 0 }),
      ).toBe(c.expected);
    expect(colorado.nsw_irv_sample_sizes_alpha_0_03).toHaveLength(32);
    for (const c of colorado.nsw_irv_sample_sizes_alpha_0_03)
      expect(
        optimisticDraws({ margin: c.min_margin, cards: Number(c['Total ballots']) }, 0.03, {
          o1: 0,
          o2: 0,
          u1: 0,
          u2: 0,
        }),
        c['Contest Name'],
      ).toBe(Number(c['Sample Size']));
  });
  test('a published risk of New Hampshire 2016 (rlacalc)', () => {
    const c = vector('paper_tables.json').arlo_lindeman_nh2016;
    const contest = { margin: 354040 - 337589, cards: 354040 + 337589 + 33234, gamma: c.gamma };
    near(superSimpleRisk(contest, { n: c.n, o1: c.o1, o2: 0, u1: 0, u2: 0 }), c.p, 1e-9);
  });
  test('sizes of More style, less work: 64 for one contest, 721 and 1712 without card-style data', () => {
    // Its formula takes l1 as a rate: ceil(-ln alpha / (m/(2g) + l1 ln(1 - 1/(2g)))).
    const { example } = vector('paper_tables.json').more_style;
    const size = (m: number): number =>
      Math.ceil(-Math.log(0.05) / (m / (2 * 1.03905) + 0.001 * Math.log1p(-1 / (2 * 1.03905))));
    expect(size(0.1)).toBe(example.single_contest);
    expect(size(0.01)).toBe(example.no_csd);
    // The paper prints 1712; its formula gives 1712.05, and 1712 cards are not enough.
    expect(example.no_csd_c2).toBe(1712);
    expect(size(0.1 * 0.05)).toBe(1713);
  });
  test("a deployed tool's sizes", () => {
    for (const { args, result } of calls('supersimple.get_sample_sizes')) {
      const { candidates, ballots, numWinners } = args.contest.$contest;
      const votes = Object.values(candidates as Record<string, number>).toSorted((a, b) => b - a);
      const margin = votes[numWinners - 1]! - votes[numWinners]!;
      // The tool's own tests give some of these numbers as text.
      const s = Object.fromEntries(
        Object.entries((args.sample_results ?? {}) as Record<string, number | string>).map(([k, v]) => [
          k,
          Number(v),
        ]),
      ) as Record<string, number>;
      const n = s['sample_size'] ?? 0;
      const rates =
        n === 0
          ? usualRates
          : { o1: s['1-over']! / n, o2: s['2-over']! / n, u1: s['1-under']! / n, u2: s['2-under']! / n };
      // A tie has no size but everything; nor has any sample more cards than there are.
      const size =
        margin === 0
          ? ballots
          : Math.min(ballots, drawsFromRates({ margin, cards: ballots }, args.risk_limit / 100, rates));
      expect(Math.max(0, size - n), `${args.contest.$contest.name} ${JSON.stringify(s)}`).toBe(result);
    }
  });
});

describe.skipIf(!haveShared())('MACRO, Georgia', () => {
  test('4 November 2025: 15 draws without error, p = 0.034476286', () => {
    const { cases } = vector('batch_comparison_georgia_2025.json');
    expect(cases).toHaveLength(1);
    const [c] = cases;
    const { p } = macro(
      c.U,
      Array.from({ length: c.draws }, () => 0),
    );
    near(p, c.p_value, 1e-9);
    expect(p.toFixed(9)).toBe(String(c.published_p));
    // The tool adds one to the size.
    expect(macroDraws(c.U, 0.05) + 1).toBe(c.sample_size);
  });
});

describe.skipIf(!haveShared())('BRAVO', () => {
  const polling = haveShared() ? vector('polling_bravo_minerva_athena_brla.json') : {};
  test('average sample numbers', () => {
    const cases = Object.values(polling.bravo_asn.cases) as Json[];
    expect(cases).toHaveLength(10);
    for (const c of cases) {
      const asn = bravoAsn({ winner: c.winner_ballots, loser: c.ballots - c.winner_ballots }, c.alpha);
      near(asn, c.recomputed, 1e-9);
      expect(Math.ceil(asn)).toBe(c.asn);
    }
  });
  test('kmin at the ends of rounds, and the smallest sample that can end', () => {
    const { p1, alpha, rounds, kmins } = polling.eor_bravo;
    expect(rounds.map((n: number) => bravoKmin(p1, n, alpha))).toEqual(kmins);
    // r2b2's smallest sample is the first from which on Minerva ends with a chance of a millionth or more, odd or even.
    expect(polling.min_sample.length).toBeGreaterThan(0);
    for (const c of polling.min_sample) {
      const chance = (n: number): number =>
        binomialTail(n, c.p1, minervaKmins({ p1: c.p1, alpha: c.alpha }, [n])[0]!);
      expect(Math.min(chance(c.n), chance(c.n + 2))).toBeGreaterThanOrEqual(1e-6);
      expect(chance(c.n - 1)).toBeLessThan(1e-6);
    }
  });
  test('ballot by ballot: the 90 % quantile of the sample size', () => {
    // Walk of the count of the winner's votes, the stopped part taken out after every ballot.
    const { alpha, p, n } = polling.so_bravo_90pct;
    expect(p.length).toBeGreaterThan(0);
    for (const [i, p1] of p.entries()) {
      let alive = [1];
      let ended = 0;
      let size = 0;
      while (ended < 0.9) {
        const next = Array.from({ length: alive.length + 1 }, () => 0);
        for (const [k, mass] of alive.entries()) {
          next[k]! += mass * (1 - p1);
          next[k + 1]! += mass * p1;
        }
        size++;
        for (let k = bravoKmin(p1, size, alpha); k <= size; k++) {
          ended += next[k]!;
          next[k] = 0;
        }
        alive = next;
      }
      expect(size, `p = ${p1}`).toBe(n[i]);
    }
  });
  test("a deployed tool's risks, where they are right", () => {
    let compared = 0;
    for (const { test: name, args, result } of calls('bravo.compute_risk')) {
      const { candidates, ballots } = args.contest.$contest as {
        candidates: Record<string, number>;
        ballots: number;
      };
      const seen: Record<string, number> = {};
      for (const round of Object.values(args.sample_results ?? {}) as Record<string, number>[])
        for (const [who, votes] of Object.entries(round)) seen[who] = (seen[who] ?? 0) + votes;
      const drawn = Object.values(seen).reduce((a, b) => a + b, 0);
      for (const [[w, l], p] of result[0].$map as [[string, string], number][]) {
        if (l === '') continue; // a contest without losers has nothing to test
        const pair = { winner: candidates[w]!, loser: candidates[l]! };
        if (pair.winner <= pair.loser) {
          // A tie: the tool calls a complete count p = 0 whoever won. Ours has no such test: a full hand count has an outcome.
          expect(() => bravoRisk(pair, { winner: 0, loser: 0 })).toThrow(RangeError);
          expect(p).toBe(drawn >= ballots ? 0 : 1);
          continue;
        }
        const got = bravoRisk(pair, { winner: seen[w] ?? 0, loser: seen[l] ?? 0 });
        if (p < 1e-290) expect(got).toBeLessThan(1e-290);
        else near(got, p, 1e-9, `${name} ${w} ${l}`);
        compared++;
      }
    }
    expect(compared).toBeGreaterThanOrEqual(35);
  });
});

describe.skipIf(!haveShared())('Minerva, Athena, Providence', () => {
  const polling = haveShared() ? vector('polling_bravo_minerva_athena_brla.json') : {};
  test('the eight cases of Arlo and r2b2', () => {
    const cases = Object.entries(polling.minerva_arlo.cases) as [string, Json][];
    expect(cases).toHaveLength(8);
    for (const [name, { contest, alpha, rounds, expected }] of cases) {
      const winners: string[] = contest.reported_winners;
      let worst = 0;
      let stopped = true;
      for (const w of winners)
        for (const l of Object.keys(contest.tally).filter((c) => !winners.includes(c))) {
          const s = contest.tally[w] + contest.tally[l];
          const results = minerva(
            // r2b2 takes (s // 2)/s for the tie.
            { p1: contest.tally[w] / s, alpha, p0: Math.floor(s / 2) / s },
            Object.values(rounds).map((r: Json) => ({ n: r.sample[w] + r.sample[l], k: r.sample[w] })),
          );
          worst = Math.max(worst, results.at(-1)!.p);
          stopped &&= results.at(-1)!.met;
        }
      expect(Math.abs(worst - expected.pvalue), name).toBeLessThanOrEqual(1e-6);
      expect(Number(stopped), name).toBe(expected.stopped);
    }
  });
  test('kmins of Minerva and Athena', () => {
    expect(polling.minerva_kmins).toHaveLength(3);
    for (const c of polling.minerva_kmins)
      expect(minervaKmins({ p1: c.p1, alpha: c.alpha }, c.rounds)).toEqual(
        c.kmins.map((k: number | null) => k ?? Infinity),
      );
    const a = polling.athena;
    expect(minervaKmins({ p1: a.p1, alpha: a.alpha, delta: a.delta }, a.rounds)).toEqual(a.kmins);
  });
  test('Georgia, Senate 2021: a ratio of tails above 1 is no p-value', () => {
    const g = polling.minerva_ga_senate_2021;
    const [w, l] = g.votes as [number, number];
    const p1 = w / (w + l);
    const p0 = Math.floor((w + l) / 2) / (w + l);
    const results = minerva(
      { p1, alpha: g.alpha, p0 },
      g.rounds.map(([n, k]: [number, number]) => ({ n, k })),
    );
    near(results[0]!.p, g.rounds[0][2], 1e-6);
    expect(g.rounds[1][2]).toBeGreaterThan(2.6);
    expect(results[1]!.p).toBe(1);
    const [n, k, p] = g.single_round;
    near(minerva({ p1, alpha: g.alpha, p0 }, [{ n, k }])[0]!.p, p, 1e-6);
  });
  test('round sizes for a 90 % chance to end', () => {
    expect(polling.first_round_sizes_minerva_sprob_0_9).toHaveLength(3);
    for (const c of polling.first_round_sizes_minerva_sprob_0_9) {
      // The chance goes up and down with n; a peer's search may stop a few teeth later, never earlier.
      const rule = { p1: c.p1, alpha: c.alpha };
      const chance = (n: number): number => binomialTail(n, c.p1, minervaKmins(rule, [n])[0]!);
      const size = nextRoundSize(rule, 'minerva', [], 0.9);
      expect(Math.min(chance(size), chance(c.n)), `p1 = ${c.p1}`).toBeGreaterThanOrEqual(0.9);
      expect(size).toBeLessThanOrEqual(c.n);
      expect(size).toBeGreaterThanOrEqual(0.96 * c.n);
    }
    for (const [kind, cases] of [
      ['minerva', polling.second_round_sizes_minerva],
      ['providence', polling.minerva2_second_round],
    ] as const)
      for (const c of cases) {
        const [n, k] = c.first;
        const [w, l] = c.votes ?? [c.p1, 1 - c.p1];
        const size = nextRoundSize({ p1: w / (w + l), alpha: c.alpha }, kind, [{ n, k }], 0.9);
        expect(n + size, `${kind} ${n}`).toBeLessThanOrEqual(c.n + 1);
        expect(n + size, `${kind} ${n}`).toBeGreaterThanOrEqual(0.96 * c.n);
      }
  });
  test("a deployed tool's risks", () => {
    for (const fn of ['minerva', 'providence'] as const)
      for (const { test: name, args, result, raises } of calls(`${fn}.compute_risk`)) {
        if (raises !== undefined) continue; // a risk limit of 1000 %
        const { candidates, numWinners } = args.contest.$contest as {
          candidates: Record<string, number>;
          numWinners: number;
        };
        const ranked = Object.entries(candidates).toSorted((a, b) => b[1] - a[1]);
        const rounds = Object.values(args.sample_results) as Record<string, number>[];
        let worst = 0;
        for (const [w, vw] of ranked.slice(0, numWinners))
          for (const [l, vl] of ranked.slice(numWinners)) {
            let [n, k] = [0, 0];
            const cumulative = rounds.map((r) => ({ n: (n += r[w]! + r[l]!), k: (k += r[w]!) }));
            const rule = {
              p1: vw / (vw + vl),
              alpha: args.risk_limit / 100,
              p0: Math.floor((vw + vl) / 2) / (vw + vl),
            };
            worst = Math.max(worst, (fn === 'minerva' ? minerva : providence)(rule, cumulative).at(-1)!.p);
          }
        const expected = result[0].$map[0][1] as number;
        // Tails below 1e-30 are not told apart, on the safe side.
        if (expected < 1e-30) expect(worst, name).toBeLessThan(1e-6);
        else
          expect(Math.abs(worst - expected), `${fn} ${name}: ${worst} for ${expected}`).toBeLessThanOrEqual(
            1e-6,
          );
      }
  });
  test('in a tie they end with probability alpha at most, whatever the sizes fixed beforehand', () => {
    for (const sizes of [[100, 200, 400], [13, 14, 15], [50], [10, 20, 30, 40, 50, 60], [7, 300, 301]])
      for (const delta of [undefined, 1])
        for (const p1 of [0.51, 0.6, 0.75, 0.95]) {
          const rule = delta === undefined ? { p1, alpha: 0.1 } : { p1, alpha: 0.1, delta };
          let tied = 0;
          for (const step of sequence(rule, sizes)) tied += step.ends.tied;
          expect(tied, `${sizes.join()} at ${p1}`).toBeLessThanOrEqual(0.1);
        }
  });
});

describe.skipIf(!haveShared())('Bayesian', () => {
  test('table 3 of the paper: 27 kmins', () => {
    const t = vector('polling_bravo_minerva_athena_brla.json').brla_table3;
    let compared = 0;
    for (const { risk, kmins } of Object.values<Json>(t.test_cases))
      for (const [i, n] of t.rounds.entries()) {
        expect(brlaKmin(t.N, n, risk), `n = ${n}, risk ${risk}`).toBe(kmins[i]);
        expect(brla(t.N, n, kmins[i]).p).toBeLessThanOrEqual(risk / (1 - risk));
        compared++;
      }
    expect(compared).toBe(27);
  });
});

describe.skipIf(!haveShared())('stratified', () => {
  test('ALPHA table 1: Fisher and the product, each stratum with p = 1/2', () => {
    const { rows } = vector('paper_tables.json').alpha_table1;
    expect(rows.length).toBeGreaterThanOrEqual(7);
    for (const r of rows) {
      const halves = Array.from({ length: r.strata }, () => 1 / 2);
      expect(Math.abs(fisher(halves) - r.fisher_recomputed), `${r.strata} strata`).toBeLessThanOrEqual(1e-6);
      expect(0.5 ** r.strata).toBe(r.product_exact);
    }
  });
  test("a deployed tool's SUITE", () => {
    let compared = 0;
    for (const { test: name, args, result } of calls('suite.compute_risk')) {
      const { candidates } = args.contest.$contest as { candidates: Record<string, number> };
      const [cvr, bp] = [args.cvr_stratum, args.bp_stratum];
      const [[w, l]] = cvr.misstatements.$map[0] as [[string, string]];
      if (result === undefined) continue; // a stratum counted in full: no sample any more
      if (candidates[w]! <= candidates[l]!) {
        expect(name).toBe('test_tie');
        continue;
      }
      let worst = 0;
      for (const [[w, l], d] of cvr.misstatements.$map as [[string, string], Json][]) {
        const sum = (who: string): number =>
          Object.values<Record<string, number>>(bp.sample).reduce((s, r) => s + (r[who] ?? 0), 0);
        const { p } = suite(
          {
            cards: cvr.num_ballots,
            winner: cvr.vote_totals[w],
            loser: cvr.vote_totals[l],
            discrepancies: { ...d, n: cvr.sample_size },
          },
          {
            cards: bp.num_ballots,
            winner: bp.vote_totals[w],
            loser: bp.vote_totals[l],
            sample: { n: bp.sample_size, winner: sum(w), loser: sum(l) },
          },
        );
        worst = Math.max(worst, p);
      }
      // The tool stops its search at the first p-value above the risk limit, so above it the largest may be larger than it says; and it
      // lets votes be fractions, which moves the fourth digit.
      const tool = result[0] as number;
      if (tool > args.risk_limit / 100) expect(worst, name).toBeGreaterThan(tool * (1 - 1e-4));
      else
        expect(Math.abs(worst - tool), `${name}: ${worst} for ${tool}`).toBeLessThanOrEqual(
          2e-4 * tool + 1e-100,
        );
      compared++;
    }
    expect(compared).toBeGreaterThan(5);
  });
});

describe.skipIf(!haveShared())('UI-TS, two strata whose cards are all right', () => {
  const uits = haveShared() ? vector('uits_stratified_pointmass.json') : { cases: [] };
  /**
   * Of the 19 rows the four with bets c/mu and strata in turn can be computed from the paper. The authors' own times are one or two draws later;
   * where their clock starts is not in the paper.
   */
  const ours = uits.cases.filter((c: Json) => c.bet === 'inverse' && c.selector === 'round_robin');
  /**
   * What the paper does not fix: the first bets of aGRAPA and of the plug-in, and how strata are chosen. It matters: a start at mean 1 and variance 1
   * ends aGRAPA's three rows with strata in turn after 22, 18 and 18 draws, one at variance 1/2 after 20, 14 and 14; the authors have 22, 14 and 14.
   */
  const notReproduced = new Set(['fixed_predictable', 'agrapa', 'predictable_kelly']);
  test('every row is computed or named', () => {
    expect(uits.cases).toHaveLength(19);
    expect(ours).toHaveLength(4);
    for (const c of uits.cases)
      expect(
        ours.includes(c) || notReproduced.has(c.bet) || notReproduced.has(c.selector),
        JSON.stringify(c),
      ).toBe(true);
    expect(
      [2, 3, 4, 5, 6].map(
        (K) =>
          vertexNulls(
            Array.from({ length: K }, () => 1 / K),
            Array.from({ length: K }, () => 1),
          ).length,
      ),
    ).toEqual(Object.values(uits.vertex_counts.K_to_count));
  });
  test.each(ours as Json[])('mean $alt, strata apart by $delta: $stopping_time draws', (c: Json) => {
    const p = (n: number): number => {
      const stratum = (reported: number, draws: number): Stratum => ({
        N: Infinity,
        weight: 1 / 2,
        x: new Float64Array(draws).fill(1), // u + A(paper) - A(record), without error
        upper: 2,
        u: 1,
        shift: 1 - reported,
        strategy: inverseBet(0.9),
      });
      const [low, high] = [c.alt - c.delta / 2, c.alt + c.delta / 2];
      return unionIntersection([stratum(low, Math.ceil(n / 2)), stratum(high, Math.floor(n / 2))], c.n_bands)
        .p;
    };
    let n = 1;
    while (p(n) > 0.05) n++;
    expect(n).toBeLessThanOrEqual(c.stopping_time);
    expect(n).toBeGreaterThanOrEqual(c.stopping_time - 2);
  });
});

describe.skipIf(!haveShared())('betting on comparisons', () => {
  test('sample sizes of rlauxe at 18 bets, and COBRA without errors', () => {
    const v = vector('clca_sample_sizes.json');
    expect(v.rlauxe_maxLoss.rows).toHaveLength(18);
    for (const r of v.rlauxe_maxLoss.rows) {
      const noError = 1 / (2 - r.margin / r.upper);
      const x = new Float64Array(7000).fill(noError * 1);
      const u = 2 * noError;
      const { statistic } = testMean(x, { N: r.N, t: 1 / 2, u }, adaptive({ noError, maxLoss: r.maxLoss }));
      // `recomputed` is the right one where the document has 5871 for 5872.
      expect(statistic.findIndex((T) => T >= 1 / r.alpha) + 1, JSON.stringify(r)).toBe(r.recomputed);
    }
    for (const r of v.cobra_table1.rows)
      if (r.check_error_free !== undefined)
        expect(errorFreeDraws(v.cobra_table1.alpha, r.dm)).toBe(r.check_error_free);
    for (const c of v.super_simple)
      expect(
        optimisticDraws({ margin: c.dm, cards: 1, gamma: c.gamma }, c.alpha, { o1: 0, o2: 0, u1: 0, u2: 0 }),
      ).toBe(c.n);
  });
  test('a public audit record: every comparison assertion, without errors', () => {
    const { cases } = vector('rlauxe_audit_records.json');
    let compared = 0;
    for (const c of cases) {
      if (c.noerror === null) continue;
      const x = new Float64Array(c.samplesUsed).fill(c.noerror);
      const h = { N: c.N, t: 1 / 2, u: 2 * c.noerror };
      const { p } = testMean(x, h, adaptive({ noError: c.noerror, maxLoss: 0.9624175929935999 }));
      near(p, c.pmin, 1e-9, c.assertion);
      near(p, c.plast, 1e-9, c.assertion);
      compared++;
    }
    expect(compared).toBe(cases.length - 2); // two are ballot polling, whose samples are not at hand
    expect(compared).toBeGreaterThan(20);
  });
});
