// Counting ranked ballots round by round, each round with what was decided, why, and where the votes went. What the methods have in
// common stands here: heaps of ballots, threshold, transfer, the four ways for a ballot to become inactive. What they differ in, who
// is elected and who goes, is in instantRunoff.ts, singleTransferableVote.ts, bottomsUp.ts and aboveShare.ts.
import type { RankedBallots } from './ballots.ts';
import { decideAboveShare } from './aboveShare.ts';
import { decideBottomsUp } from './bottomsUp.ts';
import { decimal, units, type Decimal } from './decimal.ts';
import { decideInstantRunoff } from './instantRunoff.ts';
import { inactiveReasons, isBlank, nextChoice, type BallotRules, type InactiveReason } from './nextChoice.ts';
import type { RankedRules } from './rankedRules.ts';
import { decideTransferableVote } from './singleTransferableVote.ts';
import { tieBreaker, type Choosing, type Tie } from './ties.ts';

export interface RankedResult {
  /** In the order in which they were elected. */
  readonly winners: readonly string[];
  readonly candidates: readonly string[];
  /** Ballots with the contest, and how many of them mark nobody: those have no part in any round. */
  readonly ballots: number;
  readonly undervotes: number;
  readonly rounds: readonly Round[];
  /** The count could not go on: these are tied, and nobody has drawn the lot. */
  readonly undecided?: { readonly choosing: Choosing; readonly among: readonly string[] };
}

export interface Round {
  readonly round: number;
  readonly threshold: Decimal;
  /** Of those continuing and those elected, in the order of the candidates. */
  readonly tally: readonly Votes[];
  readonly decisions: readonly Decision[];
  /** Votes that count for nobody when the round begins. */
  readonly inactive: Readonly<Record<InactiveReason, Decimal>>;
  /** Votes of the last winners' surplus that found no candidate: they are not counted among the inactive. */
  readonly finalRoundSurplus?: Decimal;
}

export interface Votes {
  readonly candidate: string;
  readonly votes: Decimal;
}

export interface Decision {
  readonly candidate: string;
  readonly what: 'elected' | 'eliminated';
  readonly because: Because;
  readonly tie?: Tie;
  /** Where the votes went: who was transferred to whom. Only what is not 0. */
  readonly transfers: readonly Votes[];
  readonly exhausted: Decimal;
  /** What the cutting off of fractions left over: it counts for nobody from now on. */
  readonly residual: Decimal;
}

export type Because =
  /** Elected: reached the threshold; more votes than the other of two; as many seats as candidates; above the share. */
  | 'threshold'
  | 'lastTwo'
  | 'seatsForAll'
  | 'share'
  /** Eliminated: undeclared write-ins; under the minimum; cannot catch up; fewest votes; under the share. */
  | 'undeclared'
  | 'minimum'
  | 'cannotCatchUp'
  | 'fewest'
  | 'underShare';

/** What a method decides upon: the standing at the beginning of a round. Candidates are indexes. */
export interface Standing {
  readonly rules: RankedRules;
  readonly threshold: bigint;
  /** 10^places: the units of one vote. */
  readonly one: bigint;
  /** Neither elected nor eliminated. */
  readonly continuing: readonly number[];
  readonly electedBefore: number;
  readonly undeclared: number | undefined;
  readonly votes: (candidate: number) => bigint;
  /** Whether the first choices alone reached the threshold of the first round. */
  readonly hadFirstChoices: (candidate: number) => boolean;
  /** The one chosen of those tied; alone, there is no tie. Throws Undecided. */
  readonly choose: (
    choosing: Choosing,
    among: readonly number[],
  ) => { readonly candidate: number; readonly tie?: Tie };
}

export interface Choice {
  readonly candidate: number;
  readonly what: Decision['what'];
  readonly because: Because;
  readonly tie?: Tie;
}

export interface Decided {
  readonly choices: readonly Choice[];
  /** 'now': this round is the last and nothing is transferred. 'afterTransfer': the next round shows the last transfer and decides nothing. */
  readonly ends?: 'now' | 'afterTransfer';
}

/** A tie that only people can decide. */
export class Undecided extends Error {
  readonly choosing: Choosing;
  readonly among: readonly string[];
  constructor(choosing: Choosing, among: readonly string[]) {
    super('tied');
    this.choosing = choosing;
    this.among = among;
  }
}

const methods = {
  instantRunoff: decideInstantRunoff,
  sequential: decideInstantRunoff,
  singleTransferableVote: decideTransferableVote,
  bottomsUp: decideBottomsUp,
  aboveShare: decideAboveShare,
} as const;

/** Counts one contest for one set of seats. (`sequential` counts one seat here: see sequential.ts.) */
export function countRounds(ballots: RankedBallots, rules: RankedRules): RankedResult {
  const heaps = new Heaps(ballots, rules);
  const names = ballots.candidates.map((c) => c.name);
  const decide = methods[rules.method.kind];
  const rounds: Round[] = [];
  const winners: string[] = [];
  const history: (readonly bigint[])[] = [];
  const breakTie = tieBreaker(rules.ties, names, () =>
    history.toReversed().map((votes) => (name: string) => votes[names.indexOf(name)]!),
  );
  const undeclared = ballots.candidates.findIndex((c) => c.undeclared);
  let threshold = 0n;
  let firstThreshold = 0n;
  let ending: Decided['ends'];

  for (;;) {
    if (rounds.length === 0 || (movesThreshold(rules) && winners.length === 0))
      threshold = thresholdOf(heaps.active(), rules, heaps.one);
    if (rounds.length === 0) firstThreshold = threshold;
    const standing: Standing = {
      rules,
      threshold,
      one: heaps.one,
      continuing: heaps.continuing(),
      electedBefore: winners.length,
      undeclared: undeclared === -1 ? undefined : undeclared,
      votes: (c) => heaps.votes[c]!,
      hadFirstChoices: (c) => (history[0] ?? heaps.votes)[c]! >= firstThreshold,
      choose: (choosing, among) => {
        if (among.length === 1) return { candidate: among[0]! };
        const tied = among.map((c) => names[c]!);
        const tie = breakTie(choosing, tied);
        if (tie === undefined) throw new Undecided(choosing, tied);
        return { candidate: names.indexOf(tie.chosen), tie };
      },
    };
    let decided: Decided = { choices: [] };
    let undecided: RankedResult['undecided'];
    if (ending === undefined) {
      try {
        decided = decide(standing);
      } catch (error) {
        if (!(error instanceof Undecided)) throw error;
        undecided = { choosing: error.choosing, among: error.among };
      }
    }
    history.push([...heaps.votes]);
    const before = heaps.report();
    const stops =
      ending !== undefined ||
      undecided !== undefined ||
      decided.choices.length === 0 ||
      decided.ends === 'now' ||
      rules.stopAfterRound === rounds.length + 1;
    const decisions = stops
      ? decided.choices.map((choice) => untransferred(choice, names))
      : heaps.transfer(decided.choices, threshold, decided.ends === 'afterTransfer');
    for (const choice of decided.choices)
      if (choice.what === 'elected') winners.push(names[choice.candidate]!);
    rounds.push({
      round: rounds.length + 1,
      threshold: decimal(threshold, heaps.places),
      ...before,
      decisions,
    });
    if (stops) {
      return {
        winners,
        candidates: names,
        ballots: heaps.ballots,
        undervotes: heaps.undervotes,
        rounds,
        ...(undecided === undefined ? {} : { undecided }),
      };
    }
    ending = decided.ends;
  }
}

/**
 * The same rounds for a part of the ballots (a precinct, a batch): who was elected and eliminated is what the whole contest decided, the tallies
 * and transfers are the part's. A winner keeps here what was not passed on, so parts add up to the whole but for what is cut off.
 */
export function roundsOfPart(part: RankedBallots, whole: RankedResult, rules: RankedRules): RankedResult {
  const heaps = new Heaps(part, rules);
  const names = part.candidates.map((c) => c.name);
  const rounds = whole.rounds.map((round, r): Round => {
    const before = heaps.report();
    const next = whole.rounds[r + 1];
    const choices = round.decisions.map((d): Choice => ({ ...d, candidate: names.indexOf(d.candidate) }));
    const threshold = units(round.threshold, heaps.places);
    const wholeVotes = (c: number): bigint =>
      units(round.tally.find((v) => v.candidate === names[c])!.votes, heaps.places);
    const decisions =
      next === undefined
        ? choices.map((choice) => untransferred(choice, names))
        : heaps.transfer(choices, threshold, next.finalRoundSurplus !== undefined, wholeVotes);
    return { round: round.round, threshold: round.threshold, ...before, decisions };
  });
  return {
    winners: whole.winners,
    candidates: names,
    ballots: heaps.ballots,
    undervotes: heaps.undervotes,
    rounds,
  };
}

const untransferred = ({ candidate, what, because, tie }: Choice, names: readonly string[]): Decision => ({
  candidate: names[candidate]!,
  what,
  because,
  ...(tie === undefined ? {} : { tie }),
  transfers: [],
  exhausted: '0',
  residual: '0',
});

/** One winner, or a share of the votes: of what is active now, unless the rules say the first round. */
const movesThreshold = ({ method, thresholdFrom }: RankedRules): boolean =>
  thresholdFrom === 'eachRound' && method.kind !== 'singleTransferableVote' && method.kind !== 'bottomsUp';

function thresholdOf(active: bigint, rules: RankedRules, one: bigint): bigint {
  const { method } = rules;
  if (method.kind === 'aboveShare')
    return (active * BigInt(method.share.numerator)) / BigInt(method.share.denominator);
  const single = method.kind === 'instantRunoff' || method.kind === 'sequential';
  const parts = single ? 2n : BigInt(rules.quota === 'hare' ? rules.seats : rules.seats + 1);
  return rules.quotaRounding === 'fractional' && !single
    ? active / parts + 1n
    : (active / parts / one + 1n) * one;
}

/** How many places the votes of a count have: whole where nothing is passed on in fractions; those of a percentage. */
const placesOf = ({ method, places }: RankedRules): number =>
  method.kind === 'singleTransferableVote' ? places : method.kind === 'aboveShare' ? Math.max(places, 4) : 0;

/** The ballots in heaps, one for each candidate, as they would lie on a table. */
class Heaps {
  readonly places: number;
  readonly one: bigint;
  readonly ballots: number;
  readonly undervotes: number;
  /** By candidate, in units: of those continuing and elected. */
  readonly votes: bigint[];
  readonly #given: RankedBallots;
  readonly #rules: BallotRules;
  readonly #passesSurplus: boolean;
  readonly #state: ('continuing' | 'elected' | 'out')[];
  readonly #continues: Uint8Array;
  /** By candidate, the rankings in the heap; by ranking, what one ballot of it is worth. */
  readonly #heap: number[][];
  readonly #worth: bigint[];
  readonly #inactive: Record<InactiveReason, bigint> = {
    exhaustedChoices: 0n,
    overvotes: 0n,
    repeatedRankings: 0n,
    skippedRankings: 0n,
  };
  #finalSurplus: bigint | undefined;

  constructor(given: RankedBallots, rules: RankedRules) {
    const { candidates, rankings, counts } = given;
    this.#given = given;
    this.places = placesOf(rules);
    this.#passesSurplus = rules.method.kind === 'singleTransferableVote';
    this.one = 10n ** BigInt(this.places);
    this.#rules = {
      overvotes: rules.overvotes,
      skippedRanks: rules.skippedRanks === 'unlimited' ? Infinity : rules.skippedRanks,
      exhaustOnDuplicate: rules.duplicates === 'exhaust',
      maxRankings:
        rules.maxRankings === 'all' ? candidates.filter((c) => !c.undeclared).length : rules.maxRankings,
    };
    this.#state = candidates.map((c) => (rules.excluded.includes(c.name) ? 'out' : 'continuing'));
    this.#continues = Uint8Array.from(this.#state, (s) => (s === 'continuing' ? 1 : 0));
    this.#heap = candidates.map(() => []);
    this.votes = candidates.map(() => 0n);
    this.#worth = rankings.map(() => this.one);
    let [ballots, undervotes] = [0, 0];
    for (let i = 0; i < rankings.length; i++) {
      ballots += counts[i]!;
      if (isBlank(rankings[i]!, this.#rules.maxRankings)) undervotes += counts[i]!;
      else this.#lay(i, BigInt(counts[i]!) * this.one);
    }
    this.ballots = ballots;
    this.undervotes = undervotes;
  }

  continuing(): number[] {
    return this.#state.flatMap((s, c) => (s === 'continuing' ? [c] : []));
  }

  /** The votes of all who are in the count or elected. */
  active(): bigint {
    return this.votes.reduce((sum, v, c) => (this.#state[c] === 'out' ? sum : sum + v), 0n);
  }

  report(): Pick<Round, 'tally' | 'inactive' | 'finalRoundSurplus'> {
    const text = (n: bigint): Decimal => decimal(n, this.places);
    const { exhaustedChoices, overvotes, repeatedRankings, skippedRankings } = this.#inactive;
    return {
      tally: this.votes.flatMap((v, c) =>
        this.#state[c] === 'out' ? [] : [{ candidate: this.#given.candidates[c]!.name, votes: text(v) }],
      ),
      inactive: {
        exhaustedChoices: text(exhaustedChoices),
        overvotes: text(overvotes),
        repeatedRankings: text(repeatedRankings),
        skippedRankings: text(skippedRankings),
      },
      ...(this.#finalSurplus === undefined ? {} : { finalRoundSurplus: text(this.#finalSurplus) }),
    };
  }

  /**
   * Carries out what was decided. All of one round leave the count before the first ballot moves.
   * @param whole the votes of a winner in the whole contest, where these are a part's heaps.
   */
  transfer(
    choices: readonly Choice[],
    threshold: bigint,
    last: boolean,
    whole?: (candidate: number) => bigint,
  ): Decision[] {
    for (const { candidate, what } of choices) {
      // With one winner, or where nothing is passed on, the elected stay in the count and gather votes.
      if (what === 'elected' && !this.#passesSurplus) continue;
      this.#state[candidate] = what === 'elected' ? 'elected' : 'out';
      this.#continues[candidate] = 0;
    }
    if (last) {
      // All seats are filled: the last surplus has nobody to go to, and is shown apart.
      this.#finalSurplus = 0n;
      this.#continues.fill(0);
    }
    return choices.map((choice) => {
      const c = choice.candidate;
      const [heap, held] = [this.#heap[c]!, this.votes[c]!];
      const to = new Map<number, bigint>();
      let [moved, exhausted, residual] = [0n, 0n, 0n];
      let fraction: bigint | undefined;
      if (choice.what === 'elected') {
        // Surplus fraction = surplus ÷ the winner's votes, cut off.
        const votes = whole?.(c) ?? held;
        fraction = this.#passesSurplus && votes > threshold ? ((votes - threshold) * this.one) / votes : 0n;
      }
      if (fraction !== 0n) {
        this.#heap[c] = [];
        for (const i of heap) {
          if (fraction !== undefined) this.#worth[i] = (this.#worth[i]! * fraction) / this.one;
          const amount = BigInt(this.#given.counts[i]!) * this.#worth[i]!;
          const next = this.#lay(i, amount, last && fraction !== undefined);
          moved += amount;
          if (next < 0) exhausted += amount;
          else to.set(next, (to.get(next) ?? 0n) + amount);
        }
        this.votes[c] = held - moved;
        if (fraction !== undefined && whole === undefined) {
          residual = held - threshold - moved;
          this.votes[c] = threshold;
        }
      }
      const text = (n: bigint): Decimal => decimal(n, this.places);
      return {
        ...untransferred(
          choice,
          this.#given.candidates.map((x) => x.name),
        ),
        transfers: [...to]
          .filter(([, n]) => n > 0n)
          .sort(([a], [b]) => a - b)
          .map(([next, n]) => ({ candidate: this.#given.candidates[next]!.name, votes: text(n) })),
        exhausted: text(exhausted),
        residual: text(residual),
      };
    });
  }

  /** Puts ranking `i` on the heap it belongs to now; the candidate, or below 0 why there is none. */
  #lay(i: number, amount: bigint, asFinalSurplus = false): number {
    const next = nextChoice(this.#given.rankings[i]!, this.#continues, this.#rules);
    if (next >= 0) {
      this.#heap[next]!.push(i);
      this.votes[next]! += amount;
    } else if (asFinalSurplus) this.#finalSurplus = (this.#finalSurplus ?? 0n) + amount;
    else this.#inactive[reasonOf(next)] += amount;
    return next;
  }
}

function reasonOf(code: number): InactiveReason {
  for (const [reason, n] of Object.entries(inactiveReasons)) if (n === code) return reason as InactiveReason;
  throw new RangeError(`no reason ${code}`);
}
