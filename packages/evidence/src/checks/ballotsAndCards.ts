// As many cards counted by hand as ballots cast? Cards and ballots are different things: where a ballot has two sheets, a hand count of
// every sheet finds more cards than ballots, and the second ones blank in the contest (field guide, F6; Gwinnett County 2020).
import { totalsByJurisdiction } from '../paper/index.ts';
import { explanationsOf, figure, finding, type Check, type UnitConcerned } from './finding.ts';

export const handCountedCards: Check = {
  id: 'hand-counted-cards',
  of: 'election',
  run: (evidence) => {
    if (evidence.handCounts.length === 0)
      return [finding(handCountedCards, 'cannot tell', { code: 'no-hand-count' })];
    return evidence.handCounts.map(({ value: hand, sources }) => {
      const cast = evidence.ballotsCast.find((b) => b.value.contest === hand.contest);
      if (cast === undefined)
        return finding(handCountedCards, 'cannot tell', {
          contest: hand.contest,
          code: 'no-ballots-cast',
          read: sources,
        });
      const counted = new Map(
        totalsByJurisdiction(hand).map((sum, i) => [hand.jurisdictions[i]!, sum.reduce((a, b) => a + b, 0)]),
      );
      const blank = hand.columns.findIndex((c) => c.kind === 'blank');
      const blanks = new Map(
        totalsByJurisdiction(hand).map((sum, i) => [hand.jurisdictions[i]!, blank < 0 ? 0 : sum[blank]!]),
      );
      const units: UnitConcerned[] = [];
      let [ballots, cards, net, gross, equal, withinTen] = [0, 0, 0, 0, 0, 0];
      for (const row of cast.value.rows) {
        const byHand = counted.get(row.jurisdiction);
        if (byHand === undefined) continue;
        const difference = byHand - row.ballots;
        ballots += row.ballots;
        cards += byHand;
        net += difference;
        gross += Math.abs(difference);
        if (difference === 0) equal += 1;
        if (Math.abs(difference) <= 10) withinTen += 1;
        if (difference !== 0)
          units.push({
            jurisdiction: row.jurisdiction,
            // A tenth more cards than ballots, and as many blank ones as nine tenths of the surplus: what second cards look like.
            ...(difference > 0 &&
            difference * 10 > row.ballots &&
            blanks.get(row.jurisdiction)! * 10 >= difference * 9
              ? { code: 'second-cards' }
              : {}),
            figures: [
              figure('difference', difference, 'cards'),
              figure('counted', byHand, 'cards'),
              figure('ballots', row.ballots, 'ballots'),
              figure('blank', blanks.get(row.jurisdiction)!, 'cards'),
            ],
          });
      }
      const explained = evidence.explanations.filter(
        (e) => e.check === handCountedCards.id && e.accountsFor?.unit === 'cards',
      );
      const explainedCards = explained.reduce((n, e) => n + e.accountsFor!.value, 0);
      const figures = [
        figure('ballots', ballots, 'ballots'),
        figure('counted', cards, 'cards'),
        figure('net', net, 'cards'),
        figure('gross', gross, 'cards'),
        figure('units', units.length, 'jurisdictions'),
        figure('equal', equal, 'jurisdictions'),
        figure('withinTen', withinTen, 'jurisdictions'),
        ...(explainedCards === 0
          ? []
          : [
              figure('explained', explainedCards, 'cards'),
              ...afterExplanation(units, explained, net, gross),
            ]),
      ];
      const base = { contest: hand.contest, read: [...sources, ...cast.sources], figures };
      return units.length === 0
        ? finding(handCountedCards, 'holds', base)
        : finding(handCountedCards, 'fails', {
            ...base,
            code: 'differ',
            units: units.toSorted((a, b) => Math.abs(b.figures[0]!.value) - Math.abs(a.figures[0]!.value)),
            explainedBy: explanationsOf(evidence, handCountedCards.id, hand.contest),
          });
    });
  },
};

/** Net and gross once the explained cards are set aside, jurisdiction by jurisdiction: what is left to explain. */
function afterExplanation(
  units: readonly UnitConcerned[],
  explained: readonly { readonly jurisdiction?: string; readonly accountsFor?: { readonly value: number } }[],
  net: number,
  gross: number,
): ReturnType<typeof figure>[] {
  let [netLeft, grossLeft] = [net, gross];
  for (const e of explained) {
    const unit = units.find((u) => u.jurisdiction === e.jurisdiction);
    if (unit === undefined) continue;
    const before = unit.figures[0]!.value;
    const after = before - e.accountsFor!.value;
    netLeft += after - before;
    grossLeft += Math.abs(after) - Math.abs(before);
  }
  return [figure('netUnexplained', netLeft, 'cards'), figure('grossUnexplained', grossLeft, 'cards')];
}
