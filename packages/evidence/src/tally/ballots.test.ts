// Ballots from columns are the ballots that the cards say, one by one; parts add up to the whole.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  cardsWith,
  ChunkBuilder,
  CvrCollector,
  cvrChoice,
  cvrContest,
  emptyNames,
  severalUnnamed,
  voteCodes,
} from '../cvr/index.ts';
import { BallotBox, ballotsFromCvrs, decodeRanks, union, type RankedBallots } from './ballots.ts';

const mark = fc.record({
  rank: fc.integer({ min: 1, max: 4 }),
  choice: fc.constantFrom(0, 1, 2, 3, severalUnnamed),
});
const card = fc.record({
  code: fc.constantFrom(
    0,
    2,
    ...Object.values(voteCodes),
    voteCodes.listed,
    voteCodes.listed,
    voteCodes.listed,
  ),
  marks: fc.array(mark, { maxLength: 5 }),
  weight: fc.integer({ min: 1, max: 3 }),
  precinct: fc.constantFrom('', 'P', 'Q'),
});

const sorted = ({ rankings, counts }: RankedBallots): unknown =>
  rankings.map((r, i) => `${JSON.stringify(decodeRanks(r))} ${counts[i]}`).sort();

test('the quick way through the columns and the way card by card agree', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(card, { maxLength: 30 }), async (cards) => {
      const contest = cvrContest('M', 1, 4);
      contest.choices.push(
        ...['Ann', 'Bo', 'Cy'].map((n) => cvrChoice(n)),
        cvrChoice('Write-in', { writeIn: 'line' }),
      );
      const builder = new ChunkBuilder(
        { election: '', format: 'test', contests: [contest], names: emptyNames() },
        7,
      );
      const all = new CvrCollector();
      all.begin(builder.header);
      for (const { code, marks, weight, precinct } of cards) {
        if (builder.full) await builder.deliver(all);
        builder.card();
        builder.weight(weight);
        builder.attribute('precinct', builder.code('precinct', precinct));
        builder.vote(0, code);
        if (code < voteCodes.blank)
          for (const m of marks.toSorted((a, b) => a.rank - b.rank)) builder.mark(0, m.choice, m.rank);
      }
      await builder.deliver(all);
      const cvrs = all.cvrs!;
      const { all: quick, parts } = ballotsFromCvrs(cvrs, 0, { by: 'precinct' });
      const box = new BallotBox(quick.candidates);
      for (const { vote, weight } of cardsWith(cvrs, 0))
        if (vote.kind === 'ranking') box.add(vote.ranks, weight);
        else if (vote.kind === 'votes') box.add([vote.choices], weight);
        else if (vote.kind === 'overvoted') {
          const named = new Set(vote.choices.filter((c) => c !== severalUnnamed));
          box.add([named.size > 1 ? [...named] : 'several'], weight);
        } else box.add([], weight);
      expect(sorted(quick)).toEqual(sorted(box.ballots()));
      if (parts.size > 0) expect(sorted(union([...parts.values()]))).toEqual(sorted(quick));
    }),
  );
});

test('ballots of different candidates do not add', () => {
  const of = (name: string): RankedBallots => new BallotBox([{ name }]).ballots();
  expect(() => union([of('Ann'), of('Bo')])).toThrow(RangeError);
});
