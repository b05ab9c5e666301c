// How long does a state's draw take, and how much memory? Drawing 1,000 of a million and of five million cards, beside the simplest program that is right:
// one library hash for each card, all of them sorted. Then what the assertions of a contest of a million cards take, and RAIRE's for Aspen 2009.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { sharedFile } from '../tests/sharedData.ts';
import type { CardVotes } from '../packages/evidence/src/assertions/index.ts';
import {
  assertionsFor,
  assorterValue,
  raire,
  tallyCards,
} from '../packages/evidence/src/assertions/index.ts';
import {
  cardIds,
  consistentSample,
  drawOrder,
  nextRound,
  readSeed,
} from '../packages/evidence/src/draw/index.ts';
import { choiceId, contestId } from '../packages/evidence/src/election/index.ts';
import type { BenchRow } from './row.ts';
import { mediansMs } from './row.ts';

const seed = '34363370190391208563';

/** Ids as a tabulator prints them: tabulator, batch, position. */
function* ids(cards: number): Generator<string> {
  for (let i = 0; i < cards; i++) yield `${10_000 + (i % 97)}-${Math.floor(i / 250)}-${i % 250}`;
}

interface Run {
  readonly draw: number;
  readonly second: number;
  /** Of the processor, whatever else it did: what the draw takes on a core of its own. */
  readonly cpu: number;
  readonly megabytes: number;
}

/** One draw in a process of its own, whose peak memory is then the draw's. */
function inOwnProcess(how: 'ours' | 'simple', cards: number): Run {
  const child = spawnSync(process.execPath, [fileURLToPath(import.meta.url), how, String(cards)], {
    encoding: 'utf8',
  });
  if (child.status !== 0) throw new Error(child.stderr);
  return JSON.parse(child.stdout) as Run;
}

function ours(cards: number): Omit<Run, 'megabytes'> {
  const reading = readSeed(seed);
  if (!reading.ok) throw new Error(reading.code);
  const column = cardIds(ids(cards));
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  const made = drawOrder(reading.seed, column);
  if (!made.ok) throw new Error(made.code);
  const one = consistentSample(made.order, () => [0], [1000]);
  const drawn = performance.now();
  const used = cpuMs(cpu);
  nextRound(made.order, (card) => (card % 3 === 0 ? [0, 1] : [0]), one, [2000, 1000]);
  return { draw: drawn - start, cpu: used, second: performance.now() - drawn };
}

function cpuMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}

/** A list of all tickets, sorted. */
function simple(cards: number): Omit<Run, 'megabytes'> {
  const all = [...ids(cards)];
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  const tickets = all.map((id) => createHash('sha256').update(`${seed}:${id}`).digest('hex'));
  const order = all.map((_, i) => i).sort((a, b) => (tickets[a]! < tickets[b]! ? -1 : 1));
  if (order.slice(0, 1000).length !== 1000) throw new Error('no sample');
  return { draw: performance.now() - start, cpu: cpuMs(cpu), second: 0 };
}

if (process.argv[1] === fileURLToPath(import.meta.url) && process.argv[3] !== undefined) {
  const cards = Number(process.argv[3]);
  const times = process.argv[2] === 'ours' ? ours(cards) : simple(cards);
  process.stdout.write(JSON.stringify({ ...times, megabytes: process.resourceUsage().maxRSS / 1024 }));
}

export function run(): Promise<BenchRow[]> {
  return Promise.resolve([...draws(), ...assertions(), ...aspen()]);
}

const own = (r: Run): string => `CPU ${Math.round(r.cpu)} ms, peak ${Math.round(r.megabytes)} MB`;

function draws(): BenchRow[] {
  const [plain, million, five] = [
    inOwnProcess('simple', 1e6),
    inOwnProcess('ours', 1e6),
    inOwnProcess('ours', 5e6),
  ];
  const baseline = 'hash and sort 1,000,000, one by one';
  return [
    { name: baseline, value: plain.draw, unit: 'ms', note: own(plain) },
    {
      name: 'draw 1,000 of 1,000,000 cards',
      value: million.draw,
      unit: 'ms',
      ratioTo: baseline,
      ratio: million.draw / plain.draw,
      note: own(million),
    },
    { name: 'second contest and round, 1,000,000', value: million.second, unit: 'ms', ratioTo: 'the draw', ratio: million.second / million.draw, note: 'no card hashed again' }, // oxfmt-ignore
    { name: 'draw 1,000 of 5,000,000 cards', value: five.draw, unit: 'ms', ratioTo: 'that of 1,000,000', ratio: five.draw / million.draw, note: own(five) }, // oxfmt-ignore
  ];
}

function assertions(): BenchRow[] {
  const [cards, choices] = [1_000_000, 8];
  const contest = {
    id: contestId('c'),
    name: 'c',
    choices: Array.from({ length: choices }, (_, i) => ({ id: choiceId(`c${i}`), name: `c${i}` })),
    rule: { kind: 'plurality', voteFor: 1, winners: 1 },
  } as const;
  const starts = Uint32Array.from({ length: cards + 1 }, (_, i) => i);
  // Of every 36 cards 8 for the first choice, 7 for the second, … 1 for the last.
  const marks = Uint8Array.from(
    { length: cards },
    (_, i) => 7 - Math.floor((Math.sqrt(8 * (i % 36) + 1) - 1) / 2),
  );
  const votes: CardVotes = { cards, starts, marks };
  const made = (): void => {
    const result = assertionsFor(contest, tallyCards(votes, choices, 1));
    if (!result.ok) throw new Error(result.refusal.code);
  };
  const result = assertionsFor(contest, tallyCards(votes, choices, 1));
  if (!result.ok) throw new Error(result.refusal.code);
  const byCard = (): void => {
    for (const { assorter, margin } of result.assertions) {
      let sum = 0;
      for (const mark of marks) sum += assorterValue(assorter, [mark]);
      if (Math.abs((2 * sum) / cards - 1 - margin.numerator / margin.denominator) > 1e-9) throw new Error('other margin'); // oxfmt-ignore
    }
  };
  const [fast, slow] = mediansMs([made, byCard], 3) as [number, number];
  const baseline = 'each assorter on each card';
  return [
    {
      name: baseline,
      value: slow,
      unit: 'ms',
      note: `${result.assertions.length} assertions, 1,000,000 cards`,
    },
    { name: 'assertions and margins, 1,000,000 cards', value: fast, unit: 'ms', ratioTo: baseline, ratio: fast / slow }, // oxfmt-ignore
  ];
}

function aspen(): BenchRow[] {
  const file = sharedFile('data/raire/Aspen_2009_CityCouncil.raire');
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').trim().split('\n').slice(2);
  const rankings = lines.map((l) => ({ ranking: l.split(',').slice(2).map((c) => Number(c) - 1), count: 1 })); // oxfmt-ignore
  const election = { choices: 11, winner: 7, cards: rankings.length, rankings };
  const [time] = mediansMs([() => void raire(election)], 5) as [number];
  const found = raire(election);
  if (!found.ok || !found.optimal) throw new Error('not optimal');
  return [{ name: 'RAIRE, Aspen 2009, 11 candidates', value: time, unit: 'ms', note: `optimal: ${found.difficulty.toFixed(4)} by ${found.assertions.length} assertions` }]; // oxfmt-ignore
}
