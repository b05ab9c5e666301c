import { describe, expect, test } from 'vitest';
import type { Waiting } from '../../outbox.ts';
import { inOrder, tasksOfHandCount, type HandBatch } from './standing.ts';

const batch = (name: string): HandBatch => ({
  unit: `kern/T1/${name}`,
  tabulator: 'T1',
  batch: name,
  size: 50,
  done: false,
  entries: 0,
  differed: 0,
});
const contest = (id: string, ...names: string[]) => ({
  contest: id,
  name: id,
  voteFor: 1,
  choices: [],
  doubleEntry: false,
  batches: names.map(batch),
});
const told = (unit: string, of: string, refused?: Waiting['refused']): Waiting =>
  ({
    n: 1,
    unit,
    contest: of,
    input: { body: {} },
    ...(refused === undefined ? {} : { refused }),
  }) as Waiting;

describe('a board’s tasks', () => {
  test('what was told of a batch stands at that batch and contest, and nowhere else', () => {
    const tasks = tasksOfHandCount({ contests: [contest('mayor', 'B1', 'B2'), contest('clerk', 'B1')] }, [
      told('kern/T1/B1', 'mayor'),
      told('kern/T1/B2', 'mayor', { code: 'batch-not-in-manifest' }),
      told('kern/T1/B9', 'mayor'),
    ]);
    expect(tasks.map((t) => [t.batch, t.contests[0]!.contest, t.standing])).toEqual([
      ['B1', 'mayor', 'waiting'],
      ['B2', 'mayor', 'refused'],
      ['B1', 'clerk', 'to do'],
    ]);
  });
  test('are in the order of their names, numbers as numbers', () => {
    const tasks = tasksOfHandCount({ contests: [contest('mayor', 'Batch 10', 'Batch 9', 'Batch 1')] }, []);
    expect(tasks.toSorted(inOrder).map((t) => t.batch)).toEqual(['Batch 1', 'Batch 9', 'Batch 10']);
  });
});
