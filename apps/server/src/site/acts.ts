// What the entries of a record say was done, in the order in which the site tells it. Bodies that are sealed are not there; what is not there is
// not shown. Nothing is judged here: that is what the checks are for.
import type { ContestId, JurisdictionId } from '@opencanvass/evidence/election';
import type { Bodies, Entry, RecordRead } from '@opencanvass/evidence/record';
import { variantOf, type ActVariant, type Before } from './variants.ts';

/** Where an act stands in the record, and when it was done: as its author says, else when the keeper appended it. */
export interface Place {
  readonly entry: number;
  readonly when: string;
}

export interface Commitment extends Place {
  readonly kind: string;
  readonly county?: JurisdictionId;
  readonly digest: string;
  readonly files: readonly { readonly name: string; readonly sha256: string }[];
  /** The entry that opened it; absent while it is sealed. */
  readonly opened?: number;
  readonly isSealed: boolean;
}

export interface Reading extends Place {
  readonly unit: string;
  readonly county: string;
  /** Of a batch: votes by choice, or 'not found'. Of a card: what was read in one contest. */
  readonly told: Told;
}
export type Told =
  | readonly unknown[]
  | string
  | { readonly kind: string; readonly choices: readonly string[] };

export interface Assessment extends Place {
  readonly rounds: number;
  readonly method: string;
  readonly ending: string;
  readonly winners: readonly string[];
  readonly risk?: number;
  /** True once a reading that it rests on was put right. */
  stale: boolean;
  readonly lot?: {
    readonly among: readonly string[];
    readonly winners: readonly string[];
    readonly eliminated: string;
    readonly how: string;
    readonly statute: string;
    readonly witnesses: readonly string[];
  };
}

export interface ContestActs {
  readonly contest: ContestId;
  readonly method: string;
  readonly riskLimit?: number;
  readonly announced: Place;
  readonly rounds: (Place & { readonly unit: string; readonly draws: readonly string[] })[];
  readonly readings: Map<string, Reading>;
  readonly assessed: Assessment[];
  ordered?: Place & { readonly why: string };
}

export interface CountyActs {
  manifest?: Place & {
    readonly counts: string;
    readonly batches: number;
    readonly size: number;
    readonly file: string;
  };
  readonly handCounts: Map<ContestId, Place & { readonly batches: number }>;
}

/** Something said beside the count: an explanation, an objection, an incident, what somebody looked into, a correction. */
export interface Note extends Place {
  readonly kind: 'explanation' | 'challenge' | 'incident' | 'investigation' | 'correction';
  readonly variant: ActVariant;
  /** The card, batch or county's count that it is about. */
  readonly unit?: string;
  /** A word of contract's whyRead or whyDiffer. */
  readonly why?: string;
  readonly witnesses?: readonly string[];
  readonly words: string;
  readonly by: readonly string[];
  readonly about: readonly number[];
  readonly check?: string;
  readonly county?: JurisdictionId;
}

export interface Acts {
  readonly counties: Map<JurisdictionId, CountyActs>;
  readonly contests: Map<ContestId, ContestActs>;
  readonly commitments: Commitment[];
  readonly previews: (Place & { readonly seed: string })[];
  readonly notes: Note[];
  /** In the order in which each came first. */
  readonly happened: Map<ActVariant, { acts: number; readonly first: string; last: string }>;
  seed?: Place & Bodies['seed drawn'];
  defined?: Place;
  certificate?: Place & { readonly words: string; readonly by: string };
}

export function actsOf({ facts, bodies }: RecordRead): Acts {
  const acts: Acts = {
    counties: new Map(),
    contests: new Map(),
    commitments: [],
    previews: [],
    notes: [],
    happened: new Map(),
  };
  const opened = new Map(
    facts.entries
      .filter((e) => e.act.kind === 'seal opened')
      .flatMap((e) => (e.act.about.entries ?? []).map((at) => [at, e.position] as const)),
  );
  const before: Before = {
    kindOf: (position) => facts.entries[position]?.act.kind,
    isAssessed: (id) => {
      const contest = acts.contests.get(id as ContestId);
      return contest?.assessed.at(-1)?.rounds === contest?.rounds.length;
    },
  };
  for (const entry of facts.entries) {
    const body = bodies.get(entry.position);
    const variant = variantOf(entry, body, before);
    const when = entry.act.done ?? entry.appended;
    const known = acts.happened.get(variant);
    if (known === undefined) acts.happened.set(variant, { acts: 1, first: when, last: when });
    else [known.acts, known.last] = [known.acts + 1, when];
    take(acts, entry, body, opened, variant);
  }
  return acts;
}

function take(
  acts: Acts,
  entry: Entry,
  body: unknown,
  opened: ReadonlyMap<number, number>,
  variant: ActVariant,
): void {
  const { kind, about, author, done } = entry.act;
  const place: Place = { entry: entry.position, when: done ?? entry.appended };
  const contest = about.contest === undefined ? undefined : acts.contests.get(about.contest);
  const county = about.jurisdiction === undefined ? undefined : countyOf(acts, about.jurisdiction);
  if (kind === 'manifest sealed' || kind === 'CVRs sealed') {
    const openedBy = opened.get(entry.position);
    acts.commitments.push({
      ...place,
      kind,
      ...(about.jurisdiction === undefined ? {} : { county: about.jurisdiction }),
      digest: entry.act.body.digest,
      files: filesOf(body),
      ...(openedBy === undefined ? {} : { opened: openedBy }),
      isSealed: entry.act.body.access === 'sealed' && openedBy === undefined,
    });
  }
  if (body === undefined) return;
  const note = (of: Note['kind'], words: unknown, more: Partial<Note> = {}): void =>
    void acts.notes.push({
      ...place,
      kind: of,
      variant,
      words: text(words),
      by: [author.name],
      about: about.entries ?? [],
      ...(about.jurisdiction === undefined ? {} : { county: about.jurisdiction }),
      ...more,
    });
  switch (kind) {
    case 'election defined':
      acts.defined = place;
      break;
    case 'manifest sealed': {
      const { counts, batches, size, read } = body as {
        counts?: unknown;
        batches?: unknown;
        size?: unknown;
        read?: { file?: { sha256?: unknown } };
      };
      if (county !== undefined)
        county.manifest = {
          ...place,
          counts: text(counts),
          batches: Number(batches ?? 0),
          size: Number(size ?? 0),
          file: text(read?.file?.sha256),
        };
      break;
    }
    case 'contests and risk limits announced':
      for (const one of (body as Bodies['contests and risk limits announced']).contests)
        acts.contests.set(one.contest, {
          contest: one.contest,
          method: one.method ?? '',
          ...(one.riskLimit === undefined ? {} : { riskLimit: Number(one.riskLimit) }),
          announced: place,
          rounds: [],
          readings: new Map(),
          assessed: [],
        });
      break;
    case 'seed drawn':
      acts.seed ??= { ...place, ...(body as Bodies['seed drawn']) };
      break;
    case 'sample drawn': {
      const { unit, draws } = body as { unit?: unknown; draws?: unknown };
      if (Array.isArray(draws)) contest?.rounds.push({ ...place, unit: text(unit), draws: draws.map(text) });
      break;
    }
    case 'paper interpreted':
      takeReading(acts, contest, place, body);
      break;
    case 'round assessed': {
      const { method, ending, winners, risk, lot } = body as Record<string, unknown>;
      contest?.assessed.push({
        ...place,
        rounds: contest.rounds.length,
        method: text(method),
        ending: text(ending),
        winners: Array.isArray(winners) ? winners.map(text) : [],
        ...(typeof risk === 'number' ? { risk } : {}),
        ...(lot === undefined ? {} : { lot: lotOf(lot as Record<string, unknown>) }),
        stale: false,
      });
      break;
    }
    case 'full hand count ordered':
      if (contest !== undefined) contest.ordered = { ...place, why: text((body as { why?: unknown }).why) };
      break;
    case 'hand count reported': {
      const { contest: of, batches } = body as Bodies['hand count reported'];
      county?.handCounts.set(of, { ...place, batches });
      break;
    }
    case 'discrepancy explained': {
      const { words, by, check, reason } = body as Bodies['discrepancy explained'];
      note('explanation', words, { by, check, ...(reason === undefined ? {} : { why: reason }) });
      break;
    }
    case 'challenge filed':
    case 'challenge decided':
      note('challenge', (body as { words?: unknown }).words);
      break;
    case 'correction':
      takeCorrection(acts, note, entry, body as Bodies['correction'], variant);
      break;
    case 'incident noted': {
      const { preview, attempts, investigation, words } = body as {
        preview?: { seed?: unknown };
        attempts?: unknown;
        investigation?: { unit?: unknown };
        words?: unknown;
      };
      if (preview !== undefined) acts.previews.push({ ...place, seed: text(preview.seed) });
      else if (investigation !== undefined) note('investigation', words, { unit: text(investigation.unit) });
      else if (attempts === undefined) note('incident', words);
      break;
    }
    case 'certificate signed':
      acts.certificate = { ...place, words: text((body as { words?: unknown }).words), by: author.name };
      break;
    default:
      break;
  }
}

/** A correction in words, or one that puts a body in another's place: then what was assessed of a reading before no longer counts. */
function takeCorrection(
  acts: Acts,
  note: (of: Note['kind'], words: unknown, more: Partial<Note>) => void,
  { act: { about } }: Entry,
  { reason, replacement }: Bodies['correction'],
  variant: ActVariant,
): void {
  const { unit, why, by, witnesses } = (replacement ?? {}) as Record<string, unknown>;
  note('correction', reason, {
    ...(unit === undefined ? {} : { unit: text(unit) }),
    ...(why === undefined ? {} : { why: text(why) }),
    ...(Array.isArray(by) && by.length > 0
      ? { by: (by as { name?: unknown; party?: unknown }[]).map((p) => `${text(p.name)} (${text(p.party)})`) }
      : {}),
    ...(Array.isArray(witnesses) ? { witnesses: witnesses.map(text) } : {}),
  });
  const named = about.entries ?? [];
  for (const contest of acts.contests.values()) {
    const last = contest.assessed.at(-1);
    if (last === undefined) continue;
    const rests =
      variant === 'hand count put right'
        ? last.method === 'full hand count' && contest.contest === about.contest
        : [...contest.readings.values()].some((r) => named.includes(r.entry)) &&
          variant.startsWith('read again');
    if (rests) last.stale = true;
  }
}

function lotOf(lot: Record<string, unknown>): NonNullable<Assessment['lot']> {
  const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(text) : []);
  return {
    among: texts(lot['among']),
    winners: texts(lot['winners']),
    eliminated: text(lot['eliminated']),
    how: text(lot['how']),
    statute: text(lot['statute']),
    witnesses: texts(lot['witnesses']),
  };
}

/** A unit is read once its board, or both people of it one after the other, have told what is on the paper. */
function takeReading(acts: Acts, of: ContestActs | undefined, place: Place, body: unknown): void {
  const { unit, contests, entered } = body as { unit?: unknown; contests?: unknown; entered?: unknown };
  const id = text(unit);
  const reading = (told: Told): Reading => ({
    ...place,
    unit: id,
    county: id.slice(0, Math.max(0, id.indexOf('/'))),
    told,
  });
  if (entered !== undefined && of !== undefined) {
    // Typed in twice, by two people: the second that says the same makes it a reading.
    const key = JSON.stringify([id, (body as { batch?: unknown }).batch]);
    const once = enteredOnce.get(of) ?? new Map<string, string>();
    enteredOnce.set(of, once);
    const before = once.get(key);
    once.set(key, text(entered));
    if (before === undefined || before === text(entered)) return;
  }
  if (Array.isArray(contests))
    for (const one of contests as { contest?: unknown; reading?: { kind?: unknown; choices?: unknown } }[]) {
      const { kind, choices } = one.reading ?? {};
      const told = { kind: text(kind), choices: Array.isArray(choices) ? choices.map(text) : [] };
      acts.contests.get(text(one.contest) as ContestId)?.readings.set(id, reading(told));
    }
  else {
    const { batch } = body as { batch?: { votes?: unknown } | string };
    const votes = typeof batch === 'object' ? batch.votes : batch;
    of?.readings.set(id, reading(Array.isArray(votes) ? votes : text(votes)));
  }
}
const enteredOnce = new WeakMap<ContestActs, Map<string, string>>();

function countyOf({ counties }: Acts, id: JurisdictionId): CountyActs {
  let county = counties.get(id);
  if (county === undefined) counties.set(id, (county = { handCounts: new Map() }));
  return county;
}

function filesOf(body: unknown): Commitment['files'] {
  const file = (body as { read?: { file?: { name?: unknown; sha256?: unknown } } } | undefined)?.read?.file;
  return file === undefined ? [] : [{ name: text(file.name), sha256: text(file.sha256) }];
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
