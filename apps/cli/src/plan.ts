// `opencanvass plan RESULTS`: which audit would suit this contest? The methods side by side, in cards, as a table and a chart.
import { Command } from 'commander';
import { planContest } from '@opencanvass/evidence/audit';
import type { ContestPlan, MethodPlan, ReportedBatch } from '@opencanvass/evidence/audit';
import type { ContestTally } from '@opencanvass/evidence/assertions';
import type { ReportedResults } from '@opencanvass/evidence/counts';
import type { Contest } from '@opencanvass/evidence/election';
import { readBatchTotals, readManifest } from '@opencanvass/evidence/formats';
import { auditRefusalInWords } from '@opencanvass/evidence/sentences';
import { readAnyFile, refusalLine } from './looseFiles.ts';
import { status, Stop } from './status.ts';
import type { Status } from './status.ts';
import type { Printer, World } from './world.ts';

interface PlanOptions {
  readonly contest?: string;
  readonly cards?: string;
  readonly riskLimits: string;
  readonly errors: string;
  readonly batches?: string;
  readonly manifest?: string;
  readonly winners?: string;
  readonly json?: true;
}

export const planCommand = (world: World, end: (to: Status) => void): Command =>
  new Command('plan')
    .description('Compares the audits open to a contest: how many cards each would take.')
    .argument('<RESULTS>', 'reported results: a Clarity detail.xml or a results CSV')
    .option('--contest <TEXT>', 'the contest whose name holds this text, where there are several')
    .option(
      '--cards <N>',
      'all cards that may hold the contest, from the manifest; without it, as many as votes',
    )
    .option('--winners <N>', 'seats to fill, where it is more than one')
    .option('--risk-limits <LIST>', 'in percent', '3,5,10')
    .option('--errors <LIST>', 'cards per thousand on which machine and paper differ', '0,1')
    .option('--batches <FILE>', 'totals by batch (a CSV of "Batch Name" and choices); needs --manifest')
    .option('--manifest <FILE>', 'the ballot manifest, for the size of each batch')
    .option('--json', 'print everything as JSON')
    .addHelpText(
      'after',
      `
Examples:
  opencanvass plan detail.xml --contest Governor --cards 5000000
  opencanvass plan results.csv --risk-limits 5 --errors 0,1,5
`,
    )
    .action((path: string, options: PlanOptions) => {
      const { contest, results } = contestIn(world, path, options);
      const batches = batchesIn(world, contest, options);
      const tally = tallyOf(contest, results, batches, options);
      const rates = numbers(options.errors, '--errors').map((perThousand) => ratesOf(perThousand));
      const plan = planContest({
        contest,
        tally,
        riskLimits: numbers(options.riskLimits, '--risk-limits').map(shareOfPercent),
        rates,
        seed: 1,
        ...(batches === undefined ? {} : { batches }),
      });
      if (options.json === true) world.stdout.write(`${JSON.stringify(plan, undefined, 2)}\n`);
      else print(world.stdout, contest, tally, plan, options);
      end(plan.ok ? status.holds : status.nothingTold);
    });

/** Of the cards that differ, nine of ten by one vote and one by two: a card read as blank is far commoner than one read for another. */
const ratesOf = (perThousand: number) => ({
  o1: (0.9 * perThousand) / 1000,
  o2: (0.1 * perThousand) / 1000,
  u1: 0,
  u2: 0,
});

const shareOfPercent = (percent: number): number => {
  if (!(percent > 0 && percent < 100))
    throw new Stop(
      status.wrongUsage,
      `--risk-limits: expected percentages between 0 and 100, found ${percent}`,
    );
  // By the decimal as written: 5 % is 0.05 and not the double next to it.
  return Number(`${percent}e-2`);
};

function numbers(list: string, option: string): number[] {
  const found = list.split(',').map((s) => (/^\s*\d+(\.\d+)?\s*$/.test(s) ? Number(s) : Number.NaN));
  if (found.some(Number.isNaN))
    throw new Stop(
      status.wrongUsage,
      `${option}: expected numbers with commas between them, found "${list}"`,
    );
  return found;
}

const wholeNumber = (text: string, option: string): number => {
  if (!/^\d+$/.test(text))
    throw new Stop(status.wrongUsage, `${option}: expected a whole number, found "${text}"`);
  return Number(text);
};

function contestIn(
  world: World,
  path: string,
  options: PlanOptions,
): { contest: Contest; results: ReportedResults } {
  const { value } = readAnyFile(world, path);
  const wanted = value.contests.filter(
    (c) =>
      value.results.some((r) => r.contest === c.id) &&
      c.name.toLowerCase().includes((options.contest ?? '').toLowerCase()),
  );
  const [contest, ...more] = wanted;
  if (contest === undefined || more.length > 0) {
    const names = (wanted.length > 0 ? wanted : value.contests).map((c) => c.name);
    const shown = `${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`;
    throw new Stop(
      status.wrongUsage,
      `expected one contest${options.contest === undefined ? '' : ` whose name holds "${options.contest}"`}, found ${wanted.length} in ${path}: ${shown || 'none'}; name one with --contest`,
    );
  }
  const results = value.results.find((r) => r.contest === contest.id)!;
  if (options.winners === undefined) return { contest, results };
  const winners = wholeNumber(options.winners, '--winners');
  return { contest: { ...contest, rule: { kind: 'plurality', voteFor: winners, winners } }, results };
}

function tallyOf(
  contest: Contest,
  results: ReportedResults,
  batches: readonly ReportedBatch[] | undefined,
  options: PlanOptions,
): ContestTally {
  // Votes by choice, in the contest's order; batches, where given, are what will be audited.
  const votes = contest.choices.map((choice, c) =>
    batches === undefined
      ? results.rows.reduce((sum, row) => sum + (row.votes[results.choices.indexOf(choice.id)] ?? 0), 0)
      : batches.reduce((sum, b) => sum + b.votes[c]!, 0),
  );
  const cast = votes.reduce((a, b) => a + b, 0);
  if (options.cards !== undefined) return { cards: wholeNumber(options.cards, '--cards'), votes };
  return { cards: batches === undefined ? cast : batches.reduce((n, b) => n + b.cards, 0), votes };
}

/** Totals by batch with the manifest's sizes. */
function batchesIn(world: World, contest: Contest, options: PlanOptions): ReportedBatch[] | undefined {
  if (options.batches === undefined && options.manifest === undefined) return undefined;
  if (options.batches === undefined || options.manifest === undefined)
    throw new Stop(
      status.wrongUsage,
      '--batches and --manifest go together: totals, and how many ballots lie in each',
    );
  const bytesOf = (path: string): Uint8Array => {
    if (world.files.kind(path) !== 'file') throw new Stop(status.inputNotFound, `${path} is not there`);
    return world.files.read(path);
  };
  const manifest = readManifest(options.manifest, bytesOf(options.manifest));
  if (!manifest.ok) throw new Stop(status.inputRefused, manifest.refusals.map(refusalLine).join('\n'));
  const totals = readBatchTotals(options.batches, bytesOf(options.batches));
  if (!totals.ok) throw new Stop(status.inputRefused, totals.refusals.map(refusalLine).join('\n'));
  const [found] = totals.value;
  const columns = contest.choices.map((choice) => found!.choices.indexOf(choice.name));
  if (columns.includes(-1))
    throw new Stop(
      status.inputRefused,
      `${options.batches}: expected a column for each of ${contest.choices.map((c) => c.name).join(', ')}, found ${found!.choices.join(', ')}`,
    );
  const sizes = new Map(manifest.value.batches.map((b) => [b.name.trim(), b.size]));
  return found!.batches.map((name, i) => {
    const cards = sizes.get(name.trim());
    if (cards === undefined)
      throw new Stop(
        status.inputRefused,
        `${options.manifest}: expected the batch "${name}" of ${options.batches}, found none of that name`,
      );
    return { name, cards, votes: columns.map((c) => found!.votes[i * found!.choices.length + c]!) };
  });
}

function print(
  to: Printer,
  contest: Contest,
  tally: ContestTally,
  plan: ContestPlan,
  options: PlanOptions,
): void {
  if (contest.name !== '') to.write(`${contest.name}\n`);
  const order = contest.choices
    .map((c, i) => [c.name, tally.votes[i]!] as const)
    .toSorted((a, b) => b[1] - a[1]);
  to.write(`  ${order.map(([name, votes]) => `${name} ${grouped(votes)}`).join(' · ')}\n`);
  const stated = options.cards === undefined && options.batches === undefined;
  to.write(
    `  ${grouped(tally.cards)} cards${stated ? ', as many as votes: blank and overvoted ones are not known (--cards)' : ''}\n`,
  );
  if (!plan.ok) {
    to.write(`\n${auditRefusalInWords(plan.refusal)}\n`);
    return;
  }
  to.write('\n  cards read if the reported result is right: on average, and enough in nine of ten cases\n\n');
  const head = ['method', 'risk limit', 'differ', 'average', '9 of 10', 'batches'];
  const rows = plan.rows.map((r) => [
    `${r.method}, ${r.rule}`,
    r.riskLimit === 0 ? 'none left' : `${Number((100 * r.riskLimit).toPrecision(6))} %`,
    r.rates === undefined ? '' : `${Number((1000 * (r.rates.o1 + r.rates.o2)).toPrecision(6))} ‰`,
    grouped(r.cards.expected),
    grouped(r.cards.p90),
    r.batches === undefined ? '' : grouped(r.batches),
  ]);
  const widths = head.map((h, i) => Math.max(h.length, ...rows.map((r) => r[i]!.length)));
  const line = (cells: readonly string[]): string =>
    cells.map((c, i) => (i === 0 ? c.padEnd(widths[i]!) : c.padStart(widths[i]!))).join('  ');
  const room = Math.max(0, Math.min(30, to.columns - widths.reduce((a, b) => a + b + 2, 4)));
  to.write(`  ${line(head)}`.trimEnd() + '\n');
  for (const [i, cells] of rows.entries())
    to.write(`  ${line(cells)}  ${bar(plan.rows[i]!, tally.cards, room)}`.trimEnd() + '\n');
  to.write(`\n  the bars are on a logarithmic scale: a full one is all ${grouped(tally.cards)} cards\n`);
  for (const reason of new Set(
    plan.refused.map((r) => `${r.method}, ${r.rule}: ${auditRefusalInWords(r.refusal)}`),
  ))
    to.write(`  ${reason}\n`);
}

/** From 1 card to all of them: sizes differ a thousandfold. */
const bar = (row: MethodPlan, cards: number, room: number): string =>
  '▇'.repeat(Math.round((room * Math.log(1 + row.cards.p90)) / Math.log(1 + cards)));

const grouped = (n: number): string => n.toLocaleString('en');
