// One entry of the election record: what was done, by whom, when; and the salted digest of its body.
// specs/record.md defines the bytes; this file is its shape in TypeScript.
//
// An entry is one leaf of the log. Its `act` is what the signers sign (as DSSE); the keeper adds position and time.
import type {
  ChoiceId,
  Contest,
  ContestId,
  Election,
  Jurisdiction,
  JurisdictionId,
} from '../election/index.ts';
import type { TallyColumn } from '../paper/index.ts';
import type { StatedAudit } from '../stated/index.ts';
import type { Statement } from './claim.ts';

/** A SHA-256 as 64 lower-case hex digits. */
export type Sha256Hex = string;

export const entryKinds = [
  'election defined', 'jurisdiction joined', 'key authorised', 'key withdrawn', 'file received', 'counts reported', 'manifest sealed', 'CVRs sealed',
  'results reported', 'contests and risk limits announced', 'seed drawn', 'sample drawn', 'paper interpreted', 'discrepancy explained',
  'round assessed', 'full hand count ordered', 'hand count reported', 'incident noted', 'challenge filed', 'challenge decided',
  'statement made', 'claim registered', 'certificate signed', 'seal opened', 'correction',
] as const; // prettier-ignore
export type EntryKind = (typeof entryKinds)[number];

/** Who did it: a person or an office, in a role, for a jurisdiction. Real people only as the public record names them. */
export interface Author {
  readonly name: string;
  /** 'state administrator', 'county manager', 'audit board', 'canvass board', 'observer', 'compiler' (of a reconstructed record)… */
  readonly role: string;
  readonly jurisdiction?: JurisdictionId;
}

/** What an entry is about, so that a reader of the log alone can find the entries of a contest or a county. */
export interface About {
  readonly contest?: ContestId;
  readonly jurisdiction?: JurisdictionId;
  readonly round?: number;
  /** The positions of earlier entries that this one corrects, explains, decides, opens or rests on. */
  readonly entries?: readonly number[];
}

export interface Act {
  readonly kind: EntryKind;
  readonly author: Author;
  /** When it was done, as stated by the author: RFC 3339 with an offset, or a date; absent where nobody stated it. */
  readonly done?: string;
  readonly about: About;
  /** 'open': the body is published with the entry. 'sealed': not until an entry 'seal opened' names it. */
  readonly body: { readonly access: 'open' | 'sealed'; readonly digest: Sha256Hex };
}

export interface ActSignature {
  /** The key's id: the SHA-256 of its 32 bytes, hex. */
  readonly keyid: Sha256Hex;
  /** Ed25519 over the DSSE pre-authentication encoding of the act, base64. */
  readonly sig: string;
}

export interface Entry {
  readonly v: 1;
  readonly position: number;
  /** When the keeper appended it, RFC 3339 in UTC with milliseconds, by the keeper's clock. Order is proved by the log, not by this. */
  readonly appended: string;
  readonly act: Act;
  readonly signatures: readonly ActSignature[];
}

/** A body as it lies beside the log: the salt makes low-entropy bodies (a small batch's totals) unguessable from the digest. */
export interface SaltedBody {
  /** 32 bytes, base64. */
  readonly salt: string;
  readonly body: unknown;
}

/** A file beside the log, named by its SHA-256. */
export interface FileRef {
  readonly name: string;
  readonly sha256: Sha256Hex;
  readonly bytes: number;
  /** false: the record names the file and does not hold it; whoever has it can hold it against the digest. */
  readonly held?: false;
}

/** How a table was made from a file received: with that reader, of that version, anyone gets the same table from the same bytes. */
export interface ReadFrom {
  readonly file: FileRef;
  readonly reader: string;
  readonly version: string;
  readonly rowsRead: number;
  readonly rowsRefused: number;
}

/** The bodies, by kind, of the entries that this version folds. */
export interface Bodies {
  'election defined': {
    readonly record: 'conducted' | 'reconstructed';
    readonly origin: string;
    readonly election: Election;
  };
  'jurisdiction joined': { readonly jurisdiction: Jurisdiction };
  'key authorised': {
    readonly keyid: Sha256Hex;
    /** 32 bytes, base64. */ readonly publicKey: string;
    readonly holder: Author;
    readonly signs: readonly EntryKind[];
  };
  /** From here on the key signs nothing; what it signed before stays signed. */
  'key withdrawn': { readonly keyid: Sha256Hex; readonly why: string; readonly words: string };
  'file received': {
    readonly file: FileRef;
    readonly from: string;
    readonly retrieved?: string;
    readonly licence?: string;
    readonly states?: StatedAudit;
    /** The file reports the rounds of this contest. The rules are those of the count, as `rulesFromJson` reads them; absent: the usual ones. */
    readonly rounds?: { readonly contest: ContestId; readonly rules?: unknown };
  };
  'counts reported': { readonly contest: ContestId; readonly read?: ReadFrom; readonly table: FileRef };
  'results reported': {
    readonly contest: ContestId;
    readonly choices: readonly ChoiceId[];
    readonly status: 'certified' | 'unofficial' | 'not stated';
    readonly asOf?: string;
    readonly statedTotals?: readonly number[];
    readonly read?: ReadFrom;
    readonly table: FileRef;
  };
  'hand count reported': {
    readonly contest: ContestId;
    readonly granularity: 'batch' | 'type';
    readonly columns: readonly TallyColumn[];
    /** Of the whole county or batches of it, by column: the sums of the table, so that the entry can be read without the file. */
    readonly totals: readonly number[];
    /** How many batches of paper the totals are of, whatever the table's rows are. */
    readonly batches: number;
    readonly read?: ReadFrom;
    readonly table: FileRef;
    /** Of one that stands in another's place. */
    readonly why?: string;
  };
  'contests and risk limits announced': {
    readonly contests: readonly {
      readonly contest: ContestId;
      readonly riskLimit?: string;
      readonly method?: string;
      /** The risk function, as its paper calls it: 'MACRO', 'ALPHA'… Absent: the method's usual one. */
      readonly rule?: string;
      /** Batches are entered twice, by two people, and count where both entries agree. */
      readonly doubleEntry?: boolean;
      /** How many cards hold the contest, known from outside the machines. Given, only such cards are drawn. */
      readonly cards?: number;
      /** Whom the reported result elects, where nothing else that is sealed says so: a ranked contest that is counted in full. */
      readonly reported?: readonly ChoiceId[];
    }[];
  };
  'seed drawn': { readonly seed: string; readonly how: string; readonly witnesses: readonly string[] };
  'discrepancy explained': {
    readonly check: string;
    readonly words: string;
    readonly by: readonly string[];
    readonly accountsFor?: { readonly value: number; readonly unit: 'votes' | 'ballots' | 'cards' };
    /** What kind of reason it is, in the words of the desk: specs/desk.md. */
    readonly reason?: string;
  };
  'statement made': Statement;
  'claim registered': Statement;
  correction: { readonly reason: string; readonly replacement?: unknown };
}
export type { Contest };
