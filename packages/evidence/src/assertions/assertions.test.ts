import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Contest, VotingRule } from '../election/index.ts';
import { choiceId, contestId } from '../election/index.ts';
import type { Claim, ContestAssertions } from './index.ts';
import { highestAverages } from '../tally/index.ts';
import { assertionsFor, seatsWithTies } from './index.ts';

const contest = (choices: number, rule: VotingRule): Contest => ({
  id: contestId('contest'),
  name: 'contest',
  choices: Array.from({ length: choices }, (_, i) => ({ id: choiceId(`c${i}`), name: `c${i}` })),
  rule,
});
const plurality = (winners: number, voteFor = winners): VotingRule => ({
  kind: 'plurality',
  voteFor,
  winners,
});
const share = (numerator: number, denominator: number) => ({ numerator, denominator });
const audit = (rule: VotingRule, votes: number[], cards = 1000): ContestAssertions =>
  assertionsFor(contest(votes.length, rule), { cards, votes });

const words = (claim: Claim): string => {
  switch (claim.kind) {
    case 'moreVotes':
      return `${claim.winner} > ${claim.loser}`;
    case 'aboveShare':
    case 'belowShare':
      return `${claim.choice} ${claim.kind === 'aboveShare' ? '>' : '<'} ${claim.share.numerator}/${claim.share.denominator}`;
    case 'higherAverage':
      return `${claim.winner}/${claim.winnerDivisor} > ${claim.loser}/${claim.loserDivisor}`;
    case 'notEliminatedBefore':
      return `NEB ${claim.winner} ${claim.loser}`;
    case 'notEliminatedNext':
    default:
      return `NEN ${claim.winner} ${claim.loser} ${claim.continuing.join(' ')}`;
  }
};
const claims = (c: ContestAssertions): string[] => (c.ok ? c.assertions.map((a) => words(a.claim)) : []);

describe('the assertions of each rule', () => {
  test('plurality: every winner ahead of every loser', () => {
    expect(claims(audit(plurality(2), [10, 40, 30, 20]))).toEqual([
      'c1 > c3',
      'c1 > c0',
      'c2 > c3',
      'c2 > c0',
    ]);
  });
  test('supermajority: the winner above the share; without one, everybody below it', () => {
    const rule: VotingRule = { kind: 'supermajority', share: share(3, 5) };
    expect(claims(audit(rule, [61, 39]))).toEqual(['c0 > 3/5']);
    expect(claims(audit(rule, [59, 41]))).toEqual(['c0 < 3/5', 'c1 < 3/5']);
  });
  test('threshold: every choice on its side', () => {
    const rule: VotingRule = { kind: 'threshold', share: share(1, 5) };
    expect(claims(audit(rule, [61, 30, 9]))).toEqual(['c0 > 1/5', 'c1 > 1/5', 'c2 < 1/5']);
  });
  test('top two: one above half, or two ahead of the rest and neither above half', () => {
    expect(claims(audit({ kind: 'topTwoRunoff' }, [51, 30, 19]))).toEqual(['c0 > 1/2']);
    expect(claims(audit({ kind: 'topTwoRunoff' }, [49, 31, 20]))).toEqual([
      'c0 > c2',
      'c1 > c2',
      'c0 < 1/2',
      'c1 < 1/2',
    ]);
  });
  test('approval: more marks than choices are no overvote', () => {
    const result = audit({ kind: 'approval', winners: 1 }, [800, 700]);
    expect(result.ok && result.assertions[0]!.margin).toEqual({ numerator: 100, denominator: 1000 });
  });
  test("D'Hondt and Sainte-Laguë: last seats against first missed ones", () => {
    expect(claims(audit({ kind: 'dhondt', seats: 3 }, [60, 35, 5]))).toEqual([
      'c0/2 > c1/2', 'c0/2 > c2/1', 'c1/1 > c0/3', 'c1/1 > c2/1',
    ]); // oxfmt-ignore
    expect(claims(audit({ kind: 'sainteLague', seats: 3 }, [60, 35, 5]))).toEqual([
      'c0/3 > c1/3', 'c0/3 > c2/1', 'c1/1 > c0/5', 'c1/1 > c2/1',
    ]); // oxfmt-ignore
  });
});

describe('the assertions hold exactly for results with the reported outcome', () => {
  /** True if every assertion made for `reported` is true of `actual`. */
  const proved = (rule: VotingRule, reported: number[], actual: number[]): boolean => {
    const made = audit(rule, reported);
    if (!made.ok) return false;
    return made.assertions.every(({ assorter }) => {
      if (assorter.kind !== 'linear') throw new Error('not ranked');
      return assorter.weights.reduce((sum, w, c) => sum + w * actual[c]!, 0) > 0;
    });
  };
  const outcome = (rule: VotingRule, votes: number[]): string => {
    if (rule.kind === 'dhondt' || rule.kind === 'sainteLague')
      return seatsWithTies(highestAverages(votes, rule.seats, rule.kind, rule.threshold)).join(' ');
    const made = audit(rule, votes);
    return made.ok ? made.winners.toSorted().join(' ') : JSON.stringify(made.refusal.code);
  };
  const rules: VotingRule[] = [
    plurality(1),
    plurality(2),
    { kind: 'supermajority', share: share(3, 5) },
    { kind: 'threshold', share: share(1, 4) },
    { kind: 'topTwoRunoff' },
    { kind: 'dhondt', seats: 4 },
    { kind: 'dhondt', seats: 4, threshold: share(1, 5) },
    { kind: 'sainteLague', seats: 5, threshold: share(1, 10) },
  ];
  test.each(rules)('$kind', (rule) => {
    const votes = fc.array(fc.nat(40), { minLength: 4, maxLength: 4 }).filter((v) => v.some((n) => n > 0));
    let confirmed = 0;
    fc.assert(
      fc.property(votes, votes, (reported, actual) => {
        if (!proved(rule, reported, actual)) return;
        confirmed++;
        expect(outcome(rule, actual)).toBe(outcome(rule, reported));
      }),
      { numRuns: 2000 },
    );
    expect(confirmed).toBeGreaterThan(20);
    fc.assert(
      fc.property(votes, (reported) => {
        if (audit(rule, reported).ok) expect(proved(rule, reported, reported)).toBe(true);
      }),
    );
  });
});

describe('what cannot be audited is refused by name', () => {
  const code = (c: ContestAssertions): string | undefined => (c.ok ? undefined : c.refusal.code);
  test('a tied contest, with the comparisons that are tied', () => {
    const tied = audit(plurality(1), [40, 40, 20]);
    expect(tied).toMatchObject({
      ok: false,
      refusal: { code: 'tied-contest', claims: [{ winner: 'c0', loser: 'c1' }] },
    });
    expect(code(audit({ kind: 'topTwoRunoff' }, [50, 30, 20]))).toBe('tied-contest');
    expect(code(audit({ kind: 'dhondt', seats: 3 }, [40, 40, 0]))).toBe('tied-contest');
  });
  test('a contest without votes, and one without a loser', () => {
    expect(code(audit(plurality(1), [0, 0]))).toBe('contest-without-votes');
    expect(code(audit(plurality(1), [7]))).toBe('uncontested');
    expect(code(audit(plurality(2), [7, 3]))).toBe('uncontested');
  });
  test('more cast vote records than cards', () => {
    const c = contest(2, plurality(1));
    expect(assertionsFor(c, { cards: 100, cvrs: 101, votes: [60, 40] })).toEqual({
      ok: false,
      refusal: { code: 'more-cvrs-than-cards', contest: 'contest', cvrs: 101, cards: 100 },
    });
    expect(assertionsFor(c, { cards: 100, cvrs: 100, votes: [60, 40] }).ok).toBe(true);
  });
  test('more votes than cards, and votes for choices that are not there', () => {
    expect(code(audit(plurality(1), [60, 41], 100))).toBe('more-votes-than-cards');
    expect(code(audit(plurality(2), [101, 41, 0], 100))).toBe('more-votes-than-cards');
    expect(code(assertionsFor(contest(3, plurality(1)), { cards: 9, votes: [5, 4] }))).toBe(
      'choices-and-votes-differ',
    );
  });
  test('the single transferable vote: there is no theory for it', () => {
    expect(code(audit({ kind: 'singleTransferableVote', winners: 3 }, [5, 4, 3, 2]))).toBe('not-covered');
  });
});
