// A ballot-polling audit run with Arlo, computed again from its report: the size of the first round and the risk after each, from the reported votes
// and the votes that each round's cards showed. By BRAVO, Minerva or Providence, as the report says; a contest of several pairs has the risk of the
// worst. Which cards the seed draws would need the manifests and the cards' own section, and is not told.
//
// No such report is among the files at hand: its sections and titles are taken from the tool's public documentation and the report of Georgia 2020,
// and tests run on reports made up in that form, with figures from the papers.
import { bravoAsn, bravoRisk, bravoRoundSize, minerva, nextRoundSize, providence } from '../risk/index.ts';
import type { StatedAudit, StatedContest, StatedRound } from '../stated/index.ts';
import { risksItem } from './replayBatches.ts';
import type { ReplayItem } from './replay.ts';

export function replayPolling(stated: StatedAudit): ReplayItem[] {
  return stated.contests.filter((c) => c.targeted).flatMap((contest) => contestItems(contest, stated));
}

/** A reported winner and loser, by their names. */
export interface StatedPair {
  readonly names: readonly [string, string];
  readonly winner: number;
  readonly loser: number;
}

function contestItems(contest: StatedContest, stated: StatedAudit): ReplayItem[] {
  const about = { contest: contest.contest };
  const missing = (of: ReplayItem['of'], code: string): ReplayItem => ({ of, ...about, word: 'missing input', code, units: [] }); // oxfmt-ignore
  const both = (code: string): ReplayItem[] => [missing('sample-size', code), missing('risk', code)];
  const pairs = pairsOf(contest);
  if (pairs === undefined) return both('tied-or-uncontested');
  const method = ({ BRAVO: 'BRAVO', MINERVA: 'Minerva', PROVIDENCE: 'Providence' } as const)[(stated.auditMath ?? '').toUpperCase()]; // oxfmt-ignore
  if (method === undefined) return both('method-not-replayed');
  const alpha = limitOf(stated);
  const rounds = stated.rounds.filter((r) => r.contest === contest.contest);
  if (alpha === undefined) return both('risk-limit-and-size');
  const told = rounds.filter((r) => r.pValue !== undefined);
  const risk =
    told.length === 0
      ? missing('risk', 'stated-risk')
      : told.some((r) => r.audited.length === 0)
        ? missing('risk', 'votes-of-each-round')
        : risksItem(about, told, (round) => worstRisk(pairs, rounds, round, method, alpha));
  return [
    firstSize(about, contest, pairs, rounds, method, alpha),
    risk,
    missing('draw', 'cards-and-manifests'),
  ];
}

/** "5%" by the decimal as written: 0.05 and not the double next to it. */
export function limitOf({ riskLimit = '' }: StatedAudit): number | undefined {
  const limit = /^(\d+(?:\.\d+)?)%$/.exec(riskLimit)?.[1];
  return limit === undefined ? undefined : Number(`${limit}e-2`);
}

export function pairsOf({ tabulated, winners = 1 }: StatedContest): StatedPair[] | undefined {
  const order = tabulated.toSorted((a, b) => b.votes - a.votes);
  const pairs = order.slice(0, winners).flatMap(
    (w) =>
    order.slice(winners).map((l): StatedPair => ({ names: [w.name, l.name], winner: w.votes, loser: l.votes })), // oxfmt-ignore
  );
  return pairs.length === 0 || pairs.some((p) => p.winner <= p.loser) ? undefined : pairs;
}

type PollingMath = 'BRAVO' | 'Minerva' | 'Providence';

function worstRisk(
  pairs: readonly StatedPair[],
  rounds: readonly StatedRound[],
  upTo: number,
  method: PollingMath,
  alpha: number,
): number {
  return Math.max(
    ...pairs.map(({ names: [w, l], winner, loser }) => {
      let [n, k] = [0, 0];
      const cumulative = rounds
        .filter((r) => r.round <= upTo)
        .map((r) => {
          const votes = (name: string): number => r.audited.find((v) => v.name === name)?.votes ?? 0;
          k += votes(w);
          n += votes(w) + votes(l);
          return { n, k };
        });
      if (method === 'BRAVO') return bravoRisk({ winner, loser }, { winner: k, loser: n - k });
      const rule = { p1: winner / (winner + loser), reported: { winner, loser }, alpha };
      return (method === 'Minerva' ? minerva : providence)(rule, cumulative).at(-1)?.p ?? 1;
    }),
  );
}

/** The first size is the office's choice among the tool's: the average sample number, or enough in 70, 80 or 90 cases of a hundred. */
function firstSize(
  about: Pick<ReplayItem, 'contest'>,
  contest: StatedContest,
  pairs: readonly StatedPair[],
  rounds: readonly StatedRound[],
  method: PollingMath,
  alpha: number,
): ReplayItem {
  const stated = rounds.find((r) => r.round === 1)?.sampleSize;
  const cards = contest.totalBallotsCast;
  if (stated === undefined || cards === undefined)
    return { of: 'sample-size', ...about, word: 'missing input', code: 'risk-limit-and-size', units: [] };
  // Ballots for either of the two, in cards of the whole.
  const inCards = (pair: StatedPair, n: number): number =>
    Math.ceil((n * cards) / (pair.winner + pair.loser));
  const sizes = (of: (pair: StatedPair) => number): number =>
    Math.max(...pairs.map((p) => inCards(p, of(p))));
  const options = [
    ...(method === 'BRAVO' ? [sizes((p) => bravoAsn(p, alpha))] : []),
    ...[0.7, 0.8, 0.9].map((q) =>
      sizes(
        (p) =>
        method === 'BRAVO'
          ? bravoRoundSize(p, alpha, q)
          : nextRoundSize({ p1: p.winner / (p.winner + p.loser), alpha }, method === 'Minerva' ? 'minerva' : 'providence', [], q), // oxfmt-ignore
      ),
    ),
  ];
  // The offices may also choose a size of their own, so that another one is no fault of the arithmetic.
  const is = options.includes(stated);
  return { of: 'sample-size', ...about, word: is ? 'reproduced' : 'cannot tell', ...(is ? {} : { code: 'size-of-choice' }), stated: `${stated}`, recomputed: options.join(', '), units: [] }; // oxfmt-ignore
}
