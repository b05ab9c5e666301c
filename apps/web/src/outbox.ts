// What two people of a board confirmed and the desk does not have yet. It lies in the browser's own store: it survives a reload, a lost network and
// a session that ended, and is sent in the order in which it was confirmed, each entry under a name of its own, so that one whose answer was
// lost can be sent again and is on the record once. Beside it lies what the board needs to go on with no network: who it is, its work, and the
// counts of batches that one of the two has made and the other has not.
import { routes, type Input, type Output, type Problem } from '@opencanvass/contract';
import { useSyncExternalStore } from 'react';
import { ask, Refused } from './api.ts';
import type { Counts } from './pages/board/counts.ts';
import { actingAs, type Session } from './session.ts';

type Members = NonNullable<Output<typeof routes.whoAmI>['members']>;

/** An audit board: its name, its county, and the two people who are at the table. */
export interface Board {
  readonly name: string;
  readonly county: string;
  readonly members: Members;
}

/** The board whose session this is, if it is one's. */
export const boardOf = (session: Session | null | undefined): Board | undefined =>
  session?.role === 'audit board' && session.members !== undefined
    ? { name: session.who, county: session.jurisdiction!, members: session.members }
    : undefined;

/** Of this board, and not of another that worked at this device. */
export const isOf = (
  { name, county }: Pick<Board, 'name' | 'county'>,
  waiting: Pick<Waiting, 'board' | 'county'>,
): boolean => waiting.board === name && waiting.county === county;

/** The routes by which a board tells what it read. */
type Telling = 'readCard' | 'readBatch' | 'countBatch' | 'reRead';
export type Told = {
  readonly [T in Telling]: { readonly route: T; readonly input: Input<(typeof routes)[T]> };
}[Telling];

export type Waiting = Told & {
  /** Their order. */
  readonly n: number;
  readonly board: string;
  readonly county: string;
  /** The card or batch, and of a batch the contest. */
  readonly unit: string;
  readonly contest?: string;
  /** Why the desk did not take it; it is not sent again. */
  readonly refused?: Problem;
};

/** With the desk since then (milliseconds of this device's clock); work that was told earlier does not know of it. */
export type Taken = Waiting & { readonly taken: number };

export type Sending =
  /** Nothing to send, or it is being sent. */
  | 'at work'
  | 'no network'
  /** The session is over: the board's code is asked for again. */
  | 'signed out'
  /** The desk answers, but not now: too many requests, or a fault of its own. */
  | 'later';

interface Snapshot {
  /** False until the store has been read. */
  readonly ready: boolean;
  readonly waiting: readonly Waiting[];
  readonly taken: readonly Taken[];
  readonly sending: Sending;
  readonly board: Board | undefined;
  readonly work: Output<typeof routes.work> | undefined;
  readonly handCount: Output<typeof routes.handCountWork> | undefined;
  /** By whose they are and of which batch. */
  readonly counts: ReadonlyMap<string, Counts>;
}
type Kept = Pick<Snapshot, 'board' | 'work' | 'handCount'>;

let snapshot: Snapshot = {
  ready: false,
  waiting: [],
  taken: [],
  sending: 'at work',
  board: undefined,
  work: undefined,
  handCount: undefined,
  counts: new Map(),
};
const listeners = new Set<() => void>();
const change = (next: Partial<Snapshot>): void => {
  snapshot = { ...snapshot, ...next };
  for (const tell of listeners) tell();
};

export const useOutbox = (): Snapshot =>
  useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      void open();
      return () => listeners.delete(tell);
    },
    () => snapshot,
  );

// ── telling ──

/** Puts what was confirmed into the store, and sends it if it can be sent. Resolves once it is stored. */
export async function tell(
  told: Told,
  about: { readonly unit: string; readonly contest?: string },
): Promise<void> {
  const { board } = snapshot;
  if (board === undefined) throw new Error('no board is at work here');
  const body = {
    ...told.input.body,
    entry: newName(),
    done: new Date().toISOString(),
    by: board.members,
  };
  const waiting = {
    ...told,
    input: { ...told.input, body },
    ...about,
    board: board.name,
    county: board.county,
  };
  await inStore('waiting', 'readwrite', (s) => s.add(waiting));
  await readAgain();
  void send();
}

/** Takes a refused entry away: what it said is entered again, or not at all. */
export async function takeAway(n: number): Promise<void> {
  await inStore('waiting', 'readwrite', (s) => s.delete(n));
  await readAgain();
}

const newName = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, '0')).join('');

// ── sending ──

let sent: () => void = () => undefined;
/** Called when the desk has taken an entry. */
export const onSent = (then: () => void): void => void (sent = then);

/** The run that has not begun yet: whoever asks before it begins is served by it. */
let nextRun: Promise<void> | undefined;

/**
 * Sends what waits of the board whose session this page has, and of no other, in order, one after the other; stops where the network or the session ends. One window does it at a time. Whoever asks
 * while it is being done has it done once more: what they ask for, or the session they have, may have come too late for the run at hand.
 */
export const send = (): Promise<void> =>
  (nextRun ??= navigator.locks.request('opencanvass outbox', async () => {
    nextRun = undefined;
    for (;;) {
      await readAgain();
      const session = actingAs();
      const signedIn = boardOf(session);
      const board = signedIn ?? snapshot.board;
      const next = snapshot.waiting.find(
        (w) => w.refused === undefined && board !== undefined && isOf(board, w),
      );
      if (next === undefined) return change({ sending: 'at work' });
      if (signedIn === undefined)
        return change({ sending: session === undefined ? 'no network' : 'signed out' });
      const outcome = await sendOne(next);
      if (typeof outcome === 'string') return change({ sending: outcome });
    }
  }));

async function sendOne(entry: Waiting): Promise<Exclude<Sending, 'at work'> | undefined> {
  const { n, route, input } = entry;
  let isTaken = false;
  try {
    await ask(routes[route] as typeof routes.readCard, input as Input<typeof routes.readCard>);
    await inStore('waiting', 'readwrite', (s) => s.delete(n));
    isTaken = true;
  } catch (fault) {
    if (!(fault instanceof Refused)) throw fault;
    const { status, problem } = fault;
    if (status === 0) return 'no network';
    if (status === 401 || problem.code === 'csrf-token-differs') return 'signed out';
    if (status === 429 || status >= 500) return 'later';
    await inStore('waiting', 'readwrite', async (s) => {
      const kept = (await answer(s.get(n))) as object | undefined;
      if (kept !== undefined) s.put({ ...kept, refused: problem });
    });
  }
  // In one step: an entry that was neither waiting nor taken would seem not to have been made.
  const waiting = await stored();
  const taken = isTaken ? [{ ...entry, taken: Date.now() }] : [];
  change({ waiting, taken: [...snapshot.taken.slice(-100), ...taken] });
  sent();
  return undefined;
}

/** Tries again when the network comes back, and every few seconds while something waits. */
export function keepSending(): () => void {
  const again = () => void send();
  addEventListener('online', again);
  const timer = setInterval(() => {
    if (snapshot.sending !== 'at work' && snapshot.sending !== 'signed out') again();
  }, 5000);
  again();
  return () => {
    removeEventListener('online', again);
    clearInterval(timer);
  };
}

// ── what is kept beside it ──

export async function keep<K extends keyof Kept>(name: K, value: Kept[K]): Promise<void> {
  change({ [name]: value });
  await inStore('kept', 'readwrite', (s) => (value === undefined ? s.delete(name) : s.put(value, name)));
}

const ofCount = 'count ';

/** A count that the two are in the middle of; without one, it is over. Resolves once it is stored. */
export async function keepCounts(of: string, counts: Counts | undefined): Promise<void> {
  const key = ofCount + of;
  await inStore('kept', 'readwrite', (s) => (counts === undefined ? s.delete(key) : s.put(counts, key)));
  const all = new Map(snapshot.counts);
  if (counts === undefined) all.delete(of);
  else all.set(of, counts);
  change({ counts: all });
}

// ── the store ──

let opening: Promise<IDBDatabase> | undefined;

function open(): Promise<IDBDatabase> {
  return (opening ??= (async () => {
    const asking = indexedDB.open('opencanvass board', 1);
    asking.onupgradeneeded = () => {
      asking.result.createObjectStore('waiting', { keyPath: 'n', autoIncrement: true });
      asking.result.createObjectStore('kept');
    };
    const db = await answer(asking);
    const store = db.transaction('kept').objectStore('kept');
    const [waiting, names, values] = await Promise.all([
      answer(db.transaction('waiting').objectStore('waiting').getAll()),
      answer(store.getAllKeys()),
      answer(store.getAll()),
    ]);
    const kept = (names as string[]).map((name, i) => [name, values[i]] as const);
    const { board, work, handCount } = Object.fromEntries(kept) as Partial<Kept>;
    const counts = new Map(
      kept.flatMap(([name, value]) =>
        name.startsWith(ofCount) ? [[name.slice(ofCount.length), value as Counts]] : [],
      ),
    );
    // What a page that is quicker has kept already is newer.
    change({ board, work, handCount, ...defined(snapshot), counts, waiting, ready: true });
    return db;
  })());
}

const defined = ({ board, work, handCount }: Snapshot): Partial<Snapshot> =>
  Object.fromEntries(Object.entries({ board, work, handCount }).filter(([, v]) => v !== undefined));

const stored = async (): Promise<Waiting[]> =>
  (await inStore('waiting', 'readonly', (s) => answer(s.getAll()))) as Waiting[];
const readAgain = async (): Promise<void> => change({ waiting: await stored() });

/** Resolves once the transaction is on the disk. */
async function inStore<T>(
  name: 'waiting' | 'kept',
  mode: IDBTransactionMode,
  act: (store: IDBObjectStore) => T,
): Promise<Awaited<T>> {
  const db = await open();
  const transaction = db.transaction(name, mode, { durability: 'strict' });
  const complete = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('the browser’s store refused'));
  });
  const value = await act(transaction.objectStore(name));
  await complete;
  return value;
}

const answer = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('the browser’s store refused'));
  });
