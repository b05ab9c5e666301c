// A batch that two people count, each alone, from the first line to what both confirm. It outlives a reload: the first one's figures lie on the device,
// and stand on no screen before the second is done.
import type { Board } from '../../outbox.ts';
import type { WhyAgain } from './ReadAgain.tsx';
import type { Standing, Task } from './standing.ts';
import type { Tally, WholeTally } from './tally.ts';

export interface Counts {
  readonly by: Board['members'];
  /** A correction of what was read before. */
  readonly isAgain: boolean;
  readonly why: WhyAgain;
  /** Whose turn it is. */
  readonly turn: 0 | 1;
  /** What the first found, while the second counts. */
  readonly first: WholeTally | undefined;
  /** Which lines are counted. */
  readonly lines: readonly number[];
  /** How often the two differed on this device. */
  readonly differed: number;
  /** What each found last: the lines that agree are not counted again. */
  readonly before: readonly [Tally, Tally];
  /** What both found, until both confirm it. */
  readonly agreed: WholeTally | 'not found' | undefined;
}

export const nameOfCounts = ({ county, name }: Board, { key }: Task): string => `${county} ${name} ${key}`;

/** May these two go on with the counts that are kept here? Not others, and not where other entries were made in the meantime. */
export function goesOn(
  counts: Counts,
  by: Board['members'],
  { isAgain, isDouble, standing }: { isAgain: boolean; isDouble: boolean; standing: Standing },
): boolean {
  if (counts.isAgain !== isAgain || JSON.stringify(counts.by) !== JSON.stringify(by)) return false;
  if (!isDouble) return true;
  // Each entry was told when it was made: another pair, or another half of this one, is with the desk now.
  return standing !== 'refused' && standing !== (counts.first === undefined ? 'entered once' : 'count again');
}
