// Every act of the desk: may it be done now, and which entries does it make? A rule reads the audit as the record has it and gives drafts, or says by
// a fixed word why not. It is asked in the same turn in which its entries are appended, so that nothing can come between; an act that must be
// signed is asked twice, when it is prepared and when it is signed. The keeper's own table of order is asked after it, and is the last judge.
import { createHash } from 'node:crypto';
import { canonicalJson } from '@opencanvass/evidence/bytes';
import type { Contest, ContestId, JurisdictionId } from '@opencanvass/evidence/election';
import { writeHandCountTable } from '@opencanvass/evidence/formats';
import type { HandCount, TallyColumn } from '@opencanvass/evidence/paper';
import type { Author, Bodies, EntryKind, FileRef, ReadFrom } from '@opencanvass/evidence/record';
import { authorisation, type Draft, type Keeper } from '@opencanvass/keeper';
import type {
  AuditState,
  CardReading,
  ContestAudit,
  MachinesSealed,
  ManifestSealed,
  Method,
  PaperRead,
} from './audit.ts';
import { checkInputs, type InputFinding, type KeptFiles } from './inputs.ts';
import { assessHandCount, assessSample, drawUnits, lacking, populationOf, type Problem } from './sampling.ts';
import type { Who } from './signIn.ts';

export interface Setting {
  readonly state: AuditState;
  readonly keeper: Keeper;
  readonly files: KeptFiles;
  readonly who: Who;
}

export type Ruling =
  | { readonly ok: true; readonly drafts: readonly Draft[] }
  /** Done before: the same act, sent again. Nothing is appended. */
  | { readonly ok: true; readonly already: readonly number[] }
  | { readonly ok: false; readonly problem: Problem & { readonly problems?: readonly Problem[] } };

const no = (code: string, expected?: string, found?: string): Extract<Ruling, { ok: false }> => ({
  ok: false,
  problem: {
    code,
    ...(expected === undefined ? {} : { expected }),
    ...(found === undefined ? {} : { found }),
  },
});
const yes = (...drafts: readonly Draft[]): Ruling => ({ ok: true, drafts });

export const authorOf = ({ role, name, jurisdiction }: Who): Author => ({
  name,
  role,
  ...(jurisdiction === undefined ? {} : { jurisdiction: jurisdiction as JurisdictionId }),
});

/** What a key may sign, by its holder's role. */
export const signsByRole: Readonly<Record<string, readonly EntryKind[]>> = {
  'state administrator': ['seed drawn', 'correction', 'statement made'],
  'county manager': ['manifest sealed', 'CVRs sealed', 'correction'],
  'canvass board': ['certificate signed', 'statement made'],
};

export function authoriseKey(
  { who }: Setting,
  holder: {
    readonly name: string;
    readonly role: string;
    readonly jurisdiction: string | null;
    readonly publicKey: Uint8Array;
  },
): Ruling {
  const author: Author = {
    name: holder.name,
    role: holder.role,
    ...(holder.jurisdiction === null ? {} : { jurisdiction: holder.jurisdiction as JurisdictionId }),
  };
  const body = authorisation({ publicKey: holder.publicKey }, author, signsByRole[holder.role] ?? []);
  return yes({ kind: 'key authorised', author: authorOf(who), body });
}

// ── the inputs ──

export interface Upload {
  readonly what: string;
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly read: Omit<ReadFrom, 'file'>;
}

/** May this county's file still be changed? Not once it is sealed: the dice could have been seen. */
export function mayUpload({ state }: Setting, county: string): Problem | undefined {
  if (state.seed !== undefined) return { code: 'sealed-input-changed-after-seed' };
  if (!state.joined.has(county as JurisdictionId)) return { code: 'unknown-jurisdiction', found: county };
  if (state.sealed.get(county as JurisdictionId)?.manifest !== undefined)
    return { code: 'sealed-already', found: county };
  return undefined;
}

export async function inputFindings(
  { state, files }: Pick<Setting, 'state' | 'files'>,
  county: string,
  uploads: readonly Pick<Upload, 'what' | 'sha256'>[],
): Promise<InputFinding[]> {
  const contests = state.election!.contests;
  const manifest = uploads.find((u) => u.what === 'manifest');
  const cvrs = uploads.find((u) => u.what === 'cvrs');
  const totals = new Map();
  for (const u of uploads) {
    const contest = contests.find((c) => u.what === `totals ${c.id}`);
    if (contest !== undefined) totals.set(contest.id, await files.totals(u.sha256, contest));
  }
  const results = new Map();
  for (const [id, { body }] of state.results) results.set(id, await files.results(body));
  return checkInputs(
    county as JurisdictionId,
    {
      manifest: manifest === undefined ? undefined : await files.manifest(manifest.sha256),
      totals,
      cvrs: cvrs === undefined ? undefined : await files.cvrs(cvrs.sha256, contests),
    },
    contests,
    results,
  );
}

export async function seal(
  s: Setting,
  input: { readonly county: string; readonly uploads: readonly Upload[] },
): Promise<Ruling> {
  const { county, uploads } = input;
  const refused = mayUpload(s, county);
  if (refused !== undefined) return { ok: false, problem: refused };
  const stops = (await inputFindings(s, county, uploads)).filter((f) => f.weight === 'stop');
  if (stops.length > 0) return { ok: false, problem: { code: 'inputs-do-not-fit', problems: stops } };
  const about = { jurisdiction: county as JurisdictionId };
  const author = authorOf(s.who);
  const drafts: Draft[] = [];
  for (const u of uploads) {
    const file: FileRef = { name: u.name, sha256: u.sha256, bytes: u.bytes };
    const read: ReadFrom = { ...u.read, file };
    if (u.what === 'manifest') {
      const manifest = await s.files.manifest(u.sha256);
      const body: ManifestSealed = {
        read,
        counts: manifest.counts,
        batches: manifest.batches.length,
        size: manifest.batches.reduce((n, b) => n + b.size, 0),
      };
      drafts.unshift({ kind: 'manifest sealed', author, about, body });
      continue;
    }
    const contest = u.what.startsWith('totals ') ? (u.what.slice('totals '.length) as ContestId) : undefined;
    const body: MachinesSealed =
      contest === undefined ? { of: 'cast vote records', read } : { of: 'batch totals', contest, read };
    drafts.push({
      kind: 'CVRs sealed',
      author,
      about: contest === undefined ? about : { ...about, contest },
      body,
      access: 'sealed',
    });
  }
  return yes(...drafts);
}

// ── the state ──

export async function announce(
  s: Setting,
  contests: readonly {
    readonly contest: string;
    readonly method: Method;
    readonly riskLimit?: string | undefined;
  }[],
): Promise<Ruling> {
  const { state, files, who } = s;
  if (state.seed !== undefined) return no('announced-after-seed');
  if (state.announced) return no('announced-already');
  const waiting = [...state.joined].find((j) => state.sealed.get(j)?.manifest === undefined);
  if (waiting !== undefined) return no('county-not-sealed', undefined, waiting);
  if (new Set(contests.map((c) => c.contest)).size < contests.length) return no('contest-twice');
  for (const { contest: id, method, riskLimit } of contests) {
    const contest = state.election!.contests.find((c) => c.id === id);
    if (contest === undefined) return no('unknown-contest', undefined, id);
    if (contest.rule.kind !== 'plurality')
      return no('rule-not-for-this-desk', 'plurality', contest.rule.kind);
    if (method !== 'full hand count' && !(Number(riskLimit) > 0)) return no('no-risk-limit', undefined, id);
    const without = await lacking(state, contest, method, files);
    if (without !== undefined) return { ok: false, problem: without };
  }
  return yes({
    kind: 'contests and risk limits announced',
    author: authorOf(who),
    body: {
      contests: contests.map(({ contest, method, riskLimit }) => ({
        contest: contest as ContestId,
        method,
        ...(riskLimit === undefined || method === 'full hand count' ? {} : { riskLimit }),
      })),
    },
  });
}

export function drawSeed({ state, who }: Setting, input: Bodies['seed drawn']): Ruling {
  if (state.seed !== undefined) return no('second-seed');
  if (!state.announced) return no('seed-before-announcement');
  if (!/^[0-9]+$/.test(input.seed)) return no('seed-not-digits', 'decimal digits', input.seed);
  if (input.seed.length < 20) return no('seed-too-short', 'at least 20 digits', `${input.seed.length}`);
  if (state.previews.some((p) => p.seed === input.seed))
    return no('seed-was-previewed', 'a seed nobody has tried', input.seed);
  return yes({ kind: 'seed drawn', author: authorOf(who), body: input });
}

export function notePreview({ state, who }: Setting, seed: string, contest: string, draws: number): Ruling {
  if (state.seed !== undefined) return no('preview-after-seed');
  if (!state.announced) return no('preview-before-announcement');
  return yes({
    kind: 'incident noted',
    author: authorOf(who),
    body: {
      preview: { seed, contest, draws },
      words: 'a preview with a made-up seed: no draw, and never will be',
    },
  });
}

/** The audit of a contest that goes on by sample. */
function sampled(state: AuditState, id: string): ContestAudit | Problem {
  const audit = state.contests.get(id as ContestId);
  if (audit === undefined) return { code: 'contest-not-announced', found: id };
  if (audit.method === 'full hand count' || audit.ordered)
    return { code: 'contest-is-hand-counted', found: id };
  return audit;
}
const isProblem = (x: object): x is Problem => 'code' in x;

export async function drawRound(
  s: Setting,
  input: { readonly contest: string; readonly draws: number },
): Promise<Ruling> {
  const { state, files, who } = s;
  const audit = sampled(state, input.contest);
  if (state.seed === undefined) return no('sample-before-seed');
  if (isProblem(audit)) return { ok: false, problem: audit };
  if (state.ended(audit)) return no('contest-has-ended', undefined, state.ending(audit));
  const before = audit.rounds.length;
  if (before > (audit.assessed.at(-1)?.rounds ?? 0))
    return no('round-not-assessed', undefined, `round ${before}`);
  const unit = audit.method === 'batch comparison' ? 'batch' : 'card';
  const population = await populationOf(state, audit.contest, unit, files);
  const from = audit.rounds.at(-1)?.to ?? 0;
  const drawn = drawUnits(audit.contest, population, state.seed.seed, from, from + input.draws);
  if (!drawn.ok) return drawn;
  return yes({
    kind: 'sample drawn',
    author: authorOf(who),
    about: { contest: audit.contest.id, round: before + 1 },
    body: drawn.sample,
  });
}

export async function assess(s: Setting, input: { readonly contest: string }): Promise<Ruling> {
  const { state, files, keeper, who } = s;
  const audit = state.contests.get(input.contest as ContestId);
  if (audit === undefined) return no('contest-not-announced', undefined, input.contest);
  if (state.certified) return no('after-certificate');
  if (state.ended(audit)) return no('contest-has-ended', undefined, state.ending(audit));
  const about = { contest: audit.contest.id };
  const author = authorOf(who);
  if (audit.ordered || audit.method === 'full hand count') {
    const body = await assessHandCount(state, audit, files, keeper);
    return isProblem(body)
      ? { ok: false, problem: body }
      : yes({ kind: 'round assessed', author, about, body });
  }
  if (audit.rounds.length === 0) return no('nothing-drawn');
  const pending = state.drawn(audit).filter((u) => !audit.read.has(u));
  if (pending.length > 0)
    return no(
      'paper-not-read',
      `${state.drawn(audit).length} read`,
      `${pending.length} still to read, ${pending[0]} first`,
    );
  if (audit.rounds.length === audit.assessed.at(-1)?.rounds) return no('round-assessed-already');
  const body = await assessSample(state, audit, files);
  if (isProblem(body)) return { ok: false, problem: body };
  const round = audit.rounds.length;
  const drafts: Draft[] = [{ kind: 'round assessed', author, about: { ...about, round }, body }];
  // What can no longer be confirmed by a sample is counted in full; nobody decides otherwise.
  if (body.ending === 'full hand count ordered')
    drafts.push({ kind: 'full hand count ordered', author, about, body: { why: body.why } });
  return yes(...drafts);
}

export function orderHandCount(
  { state, who }: Setting,
  input: { readonly contest: string; readonly why: string },
): Ruling {
  const audit = state.contests.get(input.contest as ContestId);
  if (audit === undefined) return no('contest-not-announced', undefined, input.contest);
  if (state.certified) return no('after-certificate');
  // A contest that is to be counted in full from the beginning needs no dice.
  if (state.seed === undefined && audit.method !== 'full hand count') return no('hand-count-before-seed');
  if (audit.ordered) return no('ordered-already');
  if (state.ended(audit)) return no('contest-has-ended', undefined, state.ending(audit));
  return yes({
    kind: 'full hand count ordered',
    author: authorOf(who),
    about: { contest: audit.contest.id },
    body: { why: input.why },
  });
}

export function openSeal({ state, who }: Setting, position: number): Ruling {
  if (!state.sealedBodies.has(position))
    return no('opened-before-sealed', 'the position of a sealed body', `${position}`);
  if (!state.announced || [...state.contests.values()].some((a) => !state.ended(a)))
    return no('audit-not-ended', 'every announced contest at its end', state.step());
  return yes({ kind: 'seal opened', author: authorOf(who), about: { entries: [position] }, body: {} });
}

export function correct(
  { state, who }: Setting,
  input: { readonly entries: readonly number[]; readonly reason: string },
): Ruling {
  const missing = input.entries.find((p) => p >= state.count);
  if (missing !== undefined) return no('names-no-earlier-entry', undefined, `${missing}`);
  const sealed = new Set<EntryKind>(['manifest sealed', 'CVRs sealed', 'results reported']);
  if (state.seed !== undefined && input.entries.some((p) => sealed.has(state.entries[p]!.act.kind)))
    return no('sealed-input-changed-after-seed');
  const foreign = input.entries.find((p) => {
    const county = state.entries[p]!.act.about.jurisdiction;
    return who.role === 'county manager' && county !== who.jurisdiction;
  });
  if (foreign !== undefined) return no('another-county', who.jurisdiction, `entry ${foreign}`);
  return yes({
    kind: 'correction',
    author: authorOf(who),
    about: { entries: input.entries },
    body: { reason: input.reason },
  });
}

// ── the paper ──

/** What a board's device says of its act, beside what it read. */
export interface BoardAct {
  readonly entry?: string | undefined;
  readonly done?: string | undefined;
  readonly by?: PaperRead['by'] | undefined;
}

/** Which two people read it: those who entered it on the device, or who are signed in. Always of two parties. */
export const signedBy = ({ members = [] }: Who, { by = members }: BoardAct): PaperRead['by'] => by;

/**
 * A board's draft, or what became of it when it was sent before: a device that does not know whether its entry arrived sends it again. The
 * same name for something else is refused. `refused` says why the act may not be done now, asked only if it was not done yet.
 */
export function boardDraft(
  { state, who }: Setting,
  act: BoardAct,
  draft: Pick<Draft, 'about' | 'kind'> & { readonly body: object },
  refused: () => Problem | undefined,
): Ruling {
  const by = signedBy(who, act);
  const body = { ...draft.body, by, ...(act.entry === undefined ? {} : { entry: act.entry }) };
  const before = act.entry === undefined ? undefined : state.boardActs.get(act.entry);
  if (before !== undefined)
    return before.entry.act.about.jurisdiction === who.jurisdiction &&
      payloadOf(before.body) === payloadOf(body)
      ? { ok: true, already: [before.position] }
      : no('entry-differs', 'the entry that was sent under this name before', `entry ${before.position}`);
  const people = peopleFault(by);
  if (people !== undefined) return { ok: false, problem: people };
  const problem = refused();
  if (problem !== undefined) return { ok: false, problem };
  const done = act.done === undefined ? {} : { done: act.done };
  return yes({ ...draft, author: authorOf(who), body, ...done });
}

/** A board is two people of two parties. */
export function peopleFault([one, two]: PaperRead['by']): Problem | undefined {
  if (one === undefined || two === undefined || one.name.toLowerCase() === two.name.toLowerCase())
    return { code: 'one-person', expected: 'two people', found: one?.name ?? 'nobody' };
  return one.party.toLowerCase() === two.party.toLowerCase()
    ? { code: 'one-party', expected: 'two people of two parties', found: one.party }
    : undefined;
}

export function readBatch(
  s: Setting,
  input: BoardAct & {
    readonly contest: string;
    readonly unit: string;
    readonly votes?: readonly number[] | undefined;
    readonly notFound?: true | undefined;
  },
): Ruling {
  const { state, who } = s;
  const audit = sampled(state, input.contest);
  const about = isProblem(audit) ? {} : { contest: audit.contest.id, round: audit.rounds.length };
  const batch = input.votes === undefined ? 'not found' : { votes: input.votes };
  const draft = {
    kind: 'paper interpreted' as const,
    about: { ...about, ...of(who) },
    body: { unit: input.unit, batch },
  };
  return boardDraft(s, input, draft, () => {
    if (isProblem(audit)) return audit;
    const refused = mayRead(state, audit, 'batch comparison', input.unit, who);
    if (refused !== undefined) return refused;
    if ((input.votes === undefined) === (input.notFound === undefined)) return { code: 'votes-or-not-found' };
    return input.votes !== undefined && input.votes.length !== audit.contest.choices.length
      ? {
          code: 'choices',
          expected: `${audit.contest.choices.length} counts`,
          found: `${input.votes.length}`,
        }
      : undefined;
  });
}

export function readCard(
  s: Setting,
  input: BoardAct & {
    readonly unit: string;
    readonly contests: readonly { readonly contest: string; readonly reading: CardReading }[];
  },
): Ruling {
  const { state, who } = s;
  const audits = input.contests.map(({ contest }) => sampled(state, contest));
  const round = Math.max(...audits.map((a) => (isProblem(a) ? 0 : a.rounds.length)));
  const { unit } = input;
  const contests = input.contests.map((c) => ({ contest: c.contest as ContestId, reading: c.reading }));
  const draft = {
    kind: 'paper interpreted' as const,
    about: { ...of(who), round },
    body: { unit, contests },
  };
  return boardDraft(s, input, draft, () => {
    for (const [i, { reading }] of contests.entries()) {
      const audit = audits[i]!;
      if (isProblem(audit)) return audit;
      const refused =
        mayRead(state, audit, 'card comparison', unit, who) ??
        (reading.kind === 'votes' ? choicesFault(audit.contest, reading) : undefined);
      if (refused !== undefined) return refused;
    }
    return new Set(contests.map((c) => c.contest)).size < contests.length
      ? { code: 'contest-twice' }
      : undefined;
  });
}

const of = ({ jurisdiction }: Who) => ({ jurisdiction: jurisdiction as JurisdictionId });

/** May this board read this unit now, in this contest? A reading is changed by a correction, never by a second one. */
function mayRead(
  state: AuditState,
  audit: ContestAudit,
  method: Method,
  unit: string,
  who: Who,
): Problem | undefined {
  if (state.certified) return { code: 'after-certificate' };
  if (audit.method !== method) return { code: 'another-method', expected: audit.method };
  if (audit.rounds.length === 0) return { code: 'paper-before-sample' };
  if (!audit.rounds.some((r) => r.draws.includes(unit))) return { code: 'not-drawn', found: unit };
  if (!unit.startsWith(`${who.jurisdiction}/`))
    return { code: 'another-county', expected: who.jurisdiction!, found: unit };
  if (audit.read.has(unit)) return { code: 'read-already', found: unit };
  return undefined;
}

function choicesFault(
  contest: Contest,
  { choices, writeIns = [] }: Extract<CardReading, { kind: 'votes' }>,
): Problem | undefined {
  const unknown = choices.find((c) => !contest.choices.some((k) => k.id === c));
  if (unknown !== undefined) return { code: 'unknown-choice', expected: contest.name, found: unknown };
  const marked = [...choices, ...writeIns];
  if (marked.length === 0 || new Set(choices).size < choices.length)
    return {
      code: 'choices',
      expected: 'different choices, at least one; or blank',
      found: marked.join(', '),
    };
  const most = 'voteFor' in contest.rule ? contest.rule.voteFor : 1;
  return marked.length > most
    ? { code: 'choices', expected: `${most} at most; more is an overvote`, found: `${marked.length}` }
    : undefined;
}

export async function reportHandCount(
  { state, files, who }: Setting,
  input: {
    readonly county: string;
    readonly contest: string;
    readonly batches: readonly {
      readonly tabulator: string;
      readonly batch: string;
      readonly votes: readonly number[];
      readonly blank: number;
      readonly overvote: number;
    }[];
  },
): Promise<Ruling> {
  const audit = state.contests.get(input.contest as ContestId);
  if (audit === undefined) return no('contest-not-announced', undefined, input.contest);
  if (state.certified) return no('after-certificate');
  if (!audit.ordered) return no('hand-count-before-order');
  const county = input.county as JurisdictionId;
  if (audit.handCounts.has(county)) return no('counted-already', 'a correction', county);
  const manifest = await files.manifest(state.sealed.get(county)!.manifest!.read.file.sha256);
  const key = (tabulator: string, batch: string): string => `${tabulator.trim()}/${batch.trim()}`;
  const sizes = new Map(manifest.batches.map((b) => [key(b.tabulator, b.name), b.size]));
  const wrong: Problem[] = [];
  const seen = new Set<string>();
  for (const b of input.batches) {
    const name = key(b.tabulator, b.batch);
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
    names: input.batches.map((b) => key(b.tabulator, b.batch)),
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
  return yes({
    kind: 'hand count reported',
    author: authorOf(who),
    about: { contest: audit.contest.id, jurisdiction: county },
    body,
    files: [bytes],
  });
}

const voteFor = (contest: Contest): number => ('voteFor' in contest.rule ? contest.rule.voteFor : 1);

// ── the end ──

/** Signs off what each contest came to, in the record's words: a reversed outcome is signed as reversed, and "complete" is no word for it. */
export function certify({ state, who }: Setting, input: { readonly words: string }): Ruling {
  if (state.certified) return no('after-certificate');
  if (!state.announced) return no('certified-before-result');
  const open = [...state.contests.values()].filter((a) => !state.ended(a));
  if (open.length > 0)
    return {
      ok: false,
      problem: {
        code: 'audit-not-ended',
        problems: open.map((a) => ({
          code: 'contest-not-ended',
          expected: a.contest.id,
          found: state.ending(a),
        })),
      },
    };
  return yes({
    kind: 'certificate signed',
    author: authorOf(who),
    body: {
      words: input.words,
      contests: [...state.contests.values()].map((a) => ({
        contest: a.contest.id,
        ending: state.ending(a),
        winners: a.assessed.at(-1)!.winners,
      })),
    },
  });
}

export function explain(
  { state, who }: Setting,
  input: { readonly entries: readonly number[]; readonly check: string; readonly words: string },
): Ruling {
  const missing = input.entries.find((p) => p >= state.count);
  if (missing !== undefined) return no('names-no-earlier-entry', undefined, `${missing}`);
  return yes({
    kind: 'discrepancy explained',
    author: authorOf(who),
    about: { ...of(who), entries: input.entries },
    body: { check: input.check, words: input.words, by: [who.name] },
  });
}

export function challenge(
  { state, who }: Setting,
  input: { readonly words: string; readonly entries?: readonly number[] | undefined },
): Ruling {
  if (state.election === undefined) return no('before-definition');
  return yes({
    kind: 'challenge filed',
    author: authorOf(who),
    about: input.entries === undefined ? {} : { entries: input.entries },
    body: { words: input.words },
  });
}

/** base64 of a value's canonical JSON: of an act, the bytes that a signer signs. */
export const payloadOf = (value: unknown): string => Buffer.from(canonicalJson(value)).toString('base64');
