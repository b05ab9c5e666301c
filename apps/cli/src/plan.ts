// `opencanvass plan RESULTS`: which audit would suit this contest? The methods side by side, in cards, as a table and a chart.
import { Command } from 'commander';
import { planContest, together } from '@opencanvass/evidence/audit';
import type { ContestPlan, MethodPlan, ReportedBatch, StratifiedPlan } from '@opencanvass/evidence/audit';
import type { ContestTally } from '@opencanvass/evidence/assertions';
import type { ReportedResults } from '@opencanvass/evidence/counts';
import { jurisdictionId, type Contest } from '@opencanvass/evidence/election';
import { readBatchTotals, readManifest } from '@opencanvass/evidence/formats';
import { auditRefusalInWords } from '@opencanvass/evidence/sentences';
import { readAnyFile, refusalLine } from './looseFiles.ts';
import { planHtml, planSvg } from './planChart.ts';
import { status, Stop } from './status.ts';
import type { Status } from './status.ts';
import type { Printer, World } from './world.ts';

interface PlanOptions {
  readonly contest?: string;
  readonly cards?: string;
  readonly riskLimits: string;
  readonly errors: string;
  readonly batches?: readonly string[];
  readonly manifest?: readonly string[];
  readonly winners?: string;
  readonly records?: readonly string[];
  readonly minutes?: string;
  readonly chart?: string;
  readonly json?: true;
}

export const planCommand = (world: World, end: (to: Status) => void): Command =>
  new Command('plan')
    .description('Compares the audits open to a contest: how many cards each would take.')
    .argument('<RESULTS>', 'reported results: a Clarity detail.xml or a results CSV')
    .option('--contest <TEXT>', 'the contest whose name holds this text, where there are several')
    .option(
      '--cards <N>',
      'all cards that may hold the contest, from the manifest; without it, as many as votes; with --records two numbers, "N,M": in those counties, and in the rest',
    )
    .option('--winners <N>', 'seats to fill, where it is more than one')
    .option('--risk-limits <LIST>', 'in percent', '3,5,10')
    .option('--errors <LIST>', 'cards per thousand on which machine and paper differ', '0,1')
    .option(
      '--batches <FILES...>',
      'totals by batch (CSVs of "Batch Name" and choices, one for each county); needs --manifest',
    )
    .option(
      '--manifest <FILES...>',
      'the ballot manifests, in the order of --batches, for the size of each batch',
    )
    .option(
      '--records <COUNTIES...>',
      'the counties whose cards can be found by their cast vote record, where others have none: adds the audits of two strata, drawn apart (SUITE, UI-TS), and ONEAudit',
    )
    .option(
      '--minutes <CARD,BATCH>',
      'minutes of people’s time to find and read one card, and to fetch and open one batch: adds hours',
    )
    .option('--chart <FILE>', 'writes the comparison as a picture (.svg) or a page (.html)')
    .option('--json', 'print everything as JSON')
    .addHelpText(
      'after',
      `
Examples:
  opencanvass plan detail.xml --contest Governor --cards 5000000
  opencanvass plan results.csv --risk-limits 5 --errors 0,1,5
  opencanvass plan results.csv --batches oak.csv elm.csv --manifest oak-manifest.csv elm-manifest.csv --minutes 2,15 --chart plan.html
  opencanvass plan results.csv --records Oak Elm --cards 80000,120000 --chart strata.svg
`,
    )
    .action((path: string, options: PlanOptions) => {
      const { contest, results } = contestIn(world, path, options);
      const batches = batchesIn(world, contest, options);
      const strata = strataIn(contest, results, options);
      const tally = strata === undefined ? tallyOf(contest, results, batches, options) : together(strata);
      const rates = numbers(options.errors, '--errors').map((perThousand) => ratesOf(perThousand));
      const plan = planContest({
        contest,
        tally,
        riskLimits: numbers(options.riskLimits, '--risk-limits').map(shareOfPercent),
        rates,
        seed: 1,
        ...(batches === undefined ? {} : { batches }),
        ...(strata === undefined ? {} : { strata }),
        ...(options.minutes === undefined ? {} : { minutes: minutesOf(options.minutes) }),
      });
      if (options.chart !== undefined && plan.ok) writeChart(world, options.chart, contest, tally, plan.rows);
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

/** The counties whose cards have records, and the rest. */
function strataIn(
  contest: Contest,
  results: ReportedResults,
  { records, cards, batches, manifest }: PlanOptions,
): StratifiedPlan['strata'] | undefined {
  if (records === undefined) return undefined;
  if (batches !== undefined || manifest !== undefined)
    throw new Stop(
      status.wrongUsage,
      '--records: expected without --batches and --manifest; plan each alone',
    );
  const counties = [...new Set(results.rows.map((r) => r.jurisdiction))];
  const wanted = records.map((name) => {
    const found = counties.find((c) => c.toLowerCase() === jurisdictionId(name).toLowerCase());
    if (found === undefined)
      throw new Stop(status.wrongUsage, `--records: expected a county of the results, found "${name}"; they are ${counties.slice(0, 8).join(', ')}${counties.length > 8 ? ` and ${counties.length - 8} more` : ''}`); // oxfmt-ignore
    return found;
  });
  if (new Set(wanted).size === counties.length)
    throw new Stop(status.wrongUsage, '--records: every county has them; leave the option out and compare cards everywhere'); // oxfmt-ignore
  const sizes = cards === undefined ? undefined : numbers(cards, '--cards');
  if (sizes !== undefined && (sizes.length !== 2 || !sizes.every(Number.isInteger)))
    throw new Stop(status.wrongUsage, `--cards: expected two whole numbers with --records, cards in those counties and in the rest, found "${cards}"`); // oxfmt-ignore
  return [true, false].map((compared, i) => {
    const rows = results.rows.filter((r) => wanted.includes(r.jurisdiction) === compared);
    const votes = contest.choices.map(({ id }) => rows.reduce((n, r) => n + (r.votes[results.choices.indexOf(id)] ?? 0), 0)); // oxfmt-ignore
    const tally = { cards: sizes?.[i] ?? votes.reduce((a, b) => a + b, 0), votes };
    return { name: compared ? 'with records' : 'without records', tally, compared };
  });
}

function minutesOf(text: string): { card: number; batch: number } {
  const [card, batch, ...more] = numbers(text, '--minutes');
  if (card === undefined || batch === undefined || more.length > 0)
    throw new Stop(status.wrongUsage, `--minutes: expected two numbers, for a card and for a batch, found "${text}"`); // oxfmt-ignore
  return { card, batch };
}

/** Totals by batch with the manifests' sizes. Of several files a batch is named with its file, as names may repeat between counties. */
function batchesIn(world: World, contest: Contest, options: PlanOptions): ReportedBatch[] | undefined {
  const { batches: totals = [], manifest: manifests = [] } = options;
  if (totals.length === 0 && manifests.length === 0) return undefined;
  if (totals.length === 0 || manifests.length === 0)
    throw new Stop(
      status.wrongUsage,
      '--batches and --manifest go together: totals, and how many ballots lie in each',
    );
  if (totals.length !== manifests.length)
    throw new Stop(
      status.wrongUsage,
      `--manifest: expected one file for each of --batches, found ${manifests.length} for ${totals.length}`,
    );
  const found = totals.flatMap((file, i) => {
    const own = batchesOf(world, contest, file, manifests[i]!);
    return totals.length === 1 ? own : own.map((b) => ({ ...b, name: `${file} · ${b.name}` }));
  });
  const twice = totals.find((file, i) => totals.indexOf(file) !== i);
  if (twice !== undefined) throw new Stop(status.wrongUsage, `--batches: ${twice} is named twice`);
  return found;
}

function batchesOf(world: World, contest: Contest, file: string, manifestFile: string): ReportedBatch[] {
  const bytesOf = (path: string): Uint8Array => {
    if (world.files.kind(path) !== 'file') throw new Stop(status.inputNotFound, `${path} is not there`);
    return world.files.read(path);
  };
  const manifest = readManifest(manifestFile, bytesOf(manifestFile));
  if (!manifest.ok) throw new Stop(status.inputRefused, manifest.refusals.map(refusalLine).join('\n'));
  const totals = readBatchTotals(file, bytesOf(file));
  if (!totals.ok) throw new Stop(status.inputRefused, totals.refusals.map(refusalLine).join('\n'));
  const [found] = totals.value;
  const columns = contest.choices.map((choice) => found!.choices.indexOf(choice.name));
  if (columns.includes(-1))
    throw new Stop(
      status.inputRefused,
      `${file}: expected a column for each of ${contest.choices.map((c) => c.name).join(', ')}, found ${found!.choices.join(', ')}`,
    );
  const sizes = new Map(manifest.value.batches.map((b) => [b.name.trim(), b.size]));
  return found!.batches.map((name, i) => {
    const cards = sizes.get(name.trim());
    if (cards === undefined)
      throw new Stop(
        status.inputRefused,
        `${manifestFile}: expected the batch "${name}" of ${file}, found none of that name`,
      );
    return { name, cards, votes: columns.map((c) => found!.votes[i * found!.choices.length + c]!) };
  });
}

function writeChart(
  world: World,
  path: string,
  contest: Contest,
  tally: ContestTally,
  rows: readonly MethodPlan[],
): void {
  const write = path.endsWith('.svg') ? planSvg : path.endsWith('.html') ? planHtml : undefined;
  if (write === undefined)
    throw new Stop(status.wrongUsage, `--chart: expected a name that ends in .svg or .html, found ${path}`);
  if (world.files.kind(path) !== undefined) throw new Stop(status.wrongUsage, `${path} is already there`);
  const { head, cells } = tableOf(rows);
  const title = contest.name === '' ? 'Which audit' : contest.name;
  const lines = [choicesLine(contest, tally), `${grouped(tally.cards)} cards`];
  world.files.write(path, write({ title, lines, cards: tally.cards, rows, head, cells }));
}

function print(
  to: Printer,
  contest: Contest,
  tally: ContestTally,
  plan: ContestPlan,
  options: PlanOptions,
): void {
  if (contest.name !== '') to.write(`${contest.name}\n`);
  to.write(`  ${choicesLine(contest, tally)}\n`);
  const stated = options.cards === undefined && options.batches === undefined;
  to.write(
    `  ${grouped(tally.cards)} cards${stated ? ', as many as votes: blank and overvoted ones are not known (--cards)' : ''}\n`,
  );
  if (!plan.ok) {
    to.write(`\n${auditRefusalInWords(plan.refusal)}\n`);
    return;
  }
  to.write('\n  cards read if the reported result is right: on average, and enough in nine of ten cases\n\n');
  const { head, cells: rows } = tableOf(plan.rows);
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

const choicesLine = (contest: Contest, tally: ContestTally): string =>
  contest.choices
    .map((c, i) => [c.name, tally.votes[i]!] as const)
    .toSorted((a, b) => b[1] - a[1])
    .map(([name, votes]) => `${name} ${grouped(votes)}`)
    .join(' · ');

/** The columns that some row fills, and each row's cells. */
function tableOf(rows: readonly MethodPlan[]): { head: string[]; cells: string[][] } {
  const columns: [string, (r: MethodPlan) => string, boolean][] = [
    ['method', (r) => `${r.method}, ${r.rule}`, true],
    ['risk limit', (r) => r.riskLimit === 0 ? 'none left' : `${Number((100 * r.riskLimit).toPrecision(6))} %`, true], // oxfmt-ignore
    ['differ', (r) => r.rates === undefined ? '' : `${Number((1000 * (r.rates.o1 + r.rates.o2)).toPrecision(6))} ‰`, true], // oxfmt-ignore
    ['average', (r) => grouped(r.cards.expected), true],
    ['9 of 10', (r) => grouped(r.cards.p90), true],
    ['batches', (r) => (r.batches === undefined ? '' : grouped(r.batches)), rows.some((r) => r.batches !== undefined)], // oxfmt-ignore
    ['with records + without', (r) => r.byStratum?.map(grouped).join(' + ') ?? '', rows.some((r) => r.byStratum !== undefined)], // oxfmt-ignore
    ['hours', (r) => (r.hours === undefined ? '' : hours(r.hours.expected)), rows.some((r) => r.hours !== undefined)], // oxfmt-ignore
    ['9 of 10', (r) => (r.hours === undefined ? '' : hours(r.hours.p90)), rows.some((r) => r.hours !== undefined)], // oxfmt-ignore
  ];
  const shown = columns.filter(([, , filled]) => filled);
  return { head: shown.map(([name]) => name), cells: rows.map((r) => shown.map(([, cell]) => cell(r))) };
}

const hours = (n: number): string => grouped(n < 10 ? Math.round(10 * n) / 10 : Math.round(n));

/** From 1 card to all of them: sizes differ a thousandfold. */
const bar = (row: MethodPlan, cards: number, room: number): string =>
  '▇'.repeat(Math.round((room * Math.log(1 + row.cards.p90)) / Math.log(1 + cards)));

const grouped = (n: number): string => n.toLocaleString('en');
