// A full hand count: every batch of every county's manifest. Boards enter batch by batch and the county reports what they entered, or the county enters all of
// it in one piece; what does not fit the manifest is refused by name.
import { createHash } from 'node:crypto';
import type { Contest, ContestId, JurisdictionId } from '@opencanvass/evidence/election';
import { writeHandCountTable } from '@opencanvass/evidence/formats';
import type { HandCount, TallyColumn } from '@opencanvass/evidence/paper';
import type { Bodies } from '@opencanvass/evidence/record';
import type { BatchCount, ContestAudit } from './audit.ts';
import { batchKey } from './inputs.ts';
import {
  authorOf,
  boardDraft,
  mayEnter,
  no,
  of,
  pairOf,
  signedBy,
  yes,
  type BoardAct,
  type Ruling,
  type Setting,
} from './rules.ts';
import type { Problem } from './sampling.ts';

/** A batch of a full hand count, as a board counted it. */
export async function countBatch(
  s: Setting,
  input: BoardAct & {
    readonly contest: string;
    readonly unit: string;
    readonly count: BatchCount;
    readonly entered?: string | undefined;
  },
): Promise<Ruling> {
  const { state, who } = s;
  const audit = state.contests.get(input.contest as ContestId);
  if (audit === undefined) return no('contest-not-announced', undefined, input.contest);
  const fault = await batchFault(s, audit, input.unit, input.count, true);
  const about = { contest: audit.contest.id, ...of(who) };
  const entered = audit.doubleEntry ? { entered: input.entered } : {};
  const body = { unit: input.unit, batch: input.count, ...entered };
  const refused = (): Problem | undefined => {
    if (state.certified) return { code: 'after-certificate' };
    if (!audit.ordered) return { code: 'hand-count-before-order' };
    if (!input.unit.startsWith(`${who.jurisdiction}/`))
      return { code: 'another-county', expected: who.jurisdiction!, found: input.unit };
    if (audit.handCounts.has(who.jurisdiction as JurisdictionId))
      return { code: 'reported-already', found: who.jurisdiction! };
    if (audit.counted.has(input.unit)) return { code: 'read-already', found: input.unit };
    return fault ?? mayEnter(audit, audit.counted, input, signedBy(who, input));
  };
  const pair = pairOf(audit, audit.counted, input.unit);
  return boardDraft(s, input, { kind: 'paper interpreted', about, body }, refused, pair);
}

/** What cannot be the count of this batch of paper. */
export async function batchFault(
  { state, files }: Setting,
  { contest }: ContestAudit,
  unit: string,
  count: BatchCount,
  full: boolean,
): Promise<Problem | undefined> {
  const [county, ...name] = unit.split('/');
  const sealed = state.sealed.get(county as JurisdictionId)?.manifest;
  const sizes = sealed === undefined ? undefined : await files.sizes(sealed.read.file.sha256);
  const size = sizes?.get(name.join('/'));
  if (size === undefined) return { code: 'batch-not-in-manifest', found: unit };
  if (count === 'not found') return undefined;
  const { votes, blank, overvote } = count;
  if (votes.length !== contest.choices.length)
    return { code: 'choices', expected: `${contest.choices.length} counts`, found: `${votes.length}` };
  if (full && (blank === undefined || overvote === undefined))
    return { code: 'blank-and-overvote', expected: 'how many ballots were blank, and how many overvoted' };
  const cards = votes.reduce((x, y) => x + y, 0) + (blank ?? 0) + (overvote ?? 0);
  return full && voteFor(contest) === 1 && cards > size
    ? { code: 'more-counted-than-manifest', expected: `at most ${size} in ${unit}`, found: `${cards}` }
    : undefined;
}

/** A county's report of a full hand count, from what its boards entered. */
export async function reportFromBoards(s: Setting, input: OfCounty): Promise<Ruling> {
  const counted = await countedByBoards(s, input);
  return 'ok' in counted ? counted : reporting(s, { ...input, ...counted });
}

/** Every batch of the county as its boards' readings stand now. */
async function countedByBoards(
  { state, files }: Setting,
  input: OfCounty,
): Promise<Pick<HandCounted, 'batches'> | Extract<Ruling, { ok: false }>> {
  const audit = state.contests.get(input.contest as ContestId);
  if (audit === undefined) return no('contest-not-announced', undefined, input.contest);
  const county = input.county as JurisdictionId;
  const sealed = state.sealed.get(county)?.manifest;
  if (sealed === undefined) return no('county-not-sealed', undefined, county);
  const manifest = await files.manifest(sealed.read.file.sha256);
  const wrong: Problem[] = [];
  const batches = manifest.batches.flatMap(({ tabulator, name }) => {
    const count = audit.counted.get(`${county}/${batchKey(tabulator, name)}`)?.paper;
    if (count === undefined || !('batch' in count))
      wrong.push({ code: 'batch-not-counted', found: batchKey(tabulator, name) });
    else if (count.batch === 'not found')
      wrong.push({ code: 'batch-not-found', found: batchKey(tabulator, name) });
    else {
      const { votes, blank = 0, overvote = 0 } = count.batch;
      return [{ tabulator, batch: name, votes, blank, overvote }];
    }
    return [];
  });
  if (wrong.length > 0)
    return {
      ok: false,
      problem: { code: 'hand-count-does-not-fit-manifest', problems: wrong.slice(0, 200) },
    };
  return { batches };
}

interface OfCounty {
  readonly county: string;
  readonly contest: string;
}
interface HandCounted extends OfCounty {
  readonly batches: readonly {
    readonly tabulator: string;
    readonly batch: string;
    readonly votes: readonly number[];
    readonly blank: number;
    readonly overvote: number;
  }[];
}

/** The same in one piece, from a county that enters it elsewhere: not where entry is double. */
export async function reportHandCount(s: Setting, input: HandCounted): Promise<Ruling> {
  if (s.state.contests.get(input.contest as ContestId)?.doubleEntry === true)
    return no('entered-once', 'every batch entered twice, by the boards', input.county);
  return reporting(s, input);
}

async function reporting(s: Setting, input: HandCounted): Promise<Ruling> {
  const { who } = s;
  const made = await handCountOf(s, input);
  if (!made.ok) return made;
  const { audit, county, body, bytes } = made;
  if (audit.handCounts.has(county)) return no('counted-already', 'a correction', county);
  const about = { contest: audit.contest.id, jurisdiction: county };
  return yes({ kind: 'hand count reported', author: authorOf(who), about, body, files: [bytes] });
}

/**
 * A county's hand count put right, before the sign-off: the one that was reported stays on the record, and what was assessed of it is assessed again.
 * Where no batches are given, or entry is double, from what the boards entered and corrected.
 */
export async function correctHandCount(
  s: Setting,
  input: OfCounty & {
    readonly why: string;
    readonly words: string;
    readonly batches?: HandCounted['batches'] | undefined;
  },
): Promise<Ruling> {
  const { state, who } = s;
  if (input.batches !== undefined && state.contests.get(input.contest as ContestId)?.doubleEntry === true)
    return no('entered-once', 'every batch entered twice, by the boards', input.county);
  const old = state.contests.get(input.contest as ContestId)?.handCounts.get(input.county as JurisdictionId);
  if (old === undefined) return no('not-reported', 'a hand count that was reported', input.county);
  const counted = input.batches === undefined ? await countedByBoards(s, input) : { batches: input.batches };
  if ('ok' in counted) return counted;
  const made = await handCountOf(s, { ...input, ...counted });
  if (!made.ok) return made;
  const { audit, county, body, bytes } = made;
  if (old.body.table.sha256 === body.table.sha256)
    return no('nothing-changed', 'another count than the one reported', county);
  return yes({
    kind: 'correction',
    author: authorOf(who),
    about: { contest: audit.contest.id, jurisdiction: county, entries: [old.position] },
    body: { reason: input.words, replacement: { ...body, why: input.why } },
    files: [bytes],
  });
}

/** A county's whole count, if it fits the manifest. */
async function handCountOf(
  { state, files }: Setting,
  input: HandCounted,
): Promise<
  | Extract<Ruling, { ok: false }>
  | {
      readonly ok: true;
      readonly audit: ContestAudit;
      readonly county: JurisdictionId;
      readonly body: Bodies['hand count reported'];
      readonly bytes: Uint8Array;
    }
> {
  const audit = state.contests.get(input.contest as ContestId);
  if (audit === undefined) return no('contest-not-announced', undefined, input.contest);
  if (state.certified) return no('after-certificate');
  if (!audit.ordered) return no('hand-count-before-order');
  const county = input.county as JurisdictionId;
  const sizes = await files.sizes(state.sealed.get(county)!.manifest!.read.file.sha256);
  const wrong: Problem[] = [];
  const seen = new Set<string>();
  for (const b of input.batches) {
    const name = batchKey(b.tabulator, b.batch);
    const size = sizes.get(name);
    const cards = b.votes.reduce((x, y) => x + y, 0) + b.blank + b.overvote;
    if (size === undefined) wrong.push({ code: 'batch-not-in-manifest', found: name });
    else if (seen.has(name)) wrong.push({ code: 'batch-repeated', found: name });
    else if (b.votes.length !== audit.contest.choices.length)
      wrong.push({
        code: 'choices',
        expected: `${audit.contest.choices.length} counts in ${name}`,
        found: `${b.votes.length}`,
      });
    else if (voteFor(audit.contest) === 1 && cards > size)
      wrong.push({
        code: 'more-counted-than-manifest',
        expected: `at most ${size} in ${name}`,
        found: `${cards}`,
      });
    seen.add(name);
  }
  for (const name of sizes.keys())
    if (!seen.has(name)) wrong.push({ code: 'batch-not-counted', found: name });
  if (wrong.length > 0)
    return {
      ok: false,
      problem: { code: 'hand-count-does-not-fit-manifest', problems: wrong.slice(0, 200) },
    };
  const columns: TallyColumn[] = [
    ...audit.contest.choices.map((c) => ({ kind: 'choice' as const, choice: c.id })),
    { kind: 'blank' },
    { kind: 'overvote' },
  ];
  const count: HandCount = {
    contest: audit.contest.id,
    granularity: 'batch',
    columns,
    jurisdictions: [county],
    jurisdictionOf: new Uint16Array(input.batches.length),
    names: input.batches.map((b) => batchKey(b.tabulator, b.batch)),
    types: input.batches.map(() => ''),
    tallies: Uint32Array.from(input.batches.flatMap((b) => [...b.votes, b.blank, b.overvote])),
  };
  const bytes = writeHandCountTable(count, county);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const body: Bodies['hand count reported'] = {
    contest: audit.contest.id,
    granularity: 'batch',
    columns,
    totals: columns.map((_, c) =>
      input.batches.reduce((n, __, b) => n + count.tallies[b * columns.length + c]!, 0),
    ),
    batches: input.batches.length,
    table: { name: `hand-count-${county}.json`, sha256, bytes: bytes.length },
  };
  return { ok: true, audit, county, body, bytes };
}

const voteFor = ({ rule }: Contest): number => ('voteFor' in rule ? rule.voteFor : 1);
