// Every act of the desk: may it be done now, and which entries does it make? A rule reads the audit as the record has it and gives drafts, or says by
// a fixed word why not. It is asked in the same turn in which its entries are appended, so that nothing can come between; an act that must be
// signed is asked twice, when it is prepared and when it is signed. The keeper's own table of order is asked after it, and is the last judge.
import type { Finding } from '@opencanvass/contract';
import { rulesOf } from '@opencanvass/contract';
import { canonicalJson } from '@opencanvass/evidence/bytes';
import type { ChoiceId, Contest, ContestId, JurisdictionId } from '@opencanvass/evidence/election';
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
  Person,
  RoundAssessed,
} from './audit.ts';
import { isRanked } from './cvrs.ts';
import { checkInputs, type KeptFiles } from './inputs.ts';
import { isMember, samePerson, type Readings, type Telling } from './readings.ts';
import {
  countyName,
  assessHandCount,
  assessSample,
  drawUnits,
  isPaper,
  impossible,
  populationOf,
  seatsOf,
  sealedFiles,
  unitOfMethod,
  type FilesOf,
  type Problem,
} from './sampling.ts';
import type { Threads } from './threads.ts';
import type { Who } from './signIn.ts';

export interface Setting {
  readonly state: AuditState;
  readonly keeper: Keeper;
  readonly files: KeptFiles;
  readonly threads: Threads;
  readonly who: Who;
}

export type Ruling =
  | { readonly ok: true; readonly drafts: readonly Draft[] }
  /** Done before: the same act, sent again. Nothing is appended. */
  | { readonly ok: true; readonly already: readonly number[] }
  | { readonly ok: false; readonly problem: Problem };

export const no = (code: string, expected?: string, found?: string): Extract<Ruling, { ok: false }> => ({
  ok: false,
  problem: {
    code,
    ...(expected === undefined ? {} : { expected }),
    ...(found === undefined ? {} : { found }),
  },
});
export const yes = (...drafts: readonly Draft[]): Ruling => ({ ok: true, drafts });

export const authorOf = ({ role, name, jurisdiction }: Who): Author => ({
  name,
  role,
  ...(jurisdiction === undefined ? {} : { jurisdiction: jurisdiction as JurisdictionId }),
});

/** What a key may sign, by its holder's role. */
export const signsByRole: Readonly<Record<string, readonly EntryKind[]>> = {
  'state administrator': ['seed drawn', 'correction', 'statement made'],
  'county manager': ['manifest sealed', 'CVRs sealed', 'correction'],
  // A lot that decides a tie is how a full hand count is assessed in the end.
  'canvass board': ['certificate signed', 'statement made', 'round assessed'],
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

export const withdrawKey = (
  { who, state }: Setting,
  { keyid, why, words }: { readonly keyid: string; readonly why: string; readonly words: string },
): Ruling =>
  state.keyids.has(keyid)
    ? yes({ kind: 'key withdrawn', author: authorOf(who), body: { keyid, why, words } })
    : no('key-not-on-record', undefined, keyid);

// ── the inputs ──

export interface Upload {
  readonly what: string;
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly read: Omit<ReadFrom, 'file'>;
}

/** May this county give another file? Until the dice are thrown; of what is sealed already, `sealAgain` puts the new one on the record. */
export function mayUpload({ state }: Setting, county: string): Problem | undefined {
  if (state.seed !== undefined) return { code: 'sealed-input-changed-after-seed' };
  if (!state.joined.has(county as JurisdictionId)) return { code: 'unknown-jurisdiction', found: county };
  return undefined;
}

export async function inputFindings(
  { state, files }: Pick<Setting, 'state' | 'files'>,
  county: string,
  uploads: readonly Pick<Upload, 'what' | 'sha256'>[],
): Promise<Finding[]> {
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
  const { county } = input;
  const refused = mayUpload(s, county);
  if (refused !== undefined) return { ok: false, problem: refused };
  if (s.state.sealed.has(county as JurisdictionId))
    return no('sealed-already', 'a seal with a reason', countyName(s.state, county));
  return sealing(s, input);
}

/** A seal in the place of a county's seal: its files were wrong, and nobody knows yet what will be drawn. The old seal stays, and is named. */
export async function sealAgain(
  s: Setting,
  input: { readonly county: string; readonly uploads: readonly Upload[]; readonly reason: string },
): Promise<Ruling> {
  const { state, who, files } = s;
  const county = input.county as JurisdictionId;
  const refused = mayUpload(s, county);
  if (refused !== undefined) return { ok: false, problem: refused };
  const old = state.sealed.get(county);
  if (old?.manifest === undefined)
    return no('not-sealed', 'a seal to be replaced', countyName(s.state, county));
  const digests = [old.manifest.read, ...old.totals.values(), ...(old.cvrs === undefined ? [] : [old.cvrs])];
  const same = (u: Upload): boolean => digests.some((d) => d.file.sha256 === u.sha256);
  if (input.uploads.length === digests.length && input.uploads.every(same))
    return no('nothing-changed', 'other files than those sealed', countyName(s.state, county));
  const made = await sealing(s, input);
  if (!made.ok || 'already' in made) return made;
  // What was announced must still be possible with the new files.
  const sealed = sealedFiles(state);
  const given = (what: string): string | undefined => input.uploads.find((u) => u.what === what)?.sha256;
  const filesOf: FilesOf = (j) =>
    j === county
      ? { manifest: given('manifest'), totals: (id) => given(`totals ${id}`), cvrs: given('cvrs') }
      : sealed(j);
  for (const audit of state.contests.values()) {
    const problem = await impossible(state, audit, files, filesOf);
    if (problem !== undefined) return { ok: false, problem };
  }
  const about = { jurisdiction: county, entries: old.positions };
  return yes(
    { kind: 'correction', author: authorOf(who), about, body: { reason: input.reason } },
    ...made.drafts,
  );
}

async function sealing(
  s: Setting,
  { county, uploads }: { readonly county: string; readonly uploads: readonly Upload[] },
): Promise<Ruling> {
  const stops = (await inputFindings(s, county, uploads)).filter((f) => f.weight === 'stop');
  if (stops.length > 0) return { ok: false, problem: { code: 'inputs-do-not-fit', findings: stops } };
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

export interface Announced {
  readonly contest: string;
  readonly method: Method;
  readonly riskLimit?: string | undefined;
  readonly rule?: string | undefined;
  readonly doubleEntry?: boolean | undefined;
  readonly cards?: number | undefined;
  readonly reported?: readonly string[] | undefined;
}

export async function announce(s: Setting, contests: readonly Announced[]): Promise<Ruling> {
  const { state, files, who } = s;
  if (state.seed !== undefined) return no('announced-after-seed');
  if (state.announced) return no('announced-already');
  const waiting = [...state.joined].find((j) => state.sealed.get(j)?.manifest === undefined);
  if (waiting !== undefined) return no('county-not-sealed', undefined, countyName(state, waiting));
  if (new Set(contests.map((c) => c.contest)).size < contests.length) return no('contest-twice');
  for (const one of contests) {
    const { contest: id, method, riskLimit, rule, cards, reported } = one;
    const contest = state.election!.contests.find((c) => c.id === id);
    if (contest === undefined) return no('unknown-contest', undefined, id);
    const ranked = contest.rule.kind === 'instantRunoff';
    const counted = ranked && method === 'full hand count';
    if (contest.rule.kind !== 'plurality' && !(ranked && method === 'card comparison') && !counted)
      return no(
        'rule-not-for-this-method',
        ranked ? 'card comparison, or full hand count' : 'plurality, or instant runoff',
        `${contest.rule.kind}, ${method}`,
      );
    const stranger = reported?.find((r) => !contest.choices.some((c) => c.id === r));
    if (stranger !== undefined) return no('unknown-choice', contest.name, stranger);
    if (counted !== (reported !== undefined) || (reported?.length ?? 1) !== 1)
      return no(
        counted ? 'reported-winner-not-named' : 'reported-winner-not-asked',
        counted ? 'the one choice that the reported result elects' : undefined,
        contest.name,
      );
    if (method !== 'full hand count' && !(Number(riskLimit) > 0)) return no('no-risk-limit', undefined, id);
    if (rule !== undefined && !rulesOf[method].some((r) => r === rule))
      return no('rule-not-for-this-method', rulesOf[method].join(', '), rule);
    if (cards !== undefined && method !== 'card comparison' && method !== 'ONEAudit')
      return no('cards-need-records', 'card comparison or ONEAudit', method);
    const problem = await impossible(state, { contest, method, cards }, files);
    if (problem !== undefined) return { ok: false, problem };
  }
  return yes({
    kind: 'contests and risk limits announced',
    author: authorOf(who),
    body: {
      contests: contests.map(({ contest, method, riskLimit, rule, doubleEntry, cards, reported }) => ({
        contest: contest as ContestId,
        method,
        ...(riskLimit === undefined || method === 'full hand count' ? {} : { riskLimit }),
        ...(rule === undefined ? {} : { rule }),
        ...(doubleEntry === true ? { doubleEntry } : {}),
        ...(cards === undefined ? {} : { cards }),
        ...(reported === undefined ? {} : { reported: reported as ChoiceId[] }),
      })),
    },
  });
}

export function drawSeed({ state, who }: Setting, input: Bodies['seed drawn']): Ruling {
  if (state.seed !== undefined) return no('second-seed');
  if (!state.announced) return no('seed-before-announcement');
  if (!/^[0-9]+$/.test(input.seed)) return no('seed-not-digits', 'decimal digits', input.seed);
  if (input.seed.length < 20) return no('seed-too-short', '20', `${input.seed.length}`);
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
export const isProblem = (x: object): x is Problem => 'code' in x;

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
  if (before > (audit.assessed.at(-1)?.rounds ?? 0)) return no('round-not-assessed', undefined, `${before}`);
  if (audit.stale) return no('round-not-assessed', 'assessed again after a correction', `${before}`);
  const population = await populationOf(state, audit, files);
  if (isProblem(population)) return { ok: false, problem: population };
  const from = audit.rounds.at(-1)?.to ?? 0;
  const drawn = await drawUnits(
    audit.contest,
    population,
    state.seed.seed,
    from,
    from + input.draws,
    s.threads,
  );
  if (!drawn.ok) return drawn;
  return yes({
    kind: 'sample drawn',
    author: authorOf(who),
    about: { contest: audit.contest.id, round: before + 1 },
    body: drawn.sample,
  });
}

export async function assess(s: Setting, input: { readonly contest: string }): Promise<Ruling> {
  const { state, files, who } = s;
  const audit = state.contests.get(input.contest as ContestId);
  if (audit === undefined) return no('contest-not-announced', undefined, input.contest);
  if (state.certified) return no('after-certificate');
  if (state.ended(audit)) return no('contest-has-ended', undefined, state.ending(audit));
  const about = { contest: audit.contest.id };
  const author = authorOf(who);
  if (audit.ordered || audit.method === 'full hand count') {
    const body = await assessHandCount(state, audit, files);
    return isProblem(body)
      ? { ok: false, problem: body }
      : yes({ kind: 'round assessed', author, about, body });
  }
  if (audit.rounds.length === 0) return no('nothing-drawn');
  const pending = state.drawn(audit).filter((u) => isPaper(u) && !audit.read.has(u));
  if (pending.length > 0)
    return no('paper-not-read', `${state.drawn(audit).length} read`, `${pending.length}`);
  if (audit.rounds.length === audit.assessed.at(-1)?.rounds && !audit.stale)
    return no('round-assessed-already');
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

/** A full hand count ties: the statute lets a lot decide, and the canvass board signs whom it chose and who saw it. */
export async function drawLot(
  { state, files, who }: Setting,
  input: {
    readonly contest: string;
    readonly winners?: readonly string[] | undefined;
    readonly eliminated?: string | undefined;
    readonly how: string;
    readonly statute: string;
    readonly witnesses: readonly string[];
  },
): Promise<Ruling> {
  const { contest, winners: elected = [], eliminated, ...lot } = input;
  const audit = state.contests.get(contest as ContestId);
  if (audit === undefined) return no('contest-not-announced', undefined, contest);
  if (state.certified) return no('after-certificate');
  const last = audit.assessed.at(-1);
  if (state.ended(audit) || audit.stale || last?.tied === undefined)
    return no('no-tie', 'a full hand count that ties', state.ending(audit));
  const { tied: among } = last;
  const chosen = eliminated === undefined ? elected : [eliminated];
  if (
    (eliminated !== undefined) !== (last.choosing === 'loser') ||
    (eliminated !== undefined && elected.length > 0)
  )
    return no(
      'lot-of-another-kind',
      last.choosing === 'loser' ? 'whom the lot eliminated' : 'whom the lot elected',
      chosen.join(', '),
    );
  const named = (id: string): string => audit.contest.choices.find((k) => k.id === id)?.name ?? id;
  const stranger = chosen.find((w) => !among.includes(w));
  if (stranger !== undefined) return no('not-among-the-tied', among.map(named).join(', '), named(stranger));
  const seats = seatsOf(audit.contest) - last.winners.length;
  if (new Set(chosen).size !== chosen.length || chosen.length !== seats)
    return no('seats', `${seats}`, `${chosen.length}`);
  let body: RoundAssessed;
  if (isRanked(audit.contest)) {
    // The count goes on where it had stopped, and may come to another tie.
    const counted = await assessHandCount(state, audit, files, [...lotsDrawn(audit), ...chosen]);
    if (isProblem(counted)) return { ok: false, problem: counted };
    body = {
      ...counted,
      lot: { among, ...(eliminated === undefined ? { winners: chosen } : { eliminated }), ...lot },
    };
  } else {
    const winners = [...last.winners, ...chosen];
    const { reported } = last;
    const agrees = reported?.length === winners.length && winners.every((w) => reported.includes(w));
    const ending = agrees ? 'full hand count agrees' : 'full hand count corrects';
    body = { method: 'full hand count', ending, winners, lot: { among, winners: chosen, ...lot } };
  }
  const about = { contest: audit.contest.id, entries: [last.position] };
  return yes({ kind: 'round assessed', author: authorOf(who), about, body });
}

/** Whom lots chose since the count that tied was assessed. */
function lotsDrawn({ assessed }: ContestAudit): string[] {
  const anew = assessed.findLastIndex((a) => a.lot === undefined);
  return assessed
    .slice(anew + 1)
    .flatMap(({ lot }) => (lot?.eliminated === undefined ? (lot?.winners ?? []) : [lot.eliminated]));
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
  /** Where batches are entered twice: of the unit, before this entry. */
  pair?: { readonly first?: Telling | undefined },
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
  const author = authorOf(who);
  const whole = { ...draft, author, body, ...done };
  if (pair === undefined) return yes(whole);
  // Of two entries by two people nobody reads the first before the second is made: it lies on the record sealed, and the second opens it.
  if (pair.first === undefined) return yes({ ...whole, access: 'sealed' });
  const about = { ...of(who), entries: [pair.first.position] };
  return yes(whole, { kind: 'seal opened', author, about, body: {} });
}

/** The pair of entries that a batch's entry belongs to, where batches are entered twice. */
export const pairOf = (
  { doubleEntry }: ContestAudit,
  readings: Readings,
  unit: string,
): { readonly first?: Telling | undefined } | undefined =>
  doubleEntry ? { first: readings.unit(unit)?.first } : undefined;

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
    readonly blank?: number | undefined;
    readonly overvote?: number | undefined;
    readonly writeIns?: number | undefined;
    readonly notFound?: true | undefined;
    readonly entered?: string | undefined;
  },
): Ruling {
  const { state, who } = s;
  const audit = sampled(state, input.contest);
  const about = isProblem(audit) ? {} : { contest: audit.contest.id, round: audit.rounds.length };
  const { votes, blank, overvote, writeIns } = input;
  const batch =
    votes === undefined
      ? 'not found'
      : {
          votes,
          ...(blank === undefined ? {} : { blank }),
          ...(overvote === undefined ? {} : { overvote }),
          ...(writeIns === undefined ? {} : { writeIns }),
        };
  const draft = {
    kind: 'paper interpreted' as const,
    about: { ...about, ...of(who) },
    body: {
      unit: input.unit,
      batch,
      ...(isProblem(audit) || !audit.doubleEntry ? {} : { entered: input.entered }),
    },
  };
  const refusal = (): Problem | undefined => {
    if (isProblem(audit)) return audit;
    const refused =
      mayRead(state, audit, 'batch', input.unit, who) ??
      mayEnter(audit, audit.read, input, signedBy(who, input));
    if (refused !== undefined) return refused;
    if ((input.votes === undefined) === (input.notFound === undefined)) return { code: 'votes-or-not-found' };
    return input.votes !== undefined && input.votes.length !== audit.contest.choices.length
      ? {
          code: 'choices',
          expected: `${audit.contest.choices.length} counts`,
          found: `${input.votes.length}`,
        }
      : undefined;
  };
  const pair = isProblem(audit) ? undefined : pairOf(audit, audit.read, input.unit);
  return boardDraft(s, input, draft, refusal, pair);
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
      const refused = mayRead(state, audit, 'card', unit, who) ?? readingFault(audit.contest, reading);
      if (refused !== undefined) return refused;
    }
    return new Set(contests.map((c) => c.contest)).size < contests.length
      ? { code: 'contest-twice' }
      : undefined;
  });
}

export const of = ({ jurisdiction }: Who) => ({ jurisdiction: jurisdiction as JurisdictionId });

/** May this board read this unit now, in this contest? A reading is changed by a correction, never by a second one. */
function mayRead(
  state: AuditState,
  audit: ContestAudit,
  kind: 'batch' | 'card',
  unit: string,
  who: Who,
): Problem | undefined {
  if (state.certified) return { code: 'after-certificate' };
  if (unitOfMethod(audit.method) !== kind) return { code: 'another-method', expected: audit.method };
  if (audit.rounds.length === 0) return { code: 'paper-before-sample' };
  if (audit.sample.firstRound(unit) === undefined) return { code: 'not-drawn', found: unit };
  if (!unit.startsWith(`${who.jurisdiction}/`))
    return { code: 'another-county', expected: who.jurisdiction!, found: unit };
  if (audit.read.has(unit)) return { code: 'read-already', found: unit };
  return undefined;
}

/** Where batches are entered twice: one of the two people types, and never both entries. */
export function mayEnter(
  audit: ContestAudit,
  readings: Readings,
  { unit, entered }: { readonly unit: string; readonly entered?: string | undefined },
  by: readonly Person[],
): Problem | undefined {
  if (!audit.doubleEntry) return undefined;
  const names = by.map((m) => m.name);
  if (entered === undefined || !isMember(by, entered))
    return {
      code: 'who-enters',
      expected: names.join(', '),
      ...(entered === undefined ? {} : { found: entered }),
    };
  const first = readings.unit(unit)?.first?.paper.entered;
  return first !== undefined && samePerson(first, entered)
    ? { code: 'entered-by-one-person', expected: first, found: entered }
    : undefined;
}

export function readingFault(contest: Contest, reading: CardReading): Problem | undefined {
  const ranked = contest.rule.kind === 'instantRunoff';
  if (reading.kind === 'votes')
    return ranked
      ? { code: 'another-kind-of-reading', expected: 'a ranking', found: 'votes' }
      : choicesFault(contest, reading);
  if (reading.kind !== 'ranking') return undefined;
  if (!ranked) return { code: 'another-kind-of-reading', expected: 'votes', found: 'a ranking' };
  const marked = reading.ranks.flat();
  const unknown = marked.find((c) => !contest.choices.some((k) => k.id === c));
  if (unknown !== undefined) return { code: 'unknown-choice', expected: contest.name, found: unknown };
  return marked.length === 0
    ? { code: 'choices', expected: 'a choice at some rank; or blank', found: 'none' }
    : undefined;
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
          expected: a.contest.name,
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
  input: {
    readonly contest: string;
    readonly entries: readonly number[];
    readonly reason: string;
    readonly words: string;
  },
): Ruling {
  const audit = state.contests.get(input.contest as ContestId);
  if (audit === undefined) return no('contest-not-announced', undefined, input.contest);
  for (const position of input.entries) {
    const refused = mayLookInto(state, audit, audit.read.at(position)?.unit, who);
    if (refused !== undefined) return { ok: false, problem: { ...refused, found: `entry ${position}` } };
  }
  return yes({
    kind: 'discrepancy explained',
    author: authorOf(who),
    about: { contest: audit.contest.id, ...of(who), entries: input.entries },
    body: { check: 'paper-agrees-with-machine', words: input.words, by: [who.name], reason: input.reason },
  });
}

/** A note of what was looked at. */
export function investigate(
  { state, who }: Setting,
  { contest, unit, words }: { readonly contest: string; readonly unit: string; readonly words: string },
): Ruling {
  const audit = state.contests.get(contest as ContestId);
  if (audit === undefined) return no('contest-not-announced', undefined, contest);
  const refused = mayLookInto(state, audit, unit, who);
  if (refused !== undefined) return { ok: false, problem: { ...refused, found: unit } };
  return yes({
    kind: 'incident noted',
    author: authorOf(who),
    about: { contest: audit.contest.id, ...of(who), entries: audit.read.get(unit)!.positions },
    body: { investigation: { contest: audit.contest.id, unit }, words },
  });
}

/** Only what a round that was assessed has shown, and only of one's own county: before, nobody knows of a difference. */
function mayLookInto(
  state: AuditState,
  audit: ContestAudit,
  unit: string | undefined,
  who: Who,
): Problem | undefined {
  if (unit === undefined || !audit.read.has(unit)) return { code: 'no-reading' };
  if (!unit.startsWith(`${who.jurisdiction}/`))
    return { code: 'another-county', expected: who.jurisdiction ?? 'none' };
  return state.isAssessed(audit, unit) ? undefined : { code: 'round-not-assessed' };
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
