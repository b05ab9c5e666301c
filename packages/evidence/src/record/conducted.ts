// An audit as its record has it: what was sealed, announced, drawn, read, assessed and certified (specs/desk.md). Nothing is judged here, and
// nothing is computed again: that is for the checks. A body that has not the shape of that page is named and left out; whoever conducted
// the audit may have written what this version does not know.
import type { ChoiceId, ContestId, JurisdictionId } from '../election/index.ts';
import { readBatchTotals, readManifest, type Reading } from '../formats/index.ts';
import type { Contest, Election } from '../election/index.ts';
import type { BallotManifest, HandCount } from '../paper/index.ts';
import type { Bodies, Entry, EntryKind, ReadFrom, Sha256Hex } from './entry.ts';
import type { Source, Sourced } from './evidence.ts';
import { amount, anything, either, having, list, oneOf, share, text, whole, type Shape } from './shape.ts';
import { readFrom } from './shapes.ts';

/** The bodies of specs/desk.md that are folded. */
export interface ConductedBodies {
  'manifest sealed': {
    readonly read: ReadFrom;
    readonly counts: 'ballots' | 'cards';
    readonly batches: number;
    readonly size: number;
  };
  'CVRs sealed':
    | { readonly of: 'batch totals'; readonly contest: ContestId; readonly read: ReadFrom }
    | { readonly of: 'cast vote records'; readonly read: ReadFrom };
  /** Draws (or places of the order) `from` + 1 to `to`. */
  'sample drawn': {
    readonly unit: 'batch' | 'card';
    readonly from: number;
    readonly to: number;
    readonly draws: readonly string[];
  };
  'paper interpreted':
    | (Read & { readonly batch: BatchOnPaper })
    | (Read & { readonly contests: readonly CardOnPaper[] });
  'round assessed': {
    readonly method: string;
    readonly ending: string;
    readonly winners: readonly string[];
    readonly risk?: number;
    readonly why?: string;
    /** How far the next round should go in all: on average, and enough in nine of ten cases. */
    readonly next?: { readonly expected: number; readonly p90: number; readonly unit: string };
    /** Where a full hand count ties: among whom. */
    readonly tied?: readonly string[];
    /** Where the paper left seats tied: among whom the lot was drawn. */
    readonly lot?: Lot;
  };
  'certificate signed': { readonly contests: readonly Certified[] };
}
/** A lot says who is elected, or, in a round of a ranked contest, who is eliminated. */
type Lot = { readonly among: readonly string[] } & (
  | { readonly winners: readonly string[] }
  | { readonly eliminated: string }
);
interface Read {
  readonly unit: string;
  readonly by: readonly Person[];
  /** Of double entry: who of the two entered this one. */
  readonly entered?: string;
}
export type BatchOnPaper =
  | { readonly votes: readonly number[] }
  /** Of a ranked contest: how many ballots have each ranking. */
  | {
      readonly rankings: readonly {
        readonly ranks: readonly (readonly string[])[];
        readonly ballots: number;
      }[];
    }
  | 'not found';
export interface CardOnPaper {
  readonly contest: ContestId;
  readonly reading: {
    readonly kind: 'votes' | 'ranking' | 'blank' | 'overvote' | 'not on ballot' | 'not found';
    readonly choices?: readonly string[];
    /** By rank, from the first: the choices marked there. */
    readonly ranks?: readonly (readonly string[])[];
  };
}
export interface Person {
  readonly name: string;
  readonly party: string;
}
export interface Certified {
  readonly contest: ContestId;
  readonly ending: string;
  readonly winners: readonly string[];
}

const read = readFrom;
const batch = either(
  having({ votes: list(whole) }),
  having({ rankings: list(having({ ranks: list(list(text)), ballots: whole })) }),
  oneOf('not found'),
);
const by = list(having({ name: text, party: text }));
const reading = either(
  having({ kind: oneOf('votes'), choices: list(text) }),
  having({ kind: oneOf('ranking'), ranks: list(list(text)) }),
  having({ kind: oneOf('blank', 'overvote', 'not on ballot', 'not found') }),
);
const conductedShapes: Readonly<Record<keyof ConductedBodies, Shape>> = {
  'manifest sealed': having({ read, counts: oneOf('ballots', 'cards'), batches: whole, size: whole }),
  'CVRs sealed': either(
    having({ of: oneOf('batch totals'), contest: text, read }),
    having({ of: oneOf('cast vote records'), read }),
  ),
  'sample drawn': having({ unit: oneOf('batch', 'card'), from: whole, to: whole, draws: list(text) }),
  'paper interpreted': either(
    having({ unit: text, batch, by }, { entered: text }),
    having({ unit: text, contests: list(having({ contest: text, reading })), by }, { entered: text }),
  ),
  'round assessed': having(
    { method: text, ending: text, winners: list(text) },
    {
      risk: share,
      why: text,
      next: having({ expected: amount, p90: amount, unit: text }),
      tied: list(text),
      lot: either(
        having({ among: list(text), winners: list(text) }),
        having({ among: list(text), eliminated: text }),
      ),
    },
  ),
  'certificate signed': having({
    words: anything,
    contests: list(having({ contest: text, ending: text, winners: list(text) })),
  }),
};

/** The export of cast vote records that an entry of this kind and body seals; undefined where it seals none. */
export function exportIn(kind: EntryKind, body: unknown): ReadFrom | undefined {
  if (kind !== 'CVRs sealed' || conductedShapes[kind](body, kind) !== undefined) return undefined;
  const sealed = body as ConductedBodies['CVRs sealed'];
  return sealed.of === 'cast vote records' ? sealed.read : undefined;
}

/** What is at hand of a sealed input, or which of these words says why it is not. */
export type Input<T> =
  | { readonly ok: true; readonly value: T; readonly source: Source }
  | { readonly ok: false; readonly code: InputLacking; readonly source: Source };
export type InputLacking =
  /** The body is sealed still, or is not the one committed to. */
  | 'seal-not-opened'
  /** The body is of another shape. */
  | 'body-not-understood'
  /** The file is not in the record, or not the one named. */
  | 'file-not-at-hand'
  | 'file-not-read';

/** Votes by the batch's name, blanks at its ends apart, in the order of the contest's choices. */
export type TotalsByBatch = ReadonlyMap<string, readonly number[]>;

/** What a county sealed: its last manifest, and what was sealed with it. */
export interface SealedInputs {
  readonly manifest?: Input<BallotManifest>;
  readonly totals: ReadonlyMap<ContestId, Input<TotalsByBatch>>;
  /** One for each export of cast vote records. */
  readonly exports: readonly SealedExport[];
}
export interface SealedExport {
  readonly position: number;
  readonly read: Input<ReadFrom>;
}

/** A reading as it stood at first, or as a correction put it. */
export interface PaperReading {
  /** The entry that says it. */
  readonly position: number;
  /** The reading in whose place it stands, where a correction says it. */
  readonly replaces?: number;
  readonly unit: string;
  readonly by: readonly Person[];
  readonly entered?: string;
  readonly paper: { readonly batch: BatchOnPaper } | { readonly card: CardOnPaper['reading'] };
}

/** The audit of one contest: everything with the position of its entry, in the order of the log. */
export interface AuditedContest {
  readonly contest: Contest;
  readonly position: number;
  readonly method: string;
  /** As announced, as is what follows. */
  readonly riskLimit?: string;
  readonly rule?: string;
  /** How many cards hold the contest. */
  readonly cards?: number;
  readonly reported?: readonly ChoiceId[];
  readonly rounds: readonly (ConductedBodies['sample drawn'] & { readonly position: number })[];
  readonly readings: readonly PaperReading[];
  readonly assessments: readonly (ConductedBodies['round assessed'] & { readonly position: number })[];
  /** The entry that ordered a full hand count. */
  readonly ordered?: number;
  /** As they were reported, and as corrections put them. */
  readonly handCounts: readonly {
    readonly position: number;
    /** The report in whose place it stands, where a correction says it. */
    readonly replaces?: number;
    readonly jurisdiction: JurisdictionId;
    readonly count: HandCount;
  }[];
}

/** An entry whose body was sealed, and what became of it. */
export interface Seal {
  readonly position: number;
  readonly kind: EntryKind;
  readonly jurisdiction?: JurisdictionId;
  /** The entry that opened it. */
  readonly opened?: number;
  /** True if the body is there and is the one committed to. */
  readonly asCommitted: boolean;
}

export interface ConductedAudit {
  readonly seed?: { readonly seed: string; readonly position: number };
  readonly counties: ReadonlyMap<JurisdictionId, SealedInputs>;
  readonly contests: readonly AuditedContest[];
  readonly seals: readonly Seal[];
  readonly certificates: readonly { readonly position: number; readonly contests: readonly Certified[] }[];
  /** Readings in contests that were not announced. */
  readonly strays: readonly { readonly position: number; readonly unit: string; readonly contest: string }[];
  /** Entries whose bodies have not the shape of specs/desk.md, and where they differ from it. */
  readonly notUnderstood: readonly {
    readonly position: number;
    readonly kind: EntryKind;
    readonly at: string;
  }[];
}

interface Growing {
  readonly contest: Contest;
  readonly position: number;
  readonly method: string;
  readonly riskLimit?: string;
  readonly rule?: string;
  readonly cards?: number;
  readonly reported?: readonly ChoiceId[];
  readonly rounds: AuditedContest['rounds'][number][];
  readonly readings: PaperReading[];
  readonly assessments: AuditedContest['assessments'][number][];
  ordered?: number;
  readonly handCounts: AuditedContest['handCounts'][number][];
}
interface GrowingInputs {
  manifest?: Input<BallotManifest>;
  readonly totals: Map<ContestId, Input<TotalsByBatch>>;
  readonly exports: SealedExport[];
}

/** Takes the entries in their order. */
export class ConductedFold {
  readonly #files: ReadonlyMap<Sha256Hex, Uint8Array>;
  readonly #record: 'conducted' | 'reconstructed';
  readonly #contests = new Map<string, Growing>();
  readonly #counties = new Map<JurisdictionId, GrowingInputs>();
  readonly #seals = new Map<number, Seal>();
  readonly #certificates: ConductedAudit['certificates'][number][] = [];
  readonly #strays: ConductedAudit['strays'][number][] = [];
  readonly #notUnderstood: ConductedAudit['notUnderstood'][number][] = [];
  /** By position: the entries that say readings, for those that correct them. */
  readonly #paperEntries = new Map<number, Entry>();
  #seed: ConductedAudit['seed'];
  #began = false;

  constructor(files: ReadonlyMap<Sha256Hex, Uint8Array>, record: 'conducted' | 'reconstructed') {
    this.#files = files;
    this.#record = record;
  }

  /**
   * `body` is what stands now, corrections taken; `committed` what the entry itself committed to, undefined where it is not at hand.
   */
  take(entry: Entry, body: unknown, committed: unknown, election: Election | undefined): void {
    const { kind, about, body: access } = entry.act;
    const { position } = entry;
    if (access.access === 'sealed')
      this.#seals.set(position, {
        position,
        kind,
        ...(about.jurisdiction === undefined ? {} : { jurisdiction: about.jurisdiction }),
        asCommitted: committed !== undefined,
      });
    const audit = about.contest === undefined ? undefined : this.#contests.get(about.contest);
    switch (kind) {
      case 'manifest sealed':
        this.#manifest(entry, body);
        break;
      case 'CVRs sealed':
        this.#machines(entry, body, election);
        break;
      case 'contests and risk limits announced':
        if (body !== undefined)
          this.#announce(
            position,
            body as Bodies['contests and risk limits announced'],
            election?.contests ?? [],
          );
        break;
      case 'seed drawn':
        if (body !== undefined && this.#seed === undefined)
          this.#seed = { seed: (body as Bodies['seed drawn']).seed, position };
        break;
      case 'sample drawn': {
        const sample = this.#understood(entry, 'sample drawn', body);
        if (sample !== undefined) audit?.rounds.push({ ...sample, position });
        break;
      }
      case 'paper interpreted':
        this.#paperEntries.set(position, entry);
        this.#paper(entry, committed, position);
        break;
      case 'correction':
        this.#correctReadings(entry, committed as Bodies['correction'] | undefined);
        break;
      case 'round assessed': {
        const assessed = this.#understood(entry, 'round assessed', body);
        if (assessed !== undefined) audit?.assessments.push({ ...assessed, position });
        break;
      }
      case 'full hand count ordered':
        if (audit !== undefined) audit.ordered ??= position;
        break;
      case 'certificate signed': {
        const certificate = this.#understood(entry, 'certificate signed', body);
        if (certificate !== undefined) this.#certificates.push({ position, contests: certificate.contests });
        break;
      }
      case 'seal opened':
        for (const p of about.entries ?? []) {
          const seal = this.#seals.get(p);
          if (seal !== undefined && seal.opened === undefined)
            this.#seals.set(p, { ...seal, opened: position });
        }
        break;
      default:
        break;
    }
  }

  /** A county's hand count, read from its table already. */
  handCount(reported: AuditedContest['handCounts'][number]): void {
    this.#contests.get(reported.count.contest)?.handCounts.push(reported);
  }

  /** Undefined where nothing was sealed and nothing announced: there is no audit in this record. */
  result(): ConductedAudit | undefined {
    if (!this.#began) return undefined;
    return {
      ...(this.#seed === undefined ? {} : { seed: this.#seed }),
      counties: this.#counties,
      contests: [...this.#contests.values()],
      seals: [...this.#seals.values()],
      certificates: this.#certificates,
      strays: this.#strays,
      notUnderstood: this.#notUnderstood,
    };
  }

  /** The manifests at hand, of all jurisdictions. */
  manifests(): readonly Sourced<{
    readonly jurisdiction: JurisdictionId;
    readonly manifest: BallotManifest;
  }>[] {
    return [...this.#counties].flatMap(([jurisdiction, { manifest }]) =>
      manifest?.ok === true
        ? [{ value: { jurisdiction, manifest: manifest.value }, sources: [manifest.source] }]
        : [],
    );
  }

  #understood<K extends keyof ConductedBodies>(
    entry: Entry,
    kind: K,
    body: unknown,
  ): ConductedBodies[K] | undefined {
    if (body === undefined) return undefined; // missing or changed: a fault of the bodies already
    const at = conductedShapes[kind](body, kind);
    if (at === undefined) return body as ConductedBodies[K];
    this.#notUnderstood.push({ position: entry.position, kind, at });
    return undefined;
  }

  #county(jurisdiction: JurisdictionId): GrowingInputs {
    this.#began = true;
    let inputs = this.#counties.get(jurisdiction);
    if (inputs === undefined) this.#counties.set(jurisdiction, (inputs = { totals: new Map(), exports: [] }));
    return inputs;
  }

  #manifest(entry: Entry, body: unknown): void {
    const { jurisdiction } = entry.act.about;
    if (jurisdiction === undefined) return;
    // A county that seals anew, before the seed, seals everything anew. In what was gathered afterwards the order says nothing.
    if (this.#record === 'conducted') {
      this.#counties.delete(jurisdiction);
      for (const seal of this.#seals.values())
        if (seal.jurisdiction === jurisdiction && seal.position < entry.position)
          this.#seals.delete(seal.position);
    }
    this.#county(jurisdiction).manifest = this.#input(entry, 'manifest sealed', body, ({ read: from }) =>
      this.#file(entry, from, readManifest),
    );
  }

  #machines(entry: Entry, body: unknown, election: Election | undefined): void {
    const { jurisdiction, contest: id } = entry.act.about;
    if (jurisdiction === undefined) return;
    const inputs = this.#county(jurisdiction);
    // Of a body that is not at hand, what the act is about tells: a contest's totals, or the records of all contests.
    const of = this.#input(entry, 'CVRs sealed', body, (machines, source) => ({
      ok: true,
      value: machines,
      source,
    }));
    if (!of.ok) {
      if (id === undefined) inputs.exports.push({ position: entry.position, read: of });
      else inputs.totals.set(id, of);
      return;
    }
    const { value, source } = of;
    if (value.of === 'cast vote records') {
      const { file } = value.read;
      const from = { ...source, name: file.name, sha256: file.sha256 };
      inputs.exports.push({
        position: entry.position,
        read:
          file.held === false
            ? { ok: false, code: 'file-not-at-hand', source: from }
            : { ok: true, value: value.read, source: from },
      });
      return;
    }
    const contest = election?.contests.find((c) => c.id === value.contest);
    if (contest !== undefined)
      inputs.totals.set(
        contest.id,
        this.#file(entry, value.read, (name, bytes) => readTotals(name, bytes, contest)),
      );
  }

  #input<K extends keyof ConductedBodies, T>(
    entry: Entry,
    kind: K,
    body: unknown,
    use: (body: ConductedBodies[K], source: Source) => Input<T>,
  ): Input<T> {
    const source = { name: kind, position: entry.position };
    if (body === undefined) return { ok: false, code: 'seal-not-opened', source };
    const understood = this.#understood(entry, kind, body);
    return understood === undefined
      ? { ok: false, code: 'body-not-understood', source }
      : use(understood, source);
  }

  #file<T>(
    entry: Entry,
    { file }: ReadFrom,
    readIt: (name: string, bytes: Uint8Array) => Reading<T>,
  ): Input<T> {
    const source = { name: file.name, sha256: file.sha256, position: entry.position };
    const bytes = this.#files.get(file.sha256);
    if (bytes === undefined) return { ok: false, code: 'file-not-at-hand', source };
    const found = readIt(file.name, bytes);
    return found.ok ? { ok: true, value: found.value, source } : { ok: false, code: 'file-not-read', source };
  }

  #announce(
    position: number,
    { contests }: Bodies['contests and risk limits announced'],
    known: readonly Contest[],
  ): void {
    for (const { contest: id, method, riskLimit, rule, cards, reported } of contests) {
      const contest = known.find((c) => c.id === id);
      if (contest === undefined || method === undefined || this.#contests.has(id)) continue;
      this.#began = true;
      this.#contests.set(id, {
        contest,
        position,
        method,
        ...(riskLimit === undefined ? {} : { riskLimit }),
        ...(rule === undefined ? {} : { rule }),
        ...(cards === undefined ? {} : { cards }),
        ...(reported === undefined ? {} : { reported }),
        rounds: [],
        readings: [],
        assessments: [],
        handCounts: [],
      });
    }
  }

  #paper(entry: Entry, body: unknown, position: number): void {
    const paper = this.#understood(entry, 'paper interpreted', body);
    if (paper === undefined) return;
    const { unit, by: readers, entered } = paper;
    const said = {
      position,
      unit,
      by: readers,
      ...(entered === undefined ? {} : { entered }),
      ...(position === entry.position ? {} : { replaces: entry.position }),
    };
    const add = (contest: string | undefined, what: PaperReading['paper']): void => {
      const audit = contest === undefined ? undefined : this.#contests.get(contest);
      if (audit === undefined) this.#strays.push({ position, unit, contest: contest ?? '' });
      else audit.readings.push({ ...said, paper: what });
    };
    if ('batch' in paper) add(entry.act.about.contest, { batch: paper.batch });
    else for (const { contest, reading: card } of paper.contests) add(contest, { card });
  }

  #correctReadings(entry: Entry, body: Bodies['correction'] | undefined): void {
    if (body?.replacement === undefined) return;
    for (const p of entry.act.about.entries ?? []) {
      const corrected = this.#paperEntries.get(p);
      if (corrected !== undefined) this.#paper(corrected, body.replacement, entry.position);
    }
  }
}

/** A contest's totals by batch, its choices in its own order, a column for each. */
function readTotals(name: string, bytes: Uint8Array, contest: Contest): Reading<TotalsByBatch> {
  const found = readBatchTotals(name, bytes, [
    { name: contest.name, choices: contest.choices.map((c) => c.name) },
  ]);
  if (!found.ok) return found;
  const [totals] = found.value;
  const columns = contest.choices.map((c) => totals?.choices.indexOf(c.name) ?? -1);
  if (totals === undefined || columns.includes(-1)) return { ok: false, refusals: [] };
  const width = totals.choices.length;
  const value = new Map(
    totals.batches.map((b, i) => [b.trim(), columns.map((c) => totals.votes[i * width + c]!)]),
  );
  return { ...found, value };
}
