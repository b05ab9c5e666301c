// What a board still has to do, in the order in which paper is taken from its containers: what the desk knows, and over it what this device has not sent.
import type { Output, Problem, routes } from '@opencanvass/contract';
import type { Waiting } from '../../outbox.ts';

type Work = Output<typeof routes.work>;
export type Unit = Work['units'][number];
export type Contest = Unit['contests'][number];
/** A contest as its ballot has it. */
export type OnBallot = Pick<Contest, 'contest' | 'name' | 'voteFor' | 'choices' | 'ranks'>;
type HandCount = Output<typeof routes.handCountWork>['contests'][number];
export type HandBatch = HandCount['batches'][number];

/** Of a card, or of a batch in one contest. */
export type Standing =
  | 'to do'
  /** One of the two has typed it. */
  | 'entered once'
  /** Two entries differed: to be counted again. */
  | 'count again'
  /** Confirmed, and not yet with the desk. */
  | 'waiting'
  | 'refused'
  | 'done';

export interface Task {
  readonly kind: 'card' | 'batch' | 'hand count';
  /** Names the task on this device. */
  readonly key: string;
  readonly unit: string;
  readonly tabulator: string;
  readonly batch: string;
  readonly card?: number;
  /** The number that the scanner printed on the card, where it is known. */
  readonly imprinted?: string;
  /** Cards in the batch, as the manifest has it. */
  readonly size: number;
  readonly contests: readonly Contest[];
  readonly standing: Standing;
  /** Of a batch that is entered twice and was entered once: who typed it. */
  readonly entered?: string;
  readonly refused: readonly (Waiting & { readonly refused: Problem })[];
}

/** Of a sample; `waiting` is what this device told and `work` does not know of. */
export function tasksOfWork(work: Work | undefined, waiting: readonly Waiting[]): Task[] {
  const tasks: Task[] = [];
  const toldOf = byUnit(waiting);
  for (const { id, tabulator, batch, card, imprinted, size, contests } of work?.units ?? []) {
    const base = { unit: id, tabulator, batch, size };
    if (card !== undefined) {
      const told = toldOf(id);
      tasks.push({
        ...base,
        kind: 'card',
        key: id,
        card,
        ...(imprinted === undefined ? {} : { imprinted }),
        contests,
        standing: standingOf({ done: contests.every((c) => c.done), differed: 0 }, told, false),
        refused: told.filter(isRefused),
      });
    } else for (const contest of contests) tasks.push(batchTask('batch', base, contest, toldOf(id)));
  }
  return tasks;
}

/** Of a full hand count. */
export function tasksOfHandCount(
  handCount: Output<typeof routes.handCountWork> | undefined,
  waiting: readonly Waiting[],
): Task[] {
  const tasks: Task[] = [];
  const toldOf = byUnit(waiting);
  for (const { batches, ...contest } of handCount?.contests ?? [])
    for (const { unit, tabulator, batch, size, ...is } of batches) {
      const counted = { ...contest, ...is };
      tasks.push(batchTask('hand count', { unit, tabulator, batch, size }, counted, toldOf(unit)));
    }
  return tasks;
}

/** A county that is counted in full has thousands of units, and looks at what was told of each. */
function byUnit(waiting: readonly Waiting[]): (unit: string) => readonly Waiting[] {
  const told = Map.groupBy(waiting, (w) => w.unit);
  return (unit) => told.get(unit) ?? none;
}
const none: readonly Waiting[] = [];

/** The desk gives a hand count in this order already, so that there is nothing to sort but what of a sample comes between. */
export const inOrder = (a: Task, b: Task): number =>
  byName(a.tabulator, b.tabulator) || byName(a.batch, b.batch) || (a.card ?? 0) - (b.card ?? 0);

function batchTask(
  kind: 'batch' | 'hand count',
  base: Pick<Task, 'unit' | 'tabulator' | 'batch' | 'size'>,
  contest: Contest,
  ofUnit: readonly Waiting[],
): Task {
  const told = ofUnit.filter((w) => w.contest === contest.contest);
  const refused = told.filter(isRefused);
  const under = told.filter((w) => !isRefused(w));
  const isHalf = contest.doubleEntry && !contest.done && (contest.entries + under.length) % 2 === 1;
  const last = under.at(-1)?.input.body;
  const entered = last === undefined ? contest.entered : 'entered' in last ? last.entered : undefined;
  return {
    ...base,
    kind,
    key: `${base.unit} ${contest.contest}`,
    contests: [contest],
    standing: standingOf(contest, told, isHalf),
    ...(isHalf && entered !== undefined ? { entered } : {}),
    refused,
  };
}

const isRefused = (w: Waiting): w is Waiting & { readonly refused: Problem } => w.refused !== undefined;

function standingOf(
  { done, differed }: Pick<Contest, 'done' | 'differed'>,
  told: readonly Waiting[],
  /** Of two entries one is made. */
  isHalf: boolean,
): Standing {
  if (told.some(isRefused)) return 'refused';
  if (isHalf) return 'entered once';
  if (told.length > 0) return 'waiting';
  if (done) return 'done';
  return differed > 0 ? 'count again' : 'to do';
}

export const isLeft = ({ standing }: Task): boolean =>
  standing === 'to do' || standing === 'entered once' || standing === 'count again' || standing === 'refused';

/** Numbers within names as numbers: batch 2 before batch 10. */
const names = new Intl.Collator('en', { numeric: true });
const byName = (a: string, b: string): number => names.compare(a, b);

/** The next task that is left after this one, from the beginning again after the last. */
export function nextLeft(tasks: readonly Task[], key: string): Task | undefined {
  const at = tasks.findIndex((t) => t.key === key);
  const round = [...tasks.slice(at + 1), ...tasks.slice(0, Math.max(at, 0))];
  return round.find(isLeft);
}
