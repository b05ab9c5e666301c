// Laws of counting that every ranked rule must keep, whatever the ballots say; and a second count, ballot by ballot, by another road.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BallotBox, union, type RankedBallots, type RankedCandidate, type Ranks } from './ballots.ts';
import { units } from './decimal.ts';
import { instantRunoffRules, type Method, type RankedRules } from './rankedRules.ts';
import { countRounds, roundsOfPart, type RankedResult } from './rounds.ts';
import { countSequentially } from './sequential.ts';

const names = ['Ann', 'Bo', 'Cy', 'Di', 'Eve'];
const candidates = [...names.map((name) => ({ name })), { name: 'others', undeclared: true as const }];

const mark = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 5 }).map((c) => [c]) },
  { weight: 1, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: fc.uniqueArray(fc.integer({ min: 0, max: 5 }), { minLength: 2, maxLength: 3 }) },
  { weight: 1, arbitrary: fc.constant('several' as const) },
);
const ballot: fc.Arbitrary<Ranks> = fc.array(mark, { minLength: 0, maxLength: 6 });
const ballots = fc.array(ballot, { minLength: 0, maxLength: 40 });

const method: fc.Arbitrary<Method> = fc.constantFrom<Method>(
  { kind: 'instantRunoff' },
  { kind: 'singleTransferableVote', winnersARound: 'all' },
  { kind: 'singleTransferableVote', winnersARound: 'one' },
  { kind: 'bottomsUp' },
  { kind: 'aboveShare', share: { numerator: 15, denominator: 100 }, cutoff: false },
  { kind: 'aboveShare', share: { numerator: 15, denominator: 100 }, cutoff: true },
);
const rules: fc.Arbitrary<RankedRules> = fc
  .record({
    method,
    several: fc.integer({ min: 2, max: 3 }),
    overvotes: fc.constantFrom<RankedRules['overvotes']>('exhaust', 'skip', 'exhaustIfSeveralContinue'),
    skippedRanks: fc.constantFrom(0, 1, 'unlimited' as const),
    duplicates: fc.constantFrom('skip', 'exhaust'),
    maxRankings: fc.constantFrom(2, 4, 'all' as const),
    undeclared: fc.constantFrom('droppedFirst', 'oneCandidate'),
    excluded: fc.constantFrom([], ['Bo']),
    minimumVotes: fc.constantFrom(0, 2),
    batch: fc.boolean(),
    untilTwo: fc.constantFrom('never', 'always', 'unlessFirstChoices'),
    thresholdFrom: fc.constantFrom('eachRound', 'firstRound'),
    quota: fc.constantFrom('droop', 'hare'),
    quotaRounding: fc.constantFrom('whole', 'fractional'),
    places: fc.integer({ min: 1, max: 6 }),
  })
  .map(({ several, batch, untilTwo, ...rest }) => {
    const single = rest.method.kind === 'instantRunoff';
    return {
      ...instantRunoffRules,
      ...rest,
      seats: single ? 1 : several,
      batchElimination: single && batch,
      untilTwo: single ? untilTwo : 'never',
      ties: { kind: 'order' as const },
    };
  });

function box(list: readonly Ranks[], of: readonly RankedCandidate[] = candidates): RankedBallots {
  const b = new BallotBox(of);
  for (const ranks of list) b.add(ranks);
  return b.ballots();
}

const facts = ({ rounds, winners }: RankedResult): unknown => ({ rounds, winners });

describe('laws of counting', () => {
  test('order does not matter', () => {
    fc.assert(
      fc.property(ballots, rules, fc.infiniteStream(fc.nat()), (list, rule, keys) => {
        const shuffled = list
          .map((b) => [keys.next().value as number, b] as const)
          .sort(([a], [b]) => a - b)
          .map(([, b]) => b);
        expect(countRounds(box(shuffled), rule)).toEqual(countRounds(box(list), rule));
      }),
    );
  });

  test('blank ballots change no round and no winner', () => {
    fc.assert(
      fc.property(ballots, rules, fc.integer({ min: 1, max: 9 }), (list, rule, n) => {
        const [with_, without] = [
          countRounds(box([...list, ...Array.from({ length: n }, () => [])]), rule),
          countRounds(box(list), rule),
        ];
        expect(facts(with_)).toEqual(facts(without));
        expect(with_.undervotes).toBe(without.undervotes + n);
      }),
    );
  });

  test('renaming renames', () => {
    const renamed = (name: string): string => (name === 'others' ? name : `x${name.toUpperCase()}`);
    fc.assert(
      fc.property(ballots, rules, (list, rule) => {
        const plain = countRounds(box(list), rule);
        const other = countRounds(
          box(
            list,
            candidates.map((c) => ({ ...c, name: renamed(c.name) })),
          ),
          { ...rule, excluded: rule.excluded.map(renamed) },
        );
        const back = JSON.parse(
          JSON.stringify(other).replaceAll(/xANN|xBO|xCY|xDI|xEVE/g, (x) => x[1]! + x.slice(2).toLowerCase()),
        );
        expect(back).toEqual(JSON.parse(JSON.stringify(plain)));
      }),
    );
  });

  test('the tally of a union is the sum of the tallies, but for what a surplus loses by cutting off', () => {
    fc.assert(
      fc.property(ballots, ballots, rules, (a, b, rule) => {
        const [whole, parts] = [countRounds(union([box(a), box(b)]), rule), [box(a), box(b)]];
        const of = parts.map((part) => roundsOfPart(part, whole, rule));
        const elected = new Set<string>();
        whole.rounds.forEach((round, r) => {
          const each = of.map((p) => p.rounds[r]!);
          for (const { candidate, votes } of round.tally) {
            const sum = each.reduce(
              (s, x) => s + units(x.tally.find((v) => v.candidate === candidate)!.votes, 8),
              0n,
            );
            if (elected.has(candidate)) expect(sum).toBeGreaterThanOrEqual(units(votes, 8));
            else expect(sum).toBe(units(votes, 8));
          }
          for (const reason of [
            'exhaustedChoices',
            'overvotes',
            'repeatedRankings',
            'skippedRankings',
          ] as const)
            expect(each.reduce((s, x) => s + units(x.inactive[reason], 8), 0n)).toBe(
              units(round.inactive[reason], 8),
            );
          for (const d of round.decisions) if (d.what === 'elected') elected.add(d.candidate);
        });
      }),
    );
  });

  test('no vote is lost: those held, inactive and cut off are all ballots but the blank ones', () => {
    fc.assert(
      fc.property(ballots, rules, (list, rule) => {
        const result = countRounds(box(list), rule);
        let residual = 0n;
        for (const round of result.rounds) {
          const held = round.tally.reduce((s, v) => s + units(v.votes, 8), 0n);
          const inactive = Object.values(round.inactive).reduce((s, v) => s + units(v, 8), 0n);
          const last = units(round.finalRoundSurplus ?? '0', 8);
          expect(held + inactive + residual + last).toBe(
            BigInt(result.ballots - result.undervotes) * 10n ** 8n,
          );
          residual += round.decisions.reduce((s, d) => s + units(d.residual, 8), 0n);
        }
      }),
    );
  });

  test('it ends, with no more winners than seats', () => {
    fc.assert(
      fc.property(ballots, rules, (list, rule) => {
        const { winners, rounds } = countRounds(box(list), rule);
        if (rule.method.kind !== 'aboveShare') expect(winners.length).toBeLessThanOrEqual(rule.seats);
        expect(new Set(winners).size).toBe(winners.length);
        expect(rounds.length).toBeLessThanOrEqual(2 * candidates.length + 2);
        expect(winners).not.toContain('others');
      }),
    );
  });

  test('one seat after the other elects nobody twice', () => {
    fc.assert(
      fc.property(ballots, (list) => {
        const rule: RankedRules = {
          ...instantRunoffRules,
          method: { kind: 'sequential' },
          seats: 3,
          ties: { kind: 'order' },
        };
        const winners = countSequentially(box(list), rule).flatMap((p) => p.winners);
        expect(new Set(winners).size).toBe(winners.length);
      }),
    );
  });
});

/** Instant runoff as it is told to a voter: read each ballot from the top, drop the last, read all ballots again. */
function toldToVoters(list: readonly Ranks[]): {
  rounds: Record<string, string>[];
  winner: string | undefined;
} {
  let left = [0, 1, 2, 3, 4];
  const rounds: Record<string, string>[] = [];
  for (;;) {
    const votes = new Map(left.map((c) => [c, 0]));
    for (const ranks of list)
      for (const at of ranks) {
        if (at === 'several' || at.length > 1) break;
        const [choice] = at;
        if (choice === undefined || !votes.has(choice)) continue;
        votes.set(choice, votes.get(choice)! + 1);
        break;
      }
    rounds.push(Object.fromEntries([...votes].map(([c, n]) => [names[c]!, String(n)])));
    const active = [...votes.values()].reduce((a, b) => a + b, 0);
    const most = Math.max(...votes.values());
    const first = left.find((c) => votes.get(c) === most)!;
    if (2 * most > active || left.length <= 2) return { rounds, winner: names[first] };
    const fewest = Math.min(...votes.values());
    const last = left.findLast((c) => votes.get(c) === fewest)!;
    left = left.filter((c) => c !== last);
  }
}

test('two roads: an instant runoff read from the top each time', () => {
  const five = fc.array(
    fc.array(
      fc.oneof(
        fc.constant([]),
        fc.integer({ min: 0, max: 4 }).map((c) => [c]),
        fc.constant('several' as const),
      ),
      { maxLength: 5 },
    ),
    { minLength: 1, maxLength: 60 },
  );
  fc.assert(
    fc.property(five, (list) => {
      const result = countRounds(
        box(
          list,
          names.map((name) => ({ name })),
        ),
        {
          ...instantRunoffRules,
          ties: { kind: 'order' },
        },
      );
      const told = toldToVoters(list);
      expect(
        result.rounds.map((r) => Object.fromEntries(r.tally.map((v) => [v.candidate, v.votes]))),
      ).toEqual(told.rounds);
      expect(result.winners).toEqual([told.winner]);
    }),
  );
});
