// All the checks, in the order in which a canvass board would ask: does the record hold; who won; does everything add up; is anything there twice;
// was the audit what it says; and what nobody here can tell.
import { noEvidenceOf, type Evidence, type RecordFacts } from '../record/index.ts';
import { auditIsWhatItSays, auditStartedFromCertified, seedWithoutPattern } from './statedAudit.ts';
import { assessedAgain, certificateSaysOutcome } from './assessedAgain.ts';
import { handCountedCards } from './ballotsAndCards.ts';
import { batchNamesExact, batchNamesFolded, batchRangesApart } from './batchNames.ts';
import { batchesAddUp, countyTotalsAddUp } from './batchTotals.ts';
import { cvrChecks, noRareStyles } from './castVoteRecords.ts';
import { differencesBelowMargin, equalCounts, marginVariation, sameWinner } from './countsCompared.ts';
import { finding, type Check, type Finding } from './finding.ts';
import { everyJurisdictionCounted, resultsAddUp } from './machineTotals.ts';
import {
  checkInsEqualBallots,
  mediaLoadedOnce,
  paperBehindBallots,
  sealedBeforeSeed,
  votersCredited,
} from './missingInputs.ts';
import { emptyBatches, repeatedTallies, unanimousBatches } from './oddBatches.ts';
import { onlyDrawnRead, readByTwoParties } from './paperRead.ts';
import { sampleDrawnAgain } from './sampleDrawnAgain.ts';
import { batchTotalsEqualResults, sealsOpened } from './sealedInputs.ts';
import { recordChecks } from './recordIntegrity.ts';
import { statedFigures } from './statedFigures.ts';

export const electionChecks: readonly Check[] = [
  sameWinner,
  differencesBelowMargin,
  equalCounts,
  marginVariation,
  everyJurisdictionCounted,
  batchesAddUp,
  countyTotalsAddUp,
  resultsAddUp,
  handCountedCards,
  batchNamesExact,
  batchNamesFolded,
  batchRangesApart,
  repeatedTallies,
  unanimousBatches,
  emptyBatches,
  ...cvrChecks,
  noRareStyles,
  sealsOpened,
  batchTotalsEqualResults,
  sampleDrawnAgain,
  onlyDrawnRead,
  readByTwoParties,
  assessedAgain,
  certificateSaysOutcome,
  auditIsWhatItSays,
  seedWithoutPattern,
  sealedBeforeSeed,
  auditStartedFromCertified,
  statedFigures,
  votersCredited,
  checkInsEqualBallots,
  mediaLoadedOnce,
  paperBehindBallots,
];

export { cvrChecks, recordChecks };
export const allChecks: readonly Check[] = [...recordChecks, ...electionChecks];

/** Every finding of every check. From a record of which nothing could be folded, only the checks of the record can tell anything. */
export function checkEvidence(evidence: Evidence | RecordFacts): Finding[] {
  if ('election' in evidence) return allChecks.flatMap((check) => check.run(evidence));
  const nothing = {
    ...noEvidenceOf({ name: '', date: '', jurisdictions: [], contests: [] }),
    record: evidence,
  };
  return [
    ...recordChecks.flatMap((check) => check.run(nothing)),
    ...electionChecks.map((check) => finding(check, 'cannot tell', { code: 'no-election' })),
  ];
}
