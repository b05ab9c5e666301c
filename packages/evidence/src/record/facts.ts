// What reading a published record brought to light about the record itself. Everything is kept, nothing stops at the first fault.
import type { Entry, EntryKind } from './entry.ts';

/** One fault of the record: which rule, at which file or entry, and the evidence. */
export interface RecordFault {
  /** The check that reports it. */
  readonly check: string;
  /** A fixed word: 'body-differs', 'entry-missing', 'second-seed'… (specs/record.md lists them). */
  readonly code: string;
  readonly path?: string;
  readonly position?: number;
  readonly expected?: string;
  readonly found?: string;
}

export interface RecordFacts {
  readonly kind: 'conducted' | 'reconstructed';
  readonly origin: string;
  /** Entries in the log that could be read. */
  readonly entries: readonly Entry[];
  /** What the checkpoint says: the number of entries, root hash in hex. */
  readonly size: number;
  readonly root: string;
  /** True if the checkpoint was held against a key that the verifier knows from outside the record. */
  readonly keyKnown: boolean;
  readonly faults: readonly RecordFault[];
  /** Checks of the record that could not be made, with what is missing. */
  readonly untold: readonly { readonly check: string; readonly code: string }[];
  /** Numbers for the findings: how many files, bytes, bodies, signatures were checked. */
  readonly read: {
    readonly files: number;
    readonly bytes: number;
    readonly bodies: number;
    readonly sealedBodies: number;
    readonly tiles: number;
    readonly actSignatures: number;
    readonly cosignatures: number;
    /** Tables compared with what their original file says when it is read again. */
    readonly tablesReadAgain: number;
  };
  readonly kinds: ReadonlyMap<EntryKind, number>;
}
