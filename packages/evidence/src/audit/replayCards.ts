// A ballot comparison run with Arlo (card comparison by super-simple Kaplan-Markov, Stark 2010), as far as its report allows: the size of the first
// round from the reported votes. The risk needs each drawn card's reading beside its record. The shape of that section is in no public documentation
// and in no report at hand, so that the risk is refused by name and not guessed at.
import { drawsFromRates, GAMMA, optimisticDraws, usualRates } from '../risk/index.ts';
import type { StatedAudit, StatedContest } from '../stated/index.ts';
import type { ReplayItem } from './replay.ts';
import { limitOf, pairsOf } from './replayPolling.ts';

export const replayCards = (stated: StatedAudit): ReplayItem[] =>
  stated.contests.filter((c) => c.targeted).flatMap((contest) => contestItems(contest, stated));

function contestItems(contest: StatedContest, stated: StatedAudit): ReplayItem[] {
  const about = { contest: contest.contest };
  const missing = (of: ReplayItem['of'], code: string): ReplayItem => ({ of, ...about, word: 'missing input', code, units: [] }); // oxfmt-ignore
  const isSuperSimple = (stated.auditMath ?? '').toUpperCase() === 'SUPERSIMPLE';
  return [
    isSuperSimple ? firstSize(contest, stated) : missing('sample-size', 'method-not-replayed'),
    missing('risk', 'section-of-cards'),
    missing('draw', 'cards-and-manifests'),
  ];
}

/** Either with the discrepancies that the tool expects beforehand, or with none (Stark 2010, section 4; the tool rounds as risk/superSimple.ts says). */
function firstSize(contest: StatedContest, stated: StatedAudit): ReplayItem {
  const about = { of: 'sample-size', contest: contest.contest, units: [] } as const;
  const said = stated.rounds.find((r) => r.round === 1 && r.contest === contest.contest)?.sampleSize;
  const { totalBallotsCast: cards } = contest;
  const alpha = limitOf(stated);
  if (said === undefined || cards === undefined || alpha === undefined)
    return { ...about, word: 'missing input', code: 'risk-limit-and-size' };
  const pairs = pairsOf(contest);
  if (pairs === undefined) return { ...about, word: 'missing input', code: 'tied-or-uncontested' };
  const margin = Math.min(...pairs.map((p) => p.winner - p.loser));
  const diluted = { margin, cards, gamma: GAMMA };
  const options = [
    drawsFromRates(diluted, alpha, usualRates),
    optimisticDraws(diluted, alpha, { o1: 0, o2: 0, u1: 0, u2: 0 }),
  ];
  // The offices may also choose a size of their own, so that another one is no fault of the arithmetic.
  const is = options.includes(said);
  return { ...about, word: is ? 'reproduced' : 'cannot tell', ...(is ? {} : { code: 'size-of-choice' }), stated: `${said}`, recomputed: options.join(', ') }; // oxfmt-ignore
}
