// Evidence from loose files: what was reported and what was counted, laid side by side without a record. The same checks judge it.
import { basename } from 'node:path';
import type { BallotsCast, ReportedResults } from '@opencanvass/evidence/counts';
import type { Contest, Jurisdiction } from '@opencanvass/evidence/election';
import { detect, headLength, largestFile, open } from '@opencanvass/evidence/formats';
import type { Opened, Refusal, Remark } from '@opencanvass/evidence/formats';
import type { HandCount } from '@opencanvass/evidence/paper';
import type { Evidence, Source } from '@opencanvass/evidence/record';
import { nodeSha256 } from '@opencanvass/keeper';
import { toHex } from '@opencanvass/evidence/bytes';
import { status, Stop } from './status.ts';
import type { World } from './world.ts';

export interface ReadFile {
  readonly value: Opened;
  readonly source: Source;
  readonly remarks: readonly Remark[];
}

/** Reads a file of any format we know, or stops with every reason why not. */
export function readAnyFile(world: World, path: string, contest?: Contest): ReadFile {
  checkSize(world, path);
  const bytes = world.files.read(path);
  const reading = open(path, bytes, contest);
  if (!reading.ok) throw new Stop(status.inputRefused, reading.refusals.map(refusalLine).join('\n'));
  for (const remark of reading.remarks) world.stderr.write(`${remarkLine(remark)}\n`);
  return {
    value: reading.value,
    source: { name: basename(path), sha256: toHex(nodeSha256(bytes)) },
    remarks: reading.remarks,
  };
}

/** Stops where `path` is no file, or one larger than any of our formats: its head is looked at, and no more of it is read. */
export function checkSize(world: World, path: string): void {
  const kind = world.files.kind(path);
  if (kind === undefined) throw new Stop(status.inputNotFound, `${path} is not there`);
  if (kind === 'folder')
    throw new Stop(status.inputRefused, `${path} is a folder; expected a file of results or of a hand count`);
  const size = world.files.size(path);
  if (size <= largestFile) return;
  const format = detect(path, world.files.head(path, headLength));
  const found = typeof format === 'string' ? `${format}, ${size} bytes` : `${size} bytes; ${format.found}`;
  throw new Stop(
    status.inputRefused,
    `${path}: expected a file of at most ${largestFile} bytes, found ${found}; split the file, or check that it is the right one`,
  );
}

/** "results.csv:12: column votes: expected a count, found "-3"; correct the row". */
export function refusalLine({ file, line, field, expected, found, todo }: Refusal): string {
  const place = `${file}${line === undefined ? '' : `:${line}`}${field === undefined ? '' : `: ${field}`}`;
  return `${place}: expected ${expected}, found ${found}${todo === '' ? '' : `; ${todo}`}`;
}

/** "results.csv: Alder: total-contradicts-parts: expected 110, the sum of its parts, found 99, stated": read, and yet worth a look. */
export function remarkLine({ file, line, field, code, expected, found }: Remark): string {
  const place = `${file}${line === undefined ? '' : `:${line}`}${field === undefined ? '' : `: ${field}`}`;
  return `${place}: ${code}: expected ${expected}, found ${found}`;
}

/** The reported results of the first file beside the count of the second, in the contests that both have. */
export function layBeside(reported: ReadFile, counted: ReadFile, more: readonly ReadFile[] = []): Evidence {
  if (reported.value.results.length === 0)
    throw new Stop(
      status.inputRefused,
      `${reported.source.name}: expected reported results, found ${found(reported.value)}; give the reported results first, the count second`,
    );
  const hands =
    counted.value.handCounts.length > 0 ? counted.value.handCounts : counted.value.results.map(asHandCount);
  const inBoth = hands.filter((h) =>
    reported.value.results.some((r) => r.contest === h.contest && shareAChoice(r, h)),
  );
  if (inBoth.length === 0)
    throw new Stop(
      status.inputRefused,
      `no contest with a choice in common is in both files: ${reported.source.name} has ${names(reported.value.contests)}; ${counted.source.name} has ${names(counted.value.contests)}`,
    );
  const contests = reported.value.contests.filter((c) => inBoth.some((h) => h.contest === c.id));
  for (const hand of inBoth) refuseUnknownChoices(reported, counted, hand);
  const all = [reported, counted, ...more];
  const election = reported.value.election ?? counted.value.election;
  const ballots = all.flatMap(({ value, source }) =>
    value.ballotsCast === undefined ? [] : [{ value: value.ballotsCast, sources: [source] }],
  );
  const state = election?.state ?? counted.value.stated?.state;
  return {
    election: {
      name: election?.name ?? counted.value.stated?.election ?? 'an election',
      date: election?.date ?? '',
      ...(state === undefined ? {} : { state }),
      jurisdictions: jurisdictionsOf(all),
      contests,
    },
    results: sourced(
      reported,
      reported.value.results.filter((r) => inBoth.some((h) => h.contest === r.contest)),
    ),
    handCounts: sourced(counted, inBoth),
    handCountTotals: [],
    ballotsCast: ballots.flatMap((b) => contests.map((c) => ({ ...b, value: forContest(b.value, c) }))),
    statedAudits: all.flatMap(({ value, source }) =>
      value.stated === undefined ? [] : [{ value: value.stated, sources: [source] }],
    ),
    statements: [],
    explanations: [],
    remarks: all.flatMap(({ remarks, source }) => remarks.map((value) => ({ value, sources: [source] }))),
  };
}

/** A file that does not name its contest is taken for the other's: then at least one name must be the same. */
const shareAChoice = (reported: ReportedResults, hand: HandCount): boolean =>
  hand.columns.some((c) => c.kind === 'choice' && reported.choices.includes(c.choice));

/** Votes for a name that was not reported belong to no column: left out, they would be lost without a word. */
function refuseUnknownChoices(reported: ReadFile, counted: ReadFile, hand: HandCount): void {
  const contest = reported.value.contests.find((c) => c.id === hand.contest);
  const known = contest?.choices.map((c) => c.id) ?? [];
  const unknown = hand.columns.flatMap((c) =>
    c.kind === 'choice' && !known.includes(c.choice) ? [c.choice] : [],
  );
  if (unknown.length === 0) return;
  const theirs = counted.value.contests.flatMap((c) => c.choices);
  const names = unknown.map((id) => `"${theirs.find((c) => c.id === id)?.name ?? id}"`).join(', ');
  throw new Stop(
    status.inputRefused,
    `${counted.source.name}: ${contest?.name ?? hand.contest}: expected the choices of ${reported.source.name} (${contest?.choices.map((c) => c.name).join(', ')}), found ${names}; correct the name in one of the two files`,
  );
}

const sourced = <T>({ source }: ReadFile, values: readonly T[]): { value: T; sources: Source[] }[] =>
  values.map((value) => ({ value, sources: [source] }));

/** Ballots cast are of a county, whatever the contest. */
const forContest = (ballots: BallotsCast, contest: Contest): BallotsCast => ({
  ...ballots,
  contest: contest.id,
});

/** Results given as the count: by county and vote type, so that no check of batches can use them. */
function asHandCount(results: ReportedResults): HandCount {
  const jurisdictions = [...new Set(results.rows.map((r) => r.jurisdiction))];
  const index = new Map(jurisdictions.map((j, i) => [j, i]));
  return {
    contest: results.contest,
    granularity: 'type',
    columns: results.choices.map((choice) => ({ kind: 'choice', choice })),
    jurisdictions,
    jurisdictionOf: Uint16Array.from(results.rows, (r) => index.get(r.jurisdiction)!),
    names: results.rows.map(() => ''),
    types: results.rows.map((r) => r.voteType),
    tallies: Uint32Array.from(results.rows.flatMap((r) => r.votes)),
  };
}

function jurisdictionsOf(files: readonly ReadFile[]): Jurisdiction[] {
  const all = new Map(
    files
      .flatMap(({ value }) => value.jurisdictions)
      .toReversed()
      .map((j) => [j.id, j]),
  );
  return [...all.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

const names = (contests: readonly Contest[]): string => {
  const shown = contests
    .slice(0, 3)
    .map((c) => c.name)
    .join(', ');
  return contests.length > 3 ? `${shown} and ${contests.length - 3} more` : shown || 'none';
};

const found = (opened: Opened): string =>
  opened.handCounts.length > 0 ? 'a hand count' : `a file of ${opened.format}`;
