import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NebAssorter, NenAssorter, RankingCount } from './index.ts';
import { impliesWinner, nebAssorter, nenAssorter, raire, scoreTotal } from './index.ts';

/** Every order of elimination that can happen with these rankings, whichever way ties go. */
function possibleOrders(rankings: readonly RankingCount[], standing: readonly number[]): number[][] {
  if (standing.length === 1) return [[standing[0]!]];
  const votes = standing.map((c) => {
    let sum = 0;
    for (const r of rankings) if (r.ranking.find((x) => standing.includes(x)) === c) sum += r.count;
    return sum;
  });
  const fewest = Math.min(...votes);
  return standing
    .filter((_, i) => votes[i] === fewest)
    .flatMap((out) =>
      possibleOrders(
        rankings,
        standing.filter((c) => c !== out),
      ).map((rest) => [out].concat(rest)),
    );
}

const choices = 4;
const all = [0, 1, 2, 3];
const ranking = fc.shuffledSubarray(all);
const rankings = fc
  .array(fc.record({ ranking, count: fc.integer({ min: 1, max: 30 }) }), { minLength: 1, maxLength: 12 })
  .filter((list) => list.some((r) => r.ranking.length > 0));
const pairs = all.flatMap((w) => all.filter((l) => l !== w).map((l) => [w, l] as const));
const others = [[], [0], [1], [2], [3], [0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]];
const every: (NebAssorter | NenAssorter)[] = [
  ...pairs.map(([w, l]) => nebAssorter(w, l)),
  ...pairs.flatMap(([w, l]) =>
    others
      .filter((rest) => !rest.includes(w) && !rest.includes(l))
      .map((rest) => nenAssorter(w, l, [w, l].concat(rest))),
  ),
];

describe('instant-runoff assertions', () => {
  test('found for a winner that is certain, true of the votes, sufficient, and as easy as any set can be', () => {
    let found = 0;
    fc.assert(
      fc.property(rankings, (list) => {
        const winners = new Set(possibleOrders(list, all).map((o) => o.at(-1)!));
        const cards = list.reduce((sum, r) => sum + r.count, 0);
        const tally = { cards, votes: [], rankings: list };
        const winner = [...winners][0]!;
        const result = raire({ choices, winner, cards, rankings: list });
        expect(result.ok || result.code === 'tied').toBe(true);
        if (winners.size > 1) expect(result.ok).toBe(false);
        if (winners.size > 1) return;
        const truths = every.filter((a) => scoreTotal(a, tally) > 0);
        // Some certain winners have no proof by these assertions: a tie on the way that changes nothing in the end.
        expect(result.ok).toBe(impliesWinner(truths, choices, winner).implied);
        if (!result.ok) return;
        found++;
        for (const a of result.assertions) {
          expect(scoreTotal(a.assorter, tally)).toBe(a.margin);
          expect(a.margin).toBeGreaterThan(0);
        }
        const used = result.assertions.map((a) => a.assorter);
        expect(impliesWinner(used, choices, winner).implied).toBe(true);
        // Optimal: the assertions that are easier than the hardest one used do not suffice.
        const hardest = Math.min(...result.assertions.map((a) => a.margin));
        const easier = truths.filter((a) => scoreTotal(a, tally) > hardest);
        expect(impliesWinner(easier, choices, winner).implied).toBe(false);
      }),
      { numRuns: 500 },
    );
    expect(found).toBeGreaterThan(100);
  });

  test('the check is right: a set is accepted exactly if it contradicts every order with another winner', () => {
    const orders = (standing: readonly number[]): number[][] =>
      standing.length === 0
        ? [[]]
        : standing.flatMap((c) => orders(standing.filter((x) => x !== c)).map((rest) => [c].concat(rest)));
    // An order contradicts NEB(w > l) if w goes before l, NEN(w > l | S) if w is the first of S to go and S are the last standing.
    const allowed = (a: NebAssorter | NenAssorter, order: number[]): boolean =>
      a.kind === 'NEB'
        ? order.indexOf(a.winner) > order.indexOf(a.loser)
        : order[choices - a.continuing.length] !== a.winner ||
          !a.continuing.every((c) => order.slice(-a.continuing.length).includes(c));
    fc.assert(
      fc.property(fc.subarray(every), fc.nat(3), (set, winner) => {
        const survives = orders(all).filter((o) => o.at(-1) !== winner && set.every((a) => allowed(a, o)));
        const answer = impliesWinner(set, choices, winner);
        expect(answer.implied).toBe(survives.length === 0);
        if (answer.implied === false) expect(survives).toContainEqual(answer.order);
      }),
      { numRuns: 500 },
    );
  });

  test('patience: fewer steps give a sufficient set that may not be the easiest, or none', () => {
    const list = [
      { ranking: [0, 1, 2, 3], count: 40 },
      { ranking: [1, 0, 2], count: 30 },
      { ranking: [2, 1], count: 20 },
      { ranking: [3, 2], count: 25 },
    ];
    const election = { choices, winner: 0, cards: 115, rankings: list };
    expect(possibleOrders(list, all).map((o) => o.at(-1))).toEqual([1]);
    const right = { ...election, winner: 1 };
    const whole = raire(right);
    expect(whole).toMatchObject({ ok: true, optimal: true });
    expect(raire(election)).toMatchObject({ ok: false, code: 'tied' });
    expect(raire(right, undefined, { suffixes: 0 })).toMatchObject({ ok: false, code: 'gave-up' });
    let asked = 0;
    raire(right, undefined, { shouldStop: () => ++asked > 2 });
    expect(asked).toBeGreaterThan(2);
    for (let suffixes = 1; suffixes < 12; suffixes++) {
      const some = raire(right, undefined, { suffixes });
      if (!some.ok) continue;
      expect(impliesWinner(some.assertions.map((a) => a.assorter), choices, 1).implied).toBe(true); // oxfmt-ignore
      if (whole.ok) expect(some.difficulty).toBeGreaterThanOrEqual(whole.difficulty);
    }
  });

  test('a check that takes too long says so', () => {
    expect(impliesWinner([], 9, 0, 3).implied).toBe('cannot tell');
    expect(impliesWinner([], 3, 0)).toEqual({ implied: false, order: [2, 0, 1] });
  });
});
