// How large must a stratified sample be? By seeded simulation: the strata are sampled in proportion to their cards, the paper is as reported
// (or goes on from what was seen), and discrepancies come at given rates.
//
//   SUITE   judges a whole round. The size that ends with a chance q is found by halving; of a few hundred simulated rounds of one size, put in order
//           by their likelihood at the worst split of the margin, the one at q decides.
//   UI-TS   judges what is drawn so far. Of simulated audits the least T is followed card by card; the size is the least at which a share q of them
//           have reached the limit and stay there at every larger size looked at.
import type { ContestTally } from '../assertions/index.ts';
import { scoreTotal, upperBound, type Assertion } from '../assertions/index.ts';
import {
  adaptive,
  bandsOf,
  binomial,
  comparisonRisk,
  drawWithout,
  hypergeometric,
  kelly,
  pollingRisk,
  STAKE,
  suite,
  type Band,
  type Bettor,
  type ComparisonStratum,
  type Discrepancies,
  type PollingStratum,
  type Random,
  type Rates,
  type Stratum,
  type Vertex,
} from '../risk/index.ts';
import { expectedValues, remaining } from './expectation.ts';
import type { Size } from './outcome.ts';
import type { Population } from './simulate.ts';

/** Cards of all strata, and of each, when n are drawn in proportion to what the strata hold. */
export const inProportion = (tallies: readonly ContestTally[], n: number): number[] => {
  const all = tallies.reduce((sum, t) => sum + t.cards, 0);
  return tallies.map((t) => Math.min(t.cards, Math.ceil((n * t.cards) / all)));
};

export interface Simulated {
  readonly riskLimit: number;
  readonly rates: Rates;
  readonly random: Random;
  readonly runs: number;
}

/** Votes of the assertion's winner and loser in a stratum. */
export function pairIn(a: Assertion, tally: ContestTally): { winner: number; loser: number } {
  if (a.assorter.kind !== 'linear') throw new TypeError('a pair is a plurality assertion');
  const { weights } = a.assorter;
  return {
    winner: tally.votes[weights.indexOf(1)] ?? 0,
    loser: tally.votes[weights.indexOf(-1)] ?? 0,
  };
}

/** The strata of one pair, the samples so far in them. */
export interface SuiteStrata {
  readonly comparison: ComparisonStratum;
  readonly polling: PollingStratum;
}

/** One more round: the size in all, the cards so far with it, that ends in half of all cases, and in nine of ten. */
export function suiteSize({ comparison, polling }: SuiteStrata, s: Simulated): Size {
  const N = comparison.cards + polling.cards;
  const before = comparison.discrepancies.n + polling.sample.n;
  const round = (more: number): SuiteStrata[] => {
    const n1 = Math.ceil((more * comparison.cards) / N);
    const n2 = Math.min(polling.cards - polling.sample.n, Math.ceil((more * polling.cards) / N));
    return Array.from({ length: s.runs }, () => ({
      comparison: { ...comparison, discrepancies: moreErrors(comparison.discrepancies, n1, s) },
      polling: { ...polling, sample: moreVotes(polling, n2, s.random) },
    }));
  };
  const ends = (more: number, q: number): boolean => {
    const runs = round(more);
    const { overstated } = suite(runs[0]!.comparison, runs[0]!.polling);
    const V = comparison.winner - comparison.loser + polling.winner - polling.loser;
    const likelihood = (r: SuiteStrata): number =>
      comparisonRisk(r.comparison, overstated) *
      pollingRisk(r.polling, polling.winner - polling.loser - (V - overstated));
    const order = runs.map((r) => ({ r, q: likelihood(r) })).toSorted((a, b) => a.q - b.q);
    const { r } = order[Math.max(0, Math.ceil(q * runs.length) - 1)]!;
    return suite(r.comparison, r.polling).p <= s.riskLimit;
  };
  const least = (q: number): number => {
    let [low, high] = [0, 64];
    while (before + high < N && !ends(high, q)) [low, high] = [high, 2 * high];
    high = Math.min(high, N - before);
    while (high - low > Math.max(1, 0.002 * high)) {
      const middle = Math.floor((low + high) / 2);
      if (ends(middle, q)) high = middle;
      else low = middle;
    }
    return before + high;
  };
  const [expected, p90] = [least(0.5), least(0.9)];
  return { expected, p90: Math.max(expected, p90), unit: 'cards' };
}

function moreErrors(seen: Discrepancies, n: number, { rates, random }: Simulated): Discrepancies {
  const drawn = (rate: number): number => {
    if (rate <= 0) return 0;
    const { from, mass } = binomial(n, rate);
    let at = random();
    let k = 0;
    while (k < mass.length - 1 && at >= mass[k]!) at -= mass[k++]!;
    return from + k;
  };
  return {
    n: seen.n + n,
    o1: seen.o1 + drawn(rates.o1),
    o2: seen.o2 + drawn(rates.o2),
    u1: seen.u1 + drawn(rates.u1),
    u2: seen.u2 + drawn(rates.u2),
  };
}

/** n more cards of the polled stratum, which holds what was reported less what was seen. */
function moreVotes(s: PollingStratum, n: number, random: Random): PollingStratum['sample'] {
  const left = s.cards - s.sample.n;
  const winners = Math.min(left, Math.max(0, s.winner - s.sample.winner));
  const losers = Math.min(left - winners, Math.max(0, s.loser - s.sample.loser));
  const winner = hypergeometric(left, winners, n, random);
  const loser = hypergeometric(left - winners, losers, n - winner, random);
  return { n: s.sample.n + n, winner: s.sample.winner + winner, loser: s.sample.loser + loser };
}

/** One stratum of a game over several, and its values so far. */
export interface GameStratum {
  readonly tally: ContestTally;
  readonly compared: boolean;
  readonly seen: readonly number[];
}

/** A stratum as a game: A(paper) where it is polled, u + A(paper) - A(record) where it is compared. */
export function gameOf(a: Assertion, { tally, compared }: GameStratum): Omit<Stratum, 'x'> {
  const { half } = a.assorter;
  const u = upperBound(a.assorter);
  const N = tally.cards;
  const reported = 1 / 2 + scoreTotal(a.assorter, tally) / (2 * half * N);
  if (!compared) {
    const { values, counts } = expectedValues(a, tally);
    return { N, upper: u, u, reported, shift: 0, strategy: kelly({ values, weights: counts }) };
  }
  const strategy = adaptive({ noError: u, maxLoss: 0.9 });
  return { N, upper: 2 * u, u, reported, shift: u - reported, strategy };
}

/** Fewer bands than an assessment looks at: a plan errs a little on the large side, and takes less than half the time. */
const PLANNED_BANDS = 40;

/** Cards in all, the cards so far with them, at which half of the runs have reached the limit, and nine of ten; to within a sixtieth. */
export function unionSize(a: Assertion, strata: readonly GameStratum[], s: Simulated): Size {
  const tallies = strata.map((t) => t.tally);
  const all = tallies.reduce((n, t) => n + t.cards, 0);
  const goal = -Math.log(s.riskLimit);
  const runs = Array.from({ length: s.runs }, () => new PlannedUnion(a, strata, s));
  // All are played on together until nine of ten are there; none is played again.
  const steps: { readonly size: number; readonly reached: number }[] = [];
  let size = strata.reduce((n, t) => n + t.seen.length, 0);
  do {
    size = Math.min(all, size + 1 + Math.floor(size / 64));
    const wanted = inProportion(tallies, size);
    steps.push({ size, reached: runs.filter((r) => r.leastAt(wanted) >= goal).length });
  } while (steps.at(-1)!.reached < 0.9 * s.runs && size < all);
  const least = (q: number): number => {
    let at = steps.length - 1;
    while (at > 0 && steps[at - 1]!.reached >= q * s.runs) at--;
    return steps[at]!.size;
  };
  return { expected: least(0.5), p90: least(0.9), unit: 'cards' };
}

/**
 * One simulated audit. The cards of a step are played together: a bet stands for the step, and the null mean is that of its middle, which moves by
 * less than a sixtieth of its way. Steps of one card, up to 64, are the game itself.
 */
class PlannedUnion {
  readonly #strata: readonly PlannedStratum[];
  /** ln T by band, stratum and null. */
  readonly #bands: readonly { readonly band: Band; readonly lnT: readonly Float64Array[] }[];

  constructor(a: Assertion, strata: readonly GameStratum[], s: Simulated) {
    this.#strata = strata.map((t) => new PlannedStratum(a, t, s));
    this.#bands = bandsOf(this.#strata.map((t) => t.game), PLANNED_BANDS) // oxfmt-ignore
      .map((band) => ({ band, lnT: strata.map(() => new Float64Array(band.nulls.length)) }));
    for (const [i, { seen }] of strata.entries()) for (const x of seen) this.#play(i, [x]);
  }

  /** ln of the least T when so many cards of each stratum are drawn. */
  leastAt(wanted: readonly number[]): number {
    for (const [i, stratum] of this.#strata.entries()) {
      const x = Array.from({ length: Math.max(0, wanted[i]! - stratum.drawn) }, () => stratum.next());
      if (x.length > 0) this.#play(i, x);
    }
    let least = Infinity;
    for (const { band, lnT } of this.#bands)
      for (let n = 0; n < band.nulls.length; n++)
        least = Math.min(least, lnT.reduce((sum, of) => sum + of[n]!, 0)); // oxfmt-ignore
    return least;
  }

  #play(i: number, x: readonly number[]): void {
    const stratum = this.#strata[i]!;
    const step = stratum.step(x);
    for (const { band, lnT } of this.#bands) step(band.centre[i]!, band.nulls, i, lnT[i]!);
    stratum.see(x);
  }
}

class PlannedStratum {
  readonly game: Omit<Stratum, 'x'>;
  readonly next: () => number;
  drawn = 0;
  #sum = 0;
  /** One for all bands: what it has seen is the same in each. */
  readonly #bettor: Bettor;

  constructor(a: Assertion, stratum: GameStratum, s: Simulated) {
    this.game = gameOf(a, stratum);
    this.next = valuesAfter(a, stratum, s);
    this.#bettor = this.game.strategy({ N: this.game.N, t: this.game.upper / 2, u: this.game.upper });
  }

  /** Multiplies T of a band's nulls by what these values do to it. */
  step(
    x: readonly number[],
  ): (centre: number, nulls: readonly Vertex[], stratum: number, lnT: Float64Array) => void {
    const { N, shift, upper } = this.game;
    const counts = [...Map.groupBy(x, (v) => v)].map(([v, of]) => [v, of.length] as const);
    const half = (x.length - 1) / 2;
    const sum = this.#sum + (half / x.length) * x.reduce((n, v) => n + v, 0);
    const now = (eta: number): number => (N * (eta + shift) - this.#sum) / (N - this.drawn);
    const middle = (eta: number): number => (N * (eta + shift) - sum) / (N - this.drawn - half);
    return (centre, nulls, i, lnT) => {
      const at = Math.min(Math.max(now(centre), 0), upper);
      const most = nulls.reduce((m, h) => Math.max(m, now(h.eta[i]!)), -Infinity);
      const bet = at <= 0 ? 0 : Math.max(0, this.#bettor.bet(at));
      const lambda = most > 0 ? Math.min(bet, STAKE / most) : bet;
      for (let n = 0; n < nulls.length; n++) {
        const mu = middle(nulls[n]!.eta[i]!);
        for (const [v, k] of counts) lnT[n]! += k * Math.log(Math.max(0, 1 + lambda * (v - mu)));
      }
    };
  }

  see(x: readonly number[]): void {
    for (const v of x) {
      this.#bettor.see(v);
      this.#sum += v;
    }
    this.drawn += x.length;
  }
}

/** The values of one simulated sample of a stratum, one after the other, those seen taken out. */
function valuesAfter(a: Assertion, stratum: GameStratum, s: Simulated): () => number {
  const population = stratum.compared ? comparedValues(a, stratum.tally, s.rates) : expectedValues(a, stratum.tally); // oxfmt-ignore
  const left = remaining(population, stratum.seen);
  const next = drawWithout(left.counts, s.random);
  return () => left.values[next()]!;
}

/** What u + A(paper) - A(record) is of all cards: u without error, 1/2 less or more for one vote, u for two. */
function comparedValues(a: Assertion, { cards }: ContestTally, rates: Rates): Population {
  const u = upperBound(a.assorter);
  const errors = [
    [0, rates.o2],
    [u - 1 / 2, rates.o1],
    [u + 1 / 2, rates.u1],
    [2 * u, rates.u2],
  ] as const;
  const counts = errors.map(([, rate]) => Math.round(rate * cards));
  const right = cards - counts.reduce((n, c) => n + c, 0);
  return { values: [u, ...errors.map(([x]) => x)], counts: [Math.max(0, right), ...counts] };
}
