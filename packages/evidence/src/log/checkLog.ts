// Is this published log whole, and is it the one that its keeper signed? Reads the checkpoint, its signatures, every entry bundle and
// every tile; reports all that is wrong, and what it could not get to.
import { equalBytes, sha256 as pureSha256, verifyEd25519 as pureVerify } from '../bytes/index.ts';
import type { Sha256, VerifyEd25519 } from '../bytes/index.ts';
import { checkHistory, parseCheckpoint } from './checkpoint.ts';
import type { Checkpoint, CheckpointFault, HistoryFault } from './checkpoint.ts';
import { checkSignatures, parseNote } from './note.ts';
import type { NoteFault, SignatureAnswer, VerifierKey } from './note.ts';
import { checkTiles, rootOfTiles } from './tiles.ts';
import type { LogFiles, TileFault } from './tiles.ts';

export interface LogExpectations {
  /** The log's key or keys. Where they come from, and why one trusts them, the caller knows. */
  readonly logKeys: readonly VerifierKey[];
  readonly witnessKeys?: readonly VerifierKey[];
  /** How many different witnesses must have cosigned; 0 if absent. */
  readonly witnessesNeeded?: number;
  readonly origin?: string;
  /** Checkpoints of this log that somebody kept: a newspaper, the minutes of the board, an earlier visit. */
  readonly seen?: readonly Checkpoint[];
  readonly sha256?: Sha256;
  readonly verify?: VerifyEd25519;
}

export type LogFault =
  | { readonly code: 'checkpoint-missing' }
  | NoteFault
  | CheckpointFault
  | { readonly code: 'origin-differs'; readonly expected: string; readonly found: string }
  /** No key of the log, with the origin as its name, has signed. */
  | { readonly code: 'log-signature-missing' }
  /** A line that claims a known key and does not verify, or stands twice. */
  | {
      readonly code: 'signature-false' | 'signature-repeated';
      readonly name: string;
      readonly keyId: string;
    }
  | { readonly code: 'witnesses-missing'; readonly needed: number; readonly found: number }
  /** The leaves published give another root than the one signed. */
  | { readonly code: 'root-differs'; readonly computed: Uint8Array; readonly signed: Uint8Array }
  | TileFault
  | HistoryFault
  /** Not all leaves could be read, so the root, or a kept checkpoint, could not be compared. */
  | { readonly code: 'root-unchecked' | 'history-unchecked' };

export interface LogReport {
  /** As the file states it, even where its signature is false. Absent if it cannot be read. */
  readonly checkpoint?: Checkpoint;
  readonly signatures: readonly SignatureAnswer[];
  /** By position; undefined where it cannot be read. */
  readonly leaves: readonly (Uint8Array | undefined)[];
  /** Empty if, and only if, the log holds. */
  readonly faults: readonly LogFault[];
}

export function checkLog(files: LogFiles, expected: LogExpectations): LogReport {
  const bytes = files.read('checkpoint');
  if (bytes === undefined) return unreadable({ code: 'checkpoint-missing' });
  const reading = parseNote(bytes);
  if (!reading.ok) return unreadable(reading.fault);
  const parsed = parseCheckpoint(reading.note.text);
  if (!parsed.ok) return unreadable(parsed.fault);
  const { checkpoint } = parsed;

  const keys = [...expected.logKeys, ...(expected.witnessKeys ?? [])];
  const signatures = checkSignatures(reading.note, keys, expected.verify ?? pureVerify);
  const tiles = checkTiles(files, checkpoint.size, expected.sha256 ?? pureSha256);
  const tree = tiles.tree;
  const root = rootOfTiles(tiles, expected.sha256);

  const faults: LogFault[] = [...signatureFaults(checkpoint, signatures, expected), ...tiles.faults];
  if (root === undefined) faults.push({ code: 'root-unchecked' });
  else if (!equalBytes(root, checkpoint.root))
    faults.push({ code: 'root-differs', computed: root, signed: checkpoint.root });
  for (const seen of expected.seen ?? []) {
    const fault: LogFault | undefined =
      tree === undefined
        ? { code: 'history-unchecked' }
        : checkHistory({ origin: checkpoint.origin, tree }, seen, expected.sha256);
    if (fault !== undefined) faults.push(fault);
  }
  return { checkpoint, signatures, leaves: tiles.leaves, faults };
}

const unreadable = (fault: LogFault): LogReport => ({ signatures: [], leaves: [], faults: [fault] });

function signatureFaults(
  { origin }: Checkpoint,
  signatures: readonly SignatureAnswer[],
  { origin: expectedOrigin, logKeys, witnessesNeeded = 0 }: LogExpectations,
): LogFault[] {
  const faults: LogFault[] = [];
  if (expectedOrigin !== undefined && origin !== expectedOrigin)
    faults.push({ code: 'origin-differs', expected: expectedOrigin, found: origin });
  for (const { code, name, keyId } of signatures)
    if (code === 'signature-false' || code === 'signature-repeated') faults.push({ code, name, keyId });
  const verified = signatures.filter((s) => s.code === 'signature-verified');
  const byLog = verified.filter(
    (s) =>
      s.type === 'ed25519' &&
      s.name === origin &&
      logKeys.some((k) => k.name === s.name && k.keyId === s.keyId),
  );
  if (byLog.length === 0) faults.push({ code: 'log-signature-missing' });
  const witnesses = new Set(verified.filter((s) => s.type === 'cosignature').map((s) => s.name)).size;
  if (witnesses < witnessesNeeded)
    faults.push({ code: 'witnesses-missing', needed: witnessesNeeded, found: witnesses });
  return faults;
}
