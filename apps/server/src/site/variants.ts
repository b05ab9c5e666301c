// Which act an entry is, as people would tell it: a kind of entry may be one of several acts, and each has words of its own (words.ts). A correction of
// a seal is not one of a reading; an assessment may be the first, another after a correction, a hand count's, a tie, a lot.
import type { Entry, EntryKind } from '@opencanvass/evidence/record';

export type ActVariant =
  | Exclude<
      EntryKind,
      'paper interpreted' | 'round assessed' | 'correction' | 'incident noted' | 'discrepancy explained'
    >
  | 'card read'
  | 'batch read'
  | 'batch entered by one of two'
  | 'paper read, sealed'
  | 'read again'
  | 'read again before witnesses'
  | 'hand count put right'
  | 'seal replaced'
  | 'correction in words'
  | 'round assessed'
  | 'round assessed again'
  | 'hand count assessed'
  | 'tie'
  | 'lot'
  | 'preview'
  | 'investigation'
  | 'chain of attempts'
  | 'incident'
  | 'difference explained'
  | 'discrepancy explained';

/** What is known of the entries before. */
export interface Before {
  readonly kindOf: (position: number) => EntryKind | undefined;
  /** Was the last round that was drawn for this contest assessed already? */
  readonly isAssessed: (contest: string | undefined) => boolean;
}

export function variantOf(
  { act: { kind, about } }: Pick<Entry, 'act'>,
  body: unknown,
  before: Before,
): ActVariant {
  const said = (body ?? {}) as Readonly<Record<string, unknown>>;
  switch (kind) {
    case 'paper interpreted':
      if (body === undefined) return 'paper read, sealed';
      if (said['entered'] !== undefined) return 'batch entered by one of two';
      return said['contests'] === undefined ? 'batch read' : 'card read';
    case 'round assessed':
      if (said['lot'] !== undefined) return 'lot';
      if (said['tied'] !== undefined) return 'tie';
      if (said['method'] === 'full hand count') return 'hand count assessed';
      return before.isAssessed(about.contest) ? 'round assessed again' : 'round assessed';
    case 'correction': {
      const kinds = (about.entries ?? []).map(before.kindOf);
      const replacement = said['replacement'] as Readonly<Record<string, unknown>> | undefined;
      if (kinds.includes('hand count reported') && replacement !== undefined) return 'hand count put right';
      if (replacement !== undefined)
        return replacement['witnesses'] === undefined ? 'read again' : 'read again before witnesses';
      return kinds.some((k) => k === 'manifest sealed' || k === 'CVRs sealed')
        ? 'seal replaced'
        : 'correction in words';
    }
    case 'incident noted':
      if (said['preview'] !== undefined) return 'preview';
      if (said['investigation'] !== undefined) return 'investigation';
      return said['attempts'] === undefined ? 'incident' : 'chain of attempts';
    case 'discrepancy explained':
      return said['reason'] === undefined ? 'discrepancy explained' : 'difference explained';
    default:
      return kind;
  }
}
