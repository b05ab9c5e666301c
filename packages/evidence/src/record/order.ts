// Which entry may follow which. The keeper refuses an act that breaks this table (in a conducted record); everybody checks it again.
// It is the one definition that the judge and the judged share. specs/record.md section "order" is the same table in words.
//
// The idea: definitions → results, manifest and CVRs sealed → contests and risk limits announced → seed → sample → paper → assessment →
// certificate. Commit before the dice: a sealed input that changes once the seed is known could have been made to fit the sample.
import type { JurisdictionId } from '../election/index.ts';
import type { About, Entry, EntryKind } from './entry.ts';

/** The part of an entry that its order depends on. */
export interface Step {
  readonly kind: EntryKind;
  readonly about: About;
}

export interface OrderFault {
  readonly code: OrderCode;
  /** What had to come first, or what it came too late after. */
  readonly because: EntryKind;
}

export type OrderCode =
  | 'before-definition' | 'second-definition' | 'sealed-input-changed-after-seed' | 'announced-before-results' | 'announced-after-seed'
  | 'seed-before-seal' | 'seed-before-announcement' | 'second-seed' | 'sample-before-seed' | 'paper-before-sample' | 'assessed-before-paper'
  | 'hand-count-before-order' | 'certified-before-result' | 'opened-before-sealed' | 'names-no-earlier-entry'
  | 'before-jurisdiction-joined' | 'after-certificate'; // prettier-ignore

const sealedInputs: ReadonlySet<EntryKind> = new Set(['manifest sealed', 'CVRs sealed', 'results reported']);

/** Kinds that must name the earlier entries they are about. */
const namesEntries: ReadonlySet<EntryKind> = new Set([
  'correction',
  'seal opened',
  'discrepancy explained',
  'challenge decided',
]);

/** What may still come after a certificate: corrections and what people say of it, never new evidence slipped in. */
const mayFollowCertificate: ReadonlySet<EntryKind> = new Set([
  'certificate signed', 'correction', 'statement made', 'claim registered', 'challenge filed', 'challenge decided', 'incident noted',
  'seal opened', 'file received', 'key authorised', 'key withdrawn', 'discrepancy explained',
]); // prettier-ignore

/** Everything that is wrong with `step` coming after the entries `before`. An empty list is a step that may be taken. */
export function orderFaults(before: Steps, step: Step, record: 'conducted' | 'reconstructed'): OrderFault[] {
  const faults: OrderFault[] = [];
  const fault = (code: OrderCode, because: EntryKind): void => void faults.push({ code, because });
  const { kind, about } = step;

  if (kind === 'election defined') {
    if (before.count > 0) fault('second-definition', 'election defined');
  } else if (!before.has('election defined')) fault('before-definition', 'election defined');
  if (namesEntries.has(kind)) {
    const named = about.entries ?? [];
    if (named.length === 0 || named.some((p) => p < 0 || p >= before.count))
      fault('names-no-earlier-entry', kind);
  }
  // A reconstructed record is gathered afterwards: the order of its entries says nothing of the order of acts, and a check says so.
  if (record === 'reconstructed') return faults;

  if (
    about.jurisdiction !== undefined &&
    kind !== 'jurisdiction joined' &&
    !before.hasJoined(about.jurisdiction)
  )
    fault('before-jurisdiction-joined', 'jurisdiction joined');
  if (before.has('certificate signed') && !mayFollowCertificate.has(kind))
    fault('after-certificate', 'certificate signed');
  // A correction of a sealed input is a change of it: after the seed there is no other way than to seal anew and draw anew, in a new record.
  const changes = kind === 'correction' ? (about.entries ?? []).map((p) => before.kindAt(p) ?? kind) : [kind];
  if (changes.some((k) => sealedInputs.has(k)) && before.has('seed drawn'))
    fault('sealed-input-changed-after-seed', 'seed drawn');
  switch (kind) {
    case 'contests and risk limits announced':
      if (!before.has('results reported')) fault('announced-before-results', 'results reported');
      if (before.has('seed drawn')) fault('announced-after-seed', 'seed drawn');
      break;
    case 'seed drawn':
      if (!before.has('manifest sealed')) fault('seed-before-seal', 'manifest sealed');
      if (!before.has('contests and risk limits announced'))
        fault('seed-before-announcement', 'contests and risk limits announced');
      if (before.has('seed drawn')) fault('second-seed', 'seed drawn');
      break;
    case 'sample drawn':
      if (!before.has('seed drawn')) fault('sample-before-seed', 'seed drawn');
      break;
    case 'paper interpreted':
      if (!before.has('sample drawn') && !before.has('full hand count ordered'))
        fault('paper-before-sample', 'sample drawn');
      break;
    case 'round assessed':
      if (!before.has('paper interpreted') && !before.has('hand count reported'))
        fault('assessed-before-paper', 'paper interpreted');
      break;
    case 'hand count reported':
      if (!before.has('full hand count ordered')) fault('hand-count-before-order', 'full hand count ordered');
      break;
    case 'certificate signed':
      if (!before.has('round assessed') && !before.has('hand count reported'))
        fault('certified-before-result', 'round assessed');
      break;
    case 'seal opened':
      if ((about.entries ?? []).some((p) => !before.isSealed(p)))
        fault('opened-before-sealed', 'seal opened');
      break;
    default:
      break;
  }
  return faults;
}

/** What the table needs to know of the entries so far. */
export interface Steps {
  readonly count: number;
  readonly has: (kind: EntryKind) => boolean;
  /** True if the entry at this position has a sealed body. */
  readonly isSealed: (position: number) => boolean;
  /** The kind of the entry at this position; undefined where there is none. */
  readonly kindAt: (position: number) => EntryKind | undefined;
  /** True if an entry 'jurisdiction joined' is about this jurisdiction. */
  readonly hasJoined: (jurisdiction: JurisdictionId) => boolean;
}

/** The entries so far, as the table wants to see them; add each entry once it has been judged. */
export class StepsSoFar implements Steps {
  #kinds: (EntryKind | undefined)[] = [];
  #seen = new Set<EntryKind>();
  #sealed = new Set<number>();
  #joined = new Set<JurisdictionId>();
  get count(): number {
    return this.#kinds.length;
  }
  has(kind: EntryKind): boolean {
    return this.#seen.has(kind);
  }
  isSealed(position: number): boolean {
    return this.#sealed.has(position);
  }
  kindAt(position: number): EntryKind | undefined {
    return this.#kinds[position];
  }
  hasJoined(jurisdiction: JurisdictionId): boolean {
    return this.#joined.has(jurisdiction);
  }
  /** Leaves without a place for an entry that could not be read: the positions after it stay what they are. */
  skipTo(position: number): void {
    while (this.#kinds.length < position) this.#kinds.push(undefined);
  }
  add(entry: { readonly act: Pick<Entry['act'], 'kind' | 'about' | 'body'> }): void {
    const { kind, about, body } = entry.act;
    if (body.access === 'sealed') this.#sealed.add(this.#kinds.length);
    if (kind === 'jurisdiction joined' && about.jurisdiction !== undefined)
      this.#joined.add(about.jurisdiction);
    this.#kinds.push(kind);
    this.#seen.add(kind);
  }
}
