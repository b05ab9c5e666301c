// A batch that two people count, each alone, from the first line to what both confirm. It outlives a reload: the figures lie on the device, and the first
// one's stand on no screen before the second is done.
import type { ComponentType } from 'react';
import type { Board } from '../../outbox.ts';
import type { BatchCount } from './reading.ts';
import type { Contest, Standing, Task } from './standing.ts';
import type { WhyAgain } from '../WhyFields.tsx';

/** A kind of count, by lines or by rankings: `Whole` is what one person found, `Begun` the same while some of it is still to be counted. */
export interface Counting<Begun, Whole extends Begun> {
  readonly nothing: Begun;
  /** Where two counts differ: each one's own, with that to be counted again. */
  readonly again: (one: Whole, two: Whole) => readonly [Begun, Begun] | undefined;
  /** What is still to be counted, by name. */
  readonly left: (begun: Begun) => readonly string[];
  /** By name, for two people to hear. */
  readonly readBack: (count: Whole) => readonly (readonly [name: string, ballots: number])[];
  /** As the desk is told it. */
  readonly told: (count: Whole) => Exclude<BatchCount, 'not found'>;
  /** On which one person counts. */
  readonly Sheet: ComponentType<Sheet<Begun, Whole>>;
}

export interface Sheet<Begun, Whole extends Begun> {
  readonly contest: Contest;
  /** Ballots in the batch, by the manifest. */
  readonly size: number;
  readonly who: string;
  readonly begun: Begun;
  /** How far this person had come before the page was loaded again. */
  readonly draft: Begun | undefined;
  readonly onDraft: (draft: Begun) => void;
  readonly disabled: boolean;
  readonly onCount: (count: Whole) => void;
}

export interface Counts<Begun = unknown, Whole extends Begun = Begun> {
  readonly by: Board['members'];
  /** A correction of what was read before. */
  readonly isAgain: boolean;
  readonly why: WhyAgain;
  /** Whose turn it is. */
  readonly turn: 0 | 1;
  /** What the first found, while the second counts. */
  readonly first: Whole | undefined;
  /** What each begins with: nothing, or their last count with what differed to be counted again. */
  readonly begun: readonly [Begun, Begun];
  /** How far the one whose turn it is had come when the page was loaded again. */
  readonly draft: Begun | undefined;
  /** How often the two differed on this device. */
  readonly differed: number;
  /** What both found, until both confirm it. */
  readonly agreed: Whole | 'not found' | undefined;
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
