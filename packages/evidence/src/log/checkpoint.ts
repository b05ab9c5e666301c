// What the log says it is: its name, how many leaves, and their root. C2SP tlog-checkpoint, as the text of a signed note.
import { equalBytes, fromBase64, sha256 as pureSha256, toBase64 } from '../bytes/index.ts';
import type { Sha256 } from '../bytes/index.ts';
import { hashLength, rootOf } from './tree.ts';
import type { Tree } from './tree.ts';

export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
}

/** The note's text: three lines, each with its newline. */
export const checkpointText = ({ origin, size, root }: Checkpoint): string =>
  `${origin}\n${size}\n${toBase64(root)}\n`;

export type CheckpointFault =
  /** Not three lines. Extension lines, which nobody could audit, are not part of our profile. */
  | { readonly code: 'checkpoint-lines'; readonly found: number }
  | { readonly code: 'checkpoint-origin' }
  /** Not a decimal number without leading zeros, or above 2^53 - 1. */
  | { readonly code: 'checkpoint-size'; readonly found: string }
  /** Not the base64 of 32 bytes. */
  | { readonly code: 'checkpoint-root'; readonly found: string };

export type CheckpointReading =
  | { readonly ok: true; readonly checkpoint: Checkpoint }
  | { readonly ok: false; readonly fault: CheckpointFault };

export function parseCheckpoint(text: string): CheckpointReading {
  const lines = text.split('\n');
  const [origin, size, root, end] = lines;
  if (lines.length !== 4 || end !== '')
    return { ok: false, fault: { code: 'checkpoint-lines', found: lines.length - 1 } };
  if (origin === undefined || !isOrigin(origin)) return { ok: false, fault: { code: 'checkpoint-origin' } };
  if (size === undefined || !/^(0|[1-9][0-9]*)$/.test(size) || !Number.isSafeInteger(Number(size)))
    return { ok: false, fault: { code: 'checkpoint-size', found: size ?? '' } };
  const hash = fromBase64(root ?? '');
  if (hash?.length !== hashLength)
    return { ok: false, fault: { code: 'checkpoint-root', found: root ?? '' } };
  return { ok: true, checkpoint: { origin, size: Number(size), root: hash } };
}

/** In our profile the origin is also the log's key name, so it has neither spaces nor a plus. */
export const isOrigin = (origin: string): boolean => origin !== '' && !/[\p{White_Space}+]/u.test(origin);

export type HistoryFault =
  /** The two name different logs. */
  | { readonly code: 'history-other-log'; readonly older: string; readonly newer: string }
  /** The log at hand is shorter than one already seen: it was cut, or it is an old copy. */
  | { readonly code: 'history-shorter'; readonly seen: number; readonly size: number }
  /** The log at hand does not begin with the leaves seen before: two logs under one name. */
  | {
      readonly code: 'history-differs';
      readonly size: number;
      readonly computed: Uint8Array;
      readonly seen: Uint8Array;
    };

/** Does the log, whose leaves were all read, continue one that somebody kept a checkpoint of? Undefined if it does. */
export function checkHistory(
  log: { readonly origin: string; readonly tree: Tree },
  seen: Checkpoint,
  sha256: Sha256 = pureSha256,
): HistoryFault | undefined {
  if (seen.origin !== log.origin) return { code: 'history-other-log', older: seen.origin, newer: log.origin };
  if (seen.size > log.tree.size) return { code: 'history-shorter', seen: seen.size, size: log.tree.size };
  const computed = rootOf(log.tree, seen.size, sha256);
  return equalBytes(computed, seen.root)
    ? undefined
    : { code: 'history-differs', size: seen.size, computed, seen: seen.root };
}
