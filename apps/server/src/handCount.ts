// A full hand count: every batch of every county's manifest. Boards enter batch by batch and the county reports what they entered, or the county enters all of
// it in one piece; what does not fit the manifest is refused by name.
import { createHash } from 'node:crypto';
import type { ChoiceId, Contest, ContestId, JurisdictionId } from '@opencanvass/evidence/election';
import { writeHandCountTable } from '@opencanvass/evidence/formats';
import { rankingWord, type HandCount, type TallyColumn } from '@opencanvass/evidence/paper';
import type { Bodies } from '@opencanvass/evidence/record';
import type { BatchCount, ContestAudit, CountedRanking } from './audit.ts';
import { isRanked } from './cvrs.ts';
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
import { countiesOf, countyName, type Problem } from './sampling.ts';

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
  const count = inOneForm(input.count);
  const fault = await batchFault(s, audit, input.unit, count, true);
  const about = { contest: audit.contest.id, ...of(who) };
  const entered = audit.doubleEntry ? { entered: input.entered } : {};
  const body = { unit: input.unit, batch: count, ...entered };
  const refused = (): Problem | undefined => {
    if (state.certified) return { code: 'after-certificate' };
    if (!audit.ordered) return { code: 'hand-count-before-order' };
    if (!input.unit.startsWith(`${who.jurisdiction}/`))
      return { code: 'another-county', expected: who.jurisdiction!, found: input.unit };
    if (audit.handCounts.has(who.jurisdiction as JurisdictionId))
      return { code: 'reported-already', found: countyName(state, who.jurisdiction!) };
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
  return count === 'not found' ? undefined : misfit(contest, unit, size, count, full);
}

type Counted = Exclude<BatchCount, 'not found'>;

/** What of a count cannot be, of a contest with these choices and a batch of this size. */
function misfit(
  contest: Contest,
  name: string,
  size: number,
  count: Counted,
  full: boolean,
): Problem | undefined {
  const { choices } = contest;
  if ('rankings' in count !== isRanked(contest))
    return {
      code: 'another-kind-of-reading',
      expected: isRanked(contest) ? 'ballots by ranking' : 'votes by choice',
      found: name,
    };
  const overvote = 'votes' in count ? count.overvote : 0;
  if (full && (count.blank === undefined || overvote === undefined))
    return { code: 'blank-and-overvote', expected: 'how many ballots were blank, and how many overvoted' };
  const none = (count.blank ?? 0) + (overvote ?? 0);
  const writeIns = count.writeIns ?? 0;
  const most = (n: number, found: number): Problem | undefined =>
    full && found > n
      ? {
          code: 'more-counted-than-manifest',
          field: name,
          expected: `${size}`,
          found: `${found + none}`,
        }
      : undefined;
  if ('votes' in count)
    return count.votes.length === choices.length
      ? most(voteFor(contest) * (size - none), sum(count.votes) + writeIns)
      : {
          code: 'choices',
          expected: `${choices.length} counts in ${name}`,
          found: `${count.votes.length}`,
        };
  const marked = count.rankings.map((r) => r.ranks.flat());
  const unknown = marked.flat().find((id) => !choices.some((c) => c.id === id));
  if (unknown !== undefined) return { code: 'unknown-choice', expected: contest.name, found: unknown };
  if (marked.some((of) => of.length === 0))
    return { code: 'choices', expected: 'a choice at some rank; or blank', found: name };
  return most(size - none, sum(count.rankings.map((r) => r.ballots)) + writeIns);
}

const sum = (counts: readonly number[]): number => counts.reduce((x, y) => x + y, 0);

/** Each ranking once, and in one order, so that two who found the same say the same. */
export function inOneForm(count: BatchCount): BatchCount {
  if (count === 'not found' || 'votes' in count) return count;
  const rankings = new Map<string, CountedRanking>();
  for (const { ranks: given, ballots } of count.rankings) {
    const ranks = given.map((at) => [...new Set(at)].sort());
    while (ranks.at(-1)?.length === 0) ranks.pop();
    const word = rankingWord(ranks);
    if (ballots > 0) rankings.set(word, { ranks, ballots: ballots + (rankings.get(word)?.ballots ?? 0) });
  }
  return { ...count, rankings: [...rankings].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, r]) => r) };
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
  if (sealed === undefined) return no('county-not-sealed', undefined, countyName(state, county));
  const manifest = await files.manifest(sealed.read.file.sha256);
  const wrong: Problem[] = [];
  const batches = manifest.batches.flatMap(({ tabulator, name }) => {
    const count = audit.counted.get(`${county}/${batchKey(tabulator, name)}`)?.paper;
    if (count === undefined || !('batch' in count))
      wrong.push({ code: 'batch-not-counted', found: batchKey(tabulator, name) });
    else if (count.batch === 'not found')
      wrong.push({ code: 'batch-not-found', found: batchKey(tabulator, name) });
    else {
      return [{ tabulator, batch: name, ...count.batch }];
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
  readonly batches: readonly (Counted & { readonly tabulator: string; readonly batch: string })[];
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
  if (!(await countiesOf(state, audit.contest, files)).includes(county))
    return no('contest-not-in-county', audit.contest.name, countyName(state, county));
  const sizes = await files.sizes(state.sealed.get(county)!.manifest!.read.file.sha256);
  const wrong: Problem[] = [];
  const seen = new Set<string>();
  for (const b of input.batches) {
    const name = batchKey(b.tabulator, b.batch);
    const size = sizes.get(name);
    const fault = size === undefined ? undefined : misfit(audit.contest, name, size, b, true);
    if (size === undefined) wrong.push({ code: 'batch-not-in-manifest', found: name });
    else if (seen.has(name)) wrong.push({ code: 'batch-repeated', found: name });
    else if (fault !== undefined) wrong.push(fault);
    seen.add(name);
  }
  for (const name of sizes.keys())
    if (!seen.has(name)) wrong.push({ code: 'batch-not-counted', found: name });
  if (wrong.length > 0)
    return {
      ok: false,
      problem: { code: 'hand-count-does-not-fit-manifest', problems: wrong.slice(0, 200) },
    };
  const { columns, rows } = isRanked(audit.contest)
    ? byRanking(input.batches)
    : byChoice(audit.contest, input.batches);
  const count: HandCount = {
    contest: audit.contest.id,
    granularity: 'batch',
    columns,
    jurisdictions: [county],
    jurisdictionOf: new Uint16Array(input.batches.length),
    names: input.batches.map((b) => batchKey(b.tabulator, b.batch)),
    types: input.batches.map(() => ''),
    tallies: Uint32Array.from(rows.flat()),
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

interface Rows {
  readonly columns: readonly TallyColumn[];
  /** By batch: a number for each column. */
  readonly rows: readonly (readonly number[])[];
}

const byChoice = ({ choices }: Contest, batches: HandCounted['batches']): Rows => ({
  columns: [
    ...choices.map((c) => ({ kind: 'choice' as const, choice: c.id })),
    { kind: 'writeIn' },
    { kind: 'blank' },
    { kind: 'overvote' },
  ],
  rows: batches.map((b) =>
    'votes' in b ? [...b.votes, b.writeIns ?? 0, b.blank ?? 0, b.overvote ?? 0] : [],
  ),
});

/** A column for every ranking that some ballot of the county has. */
function byRanking(batches: HandCounted['batches']): Rows {
  const counted = batches.map((b) => {
    const { rankings } = inOneForm(b) as Extract<Counted, { rankings: unknown }>;
    return new Map(rankings.map((r) => [rankingWord(r.ranks), r]));
  });
  const all = new Map(counted.flatMap((of) => [...of]));
  const words = [...all.keys()].sort();
  return {
    columns: [
      ...words.map((word) => ({ kind: 'ranking' as const, ranks: all.get(word)!.ranks as ChoiceId[][] })),
      { kind: 'writeIn' },
      { kind: 'blank' },
    ],
    rows: batches.map((b, i) => [
      ...words.map((word) => counted[i]!.get(word)?.ballots ?? 0),
      b.writeIns ?? 0,
      b.blank ?? 0,
    ]),
  };
}

const voteFor = ({ rule }: Contest): number => ('voteFor' in rule ? rule.voteFor : 1);
