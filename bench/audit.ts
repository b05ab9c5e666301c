// How long do plans and simulated audits take, each beside the simplest correct implementation of the same?
import {
  fisher,
  play,
  simulationRandom,
  comparisonRisk,
  pollingRisk,
  truncatedShrinkage,
  type Null,
} from '../packages/evidence/src/risk/index.ts';
import { mean, planStratified, simulateDraws } from '../packages/evidence/src/audit/index.ts';
import { choiceId, contestId, type Contest } from '../packages/evidence/src/election/index.ts';
import type { BenchRow } from './row.ts';

const timed = <T>(work: () => T): { ms: number; result: T } => {
  const start = performance.now();
  const result = work();
  return { ms: performance.now() - start, result };
};

const contest: Contest = {
  id: contestId('bench'),
  name: 'bench',
  choices: ['A', 'B'].map((name) => ({ id: choiceId(name), name })),
  rule: { kind: 'plurality', voteFor: 1, winners: 1 },
};

// 51 % to 49 % of a million ballots, risk limit 5 %.
const N = 1_000_000;
const counts = [510_000, 490_000];
const h: Null = { N, t: 1 / 2, u: 1 };
const strategy = truncatedShrinkage({ eta0: 0.51, d: 100 });
const alpha = 0.05;

/** The plain way: shuffle all the ballots, and take ALPHA's product as eq. 5-7 write it. */
function plainAudit(ballots: Uint8Array, random: () => number): number {
  let T = 1;
  let S = 0;
  const [eta0, d, c] = [0.51, 100, 0.005];
  for (let i = ballots.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [ballots[i], ballots[j]] = [ballots[j]!, ballots[i]!];
  }
  for (let j = 1; j <= N; j++) {
    const x = ballots[j - 1]!;
    const mu = (N / 2 - S) / (N - j + 1);
    const eta = Math.min(1 - 2 ** -52, Math.max((d * eta0 + S) / (d + j - 1), mu + c / Math.sqrt(d + j - 1)));
    T *= (x * eta) / mu + ((1 - x) * (1 - eta)) / (1 - mu);
    S += x;
    if (T >= 1 / alpha) return j;
  }
  return N;
}

export function run(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  const random = simulationRandom(1);
  play(h, strategy);

  const ours = timed(() =>
    simulateDraws({ h, strategy, population: { values: [1, 0], counts }, alpha, random, runs: 1000 }),
  );
  // The plain way is measured on 20 audits and multiplied: it would take minutes.
  const ballots = Uint8Array.from({ length: N }, (_, i) => Number(i < counts[0]!));
  const plain = timed(() => Array.from({ length: 20 }, () => plainAudit(ballots, random)));
  const plainName = '… shuffling all ballots each time';
  rows.push(
    {
      name: '1,000 ballot-polling audits, 2 % margin, N = 10^6',
      value: ours.ms / 1000,
      unit: 's',
      ratioTo: plainName,
      ratio: ours.ms / (plain.ms * 50),
      note: `mean ${Math.round(mean(ours.result))} ballots; the plain way ${Math.round(mean(plain.result))}`,
    },
    { name: plainName, value: (plain.ms * 50) / 1000, unit: 's', note: '20 audits, times 50' },
  );

  // Two strata, 1 % margin in 100,000 ballots, risk limit 10 %.
  const strata = [
    { name: 'compared', tally: { cards: 70_000, votes: [35_350, 34_650] }, compared: true },
    { name: 'polled', tally: { cards: 30_000, votes: [15_150, 14_850] }, compared: false },
  ];
  const sized = timed(() =>
    planStratified({ contest, riskLimit: 0.1, strata, rule: { kind: 'SUITE' }, random: simulationRandom(2) }),
  );
  const n = sized.result.ok ? sized.result.size.expected : Number.NaN;
  const grid = timed(() => plainSizing());
  const gridName = '… one by one over every split of the margin';
  rows.push(
    {
      name: 'sizing a stratified audit, 1 % margin',
      value: sized.ms / 1000,
      unit: 's',
      ratioTo: gridName,
      ratio: sized.ms / grid.ms,
      note: `${n} cards; the plain way ${grid.result}`,
    },
    { name: gridName, value: grid.ms / 1000, unit: 's', note: 'size found by bisection as well' },
  );
  return Promise.resolve(rows);

  /** Every whole split of the margin, each combined by Fisher; the size by bisection. */
  function plainSizing(): number {
    const V = 1000;
    const risk = (total: number): number => {
      const [n1, n2] = [Math.ceil(total * 0.7), Math.ceil(total * 0.3)];
      const seen = (votes: number): number => Math.floor((votes * n2) / 30_000);
      const a = {
        cards: 70_000,
        winner: 35_350,
        loser: 34_650,
        discrepancies: { n: n1, o1: 0, o2: 0, u1: 0, u2: 0 },
      };
      const b = {
        cards: 30_000,
        winner: 15_150,
        loser: 14_850,
        sample: { n: n2, winner: seen(15_150), loser: n2 - seen(15_150) },
      };
      let most = 0;
      for (let e = V - 300 - 30_000; e <= 700 + 70_000; e++) {
        const p = fisher([comparisonRisk(a, e), pollingRisk(b, 300 - (V - e))]);
        if (p > most) most = p;
      }
      return most;
    };
    let [low, high] = [0, 100_000];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (risk(middle) <= 0.1) high = middle;
      else low = middle;
    }
    return high;
  }
}
