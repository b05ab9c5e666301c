// Are a ranked contest's reported rounds those that its cast vote records come to, counted again by another program: the votes of everybody in every
// round, and who was elected and eliminated in it? (Field guide, G.)
import type { RankedResult } from '../tally/index.ts';
import type { RoundStated, StatedRounds } from '../stated/index.ts';
import { explanationsOf, figure, finding, type Check, type Finding, type UnitConcerned } from './finding.ts';

export const roundsEqualReported: Check = {
  id: 'rounds-equal-reported',
  of: 'election',
  run: (evidence) => {
    const { cvrs = [], cvrsNotRead = [], rounds = [], roundsReported = [] } = evidence;
    if (cvrs.length + cvrsNotRead.length === 0)
      return [finding(roundsEqualReported, 'does not apply', { code: 'no-cvrs' })];
    const ranked = cvrs.some(({ value }) =>
      value.tallies.some(({ header }) => header.contests.some((contest) => contest.ranks > 0)),
    );
    if (rounds.length + roundsReported.length === 0 && !ranked && cvrsNotRead.length === 0)
      return [finding(roundsEqualReported, 'does not apply', { code: 'no-ranked-contest' })];
    const [unread] = cvrsNotRead;
    if (rounds.length === 0) {
      const code =
        roundsReported.length > 0
          ? (unread?.code ?? 'rounds-not-counted')
          : ranked || unread === undefined
            ? 'no-rounds-reported'
            : unread.code;
      return [finding(roundsEqualReported, 'cannot tell', { code })];
    }
    return rounds.map(({ value: { contest, stated, counted }, sources }): Finding => {
      const units = roundsDiffer(stated, counted);
      const figures = [
        figure('rounds', stated.rounds.length, 'rounds'),
        figure('differing', units.length, 'rows'),
      ];
      const base = { contest, figures, read: sources };
      if (units.length === 0) return finding(roundsEqualReported, 'holds', base);
      // Where the lot was drawn only people know. What came before it is the same.
      if (counted.undecided !== undefined && units.every((unit) => unit.code === 'other-number-of-rounds'))
        return finding(roundsEqualReported, 'cannot tell', { ...base, code: 'tie-undecided' });
      return finding(roundsEqualReported, 'fails', {
        ...base,
        code: 'rounds-differ',
        units,
        explainedBy: explanationsOf(evidence, roundsEqualReported.id, contest),
      });
    });
  },
};

/** Every difference, round by round. A candidate who is not named in a round has no votes in it. */
export function roundsDiffer({ rounds }: StatedRounds, counted: RankedResult): UnitConcerned[] {
  const units: UnitConcerned[] = [];
  for (const [r, reported] of rounds.entries()) {
    const ours = counted.rounds[r];
    if (ours === undefined) break;
    const found: RoundStated = {
      votes: ours.tally,
      elected: ours.decisions.filter((d) => d.what === 'elected').map((d) => d.candidate),
      eliminated: ours.decisions.filter((d) => d.what === 'eliminated').map((d) => d.candidate),
    };
    units.push(...votesDiffer(`round ${r + 1}`, reported, found));
    // A round that ends in a tie has no decision here.
    if (counted.undecided !== undefined && r === counted.rounds.length - 1) continue;
    const [expected, said] = [decidedIn(withoutStrangers(reported, counted)), decidedIn(found)];
    if (expected !== said)
      units.push({ name: `round ${r + 1}`, code: 'other-decision', expected, found: said, figures: [] });
  }
  if (rounds.length !== counted.rounds.length)
    units.push({
      code: 'other-number-of-rounds',
      expected: `${rounds.length}`,
      found: `${counted.rounds.length}`,
      figures: [],
    });
  return units;
}

function votesDiffer(place: string, reported: RoundStated, found: RoundStated): UnitConcerned[] {
  const of = ({ votes }: RoundStated) => new Map(votes.map((v) => [v.candidate.trim(), plain(v.votes)]));
  const [theirs, ours] = [of(reported), of(found)];
  return [...new Set([...theirs.keys(), ...ours.keys()])].flatMap((candidate): UnitConcerned[] => {
    const [stated, records] = [theirs.get(candidate) ?? '0', ours.get(candidate) ?? '0'];
    return stated === records
      ? []
      : [{ name: `${place}: ${candidate}`, expected: stated, found: records, figures: [] }];
  });
}

/** Whom no record names cannot be eliminated here: a report may have a line for write-ins of which there are none. */
const withoutStrangers = (reported: RoundStated, { candidates }: RankedResult): RoundStated => ({
  ...reported,
  eliminated: reported.eliminated.filter(
    (name) =>
      candidates.includes(name.trim()) ||
      reported.votes.some((v) => v.candidate === name && plain(v.votes) !== '0'),
  ),
});

/** Without zeros at the end of a fraction: the same number is the same text. */
const plain = (votes: string): string => votes.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');

const decidedIn = ({ elected, eliminated }: RoundStated): string =>
  [
    ...elected.map((name) => `${name.trim()} elected`).toSorted(),
    ...eliminated.map((name) => `${name.trim()} eliminated`).toSorted(),
  ].join(', ') || 'nobody';
