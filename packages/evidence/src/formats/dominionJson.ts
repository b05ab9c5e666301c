// Dominion's JSON export of cast vote records (versions 5.2 to 5.17): a folder or zip of small manifests, each {"Version", "List"}, and
// one CvrExport.json or thousands of CvrExport_<n>.json, each {"Version", "ElectionId", "Sessions": […]}.
//
// A session has an Original and, if a person adjudicated it, a Modified version; one of them is current, and only that one is
// counted. Since 5.5 a version has Cards; before, its contests stand directly in it. A mark counts in a contest that is not ranked if the
// export says IsVote. In a ranked one every unambiguous mark is kept with its rank: version 5.10.11 says IsVote of rank 1 only.
//
// The sessions are read byte by byte into columns, without an object for any of them: V8 parses such JSON at some 70 MB/s, and
// counties publish gigabytes. A session that does not end within the bytes at hand is begun again when more have come.
import { ChunkBuilder, cvrChoice, cvrContest, emptyNames, voteCodes } from '../cvr/index.ts';
import type { CvrConsumer, GrowingContest, GrowingHeader } from '../cvr/index.ts';
import { allBytes, longestPiece } from './input.ts';
import type { InputFile } from './input.ts';
import { RefusedRows } from './intake.ts';
import type { CvrReading, Reading, Refusal, Remark } from './reading.ts';

export const dominionJsonReader = { reader: 'dominion-json', version: '1' } as const;

export interface DominionJsonOptions {
  /** 'current' (default): as adjudicated, where it was. 'original': as the machine read it. */
  readonly version?: 'current' | 'original';
  /** Nothing may follow the sessions in a file: of a stretch of a file, whose end was put there by whoever cut it. */
  readonly sessionsLast?: true;
}

/** Reads the files of a folder or an archive and hands their records to `to`. Files that are no part of an export are passed over. */
export async function readDominionJson(
  files: readonly InputFile[],
  to: CvrConsumer,
  options: DominionJsonOptions = {},
): Promise<Reading<CvrReading>> {
  const exports = dominionJsonExports(files);
  if (exports.length === 0)
    return refused('no-cvr-export', files[0]?.name ?? '', 'CvrExport.json or CvrExport_<n>.json', 'none');
  const manifests = await readManifests(files);
  if (!manifests.ok) return manifests;
  const header = manifests.value.header;
  const builder = new ChunkBuilder(header);
  const scanner = sessionScanner(builder, manifests.value.keys, options.version ?? 'current');
  const remarks: Remark[] = [];
  const refusedRows = new RefusedRows();
  let sessions = 0;
  let begun = false;
  let election: string | undefined;
  /** As far as the bytes at hand go. */
  const readOn = async (reader: ExportFile): Promise<void> => {
    for (;;) {
      const step = reader.step();
      if (step === 'more' || step === 'fault') return;
      if (!begun) {
        header.election = reader.election ?? manifests.value.election;
        if (reader.version !== undefined) header.version = reader.version;
        begun = true;
        await to.begin(header);
      }
      if (step === 'full') await builder.deliver(to);
    }
  };
  for (const file of exports) {
    const reader = new ExportFile(file.name, scanner, refusedRows, options.sessionsLast === true);
    for await (const block of file.bytes()) {
      reader.push(block);
      await readOn(reader);
      if (reader.refusal !== undefined) break;
    }
    reader.noMore();
    await readOn(reader);
    if (reader.refusal !== undefined) return { ok: false, refusals: [reader.refusal] };
    if (!reader.ended())
      return refused(
        'truncated',
        file.name,
        'the end of the list of sessions',
        `the end of the file after ${reader.sessions} sessions`,
      );
    if (election !== undefined && reader.election !== undefined && reader.election !== election)
      return refused('another-election', file.name, election, reader.election);
    election ??= reader.election;
    sessions += reader.sessions;
    if (reader.version !== header.version)
      remarks.push({
        code: 'another-version',
        file: file.name,
        expected: header.version ?? 'none',
        found: reader.version ?? 'none',
      });
  }
  if (manifests.value.election !== '' && election !== undefined && election !== manifests.value.election)
    remarks.push({
      code: 'election-named-differently',
      file: exports[0]!.name,
      expected: manifests.value.election,
      found: election,
    });
  if (!begun) await to.begin(header);
  await builder.deliver(to);
  const value = { header, records: builder.total, sums: 0 };
  return refusedRows.reading(exports[0]!.name, value, sessions - refusedRows.count, remarks);
}

const todo = 'get the export again from whoever published it; nothing of it was used';
const refused = (
  code: string,
  file: string,
  expected: string,
  found: string,
): { ok: false; refusals: Refusal[] } => ({ ok: false, refusals: [{ code, file, expected, found, todo }] });

/** Without folders, and without the archive in "export.zip!CvrExport.json". */
const baseName = (name: string): string => name.replace(/^.*[/\\!]/, '');

/** The files with sessions, in the order of their numbers. */
export function dominionJsonExports(files: readonly InputFile[]): InputFile[] {
  const numbered = files.flatMap((file) => {
    const match = /^CvrExport(?:_(\d+))?\.json$/i.exec(baseName(file.name));
    return match === null ? [] : [{ file, n: Number(match[1] ?? -1) }];
  });
  return numbered.sort((a, b) => a.n - b.n || (a.file.name < b.file.name ? -1 : 1)).map(({ file }) => file);
}

// ── manifests ──

type Item = Readonly<Record<string, unknown>>;

/** What the numbers in the sessions mean. */
interface Keys {
  /** Contest id to index; candidate id to contest index × 65536 + index of the choice. */
  readonly contests: ReadonlyMap<number, number>;
  readonly candidates: ReadonlyMap<number, number>;
  readonly precincts: ReadonlyMap<number, string>;
  readonly styles: ReadonlyMap<number, string>;
  readonly countingGroups: ReadonlyMap<number, string>;
  readonly overvote: number;
  readonly invalidContest: number;
}

const longestManifest = 64 * 1024 * 1024;

type WritableHeader = { -readonly [K in keyof GrowingHeader]: GrowingHeader[K] };

async function readManifests(
  files: readonly InputFile[],
): Promise<
  | { ok: true; value: { header: WritableHeader; keys: Keys; election: string } }
  | { ok: false; refusals: Refusal[] }
> {
  const lists = new Map<string, readonly Item[]>();
  for (const name of [
    'ContestManifest',
    'CandidateManifest',
    'BallotTypeManifest',
    'BallotTypeContestManifest',
    'PrecinctPortionManifest',
    'CountingGroupManifest',
    'OutstackConditionManifest',
    'ElectionEventManifest',
  ]) {
    const file = files.find((f) => baseName(f.name).toLowerCase() === `${name.toLowerCase()}.json`);
    if (file === undefined) {
      if (name === 'ContestManifest' || name === 'CandidateManifest')
        return refused('manifest-missing', files[0]?.name ?? '', `${name}.json`, 'no such file');
      continue;
    }
    const bytes = await allBytes(file, longestManifest);
    if (bytes === undefined)
      return refused('too-large', file.name, `at most ${longestManifest} bytes`, 'a longer manifest');
    try {
      const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
      const list = (value as { List?: unknown } | null)?.List;
      if (!Array.isArray(list) || !list.every((item) => typeof item === 'object' && item !== null))
        return refused('manifest', file.name, '{"Version", "List": […]}', 'something else');
      lists.set(name, list as Item[]);
    } catch (error) {
      return refused('manifest', file.name, 'JSON in UTF-8', (error as Error).message);
    }
  }

  const contests: GrowingContest[] = [];
  const contestKeys = new Map<number, number>();
  for (const item of lists.get('ContestManifest')!) {
    const { Id, Description, VoteFor, NumOfRanks } = item;
    if (!isId(Id) || typeof Description !== 'string' || !isId(VoteFor ?? 1) || contestKeys.has(Id))
      return refused(
        'manifest',
        'ContestManifest.json',
        'Id (once), Description, VoteFor',
        JSON.stringify(item),
      );
    contestKeys.set(Id, contests.length);
    contests.push(
      cvrContest(
        Description,
        isId(VoteFor) ? VoteFor : undefined,
        isId(NumOfRanks) ? NumOfRanks : 0,
        String(Id),
      ),
    );
  }
  const candidates = new Map<number, number>();
  for (const item of lists.get('CandidateManifest')!) {
    const { Id, Description, ContestId, Type } = item;
    const c = isId(ContestId) ? contestKeys.get(ContestId) : undefined;
    if (!isId(Id) || typeof Description !== 'string' || c === undefined || candidates.has(Id))
      return refused(
        'manifest',
        'CandidateManifest.json',
        'Id (once), Description, a ContestId',
        JSON.stringify(item),
      );
    const choices = contests[c]!.choices;
    candidates.set(Id, c * 65_536 + choices.length);
    const writeIn = Type === 'WriteIn' ? 'line' : Type === 'QualifiedWriteIn' ? 'qualified' : undefined;
    choices.push(cvrChoice(Description, { key: String(Id), ...(writeIn === undefined ? {} : { writeIn }) }));
  }
  const named = (list: string): Map<number, string> =>
    new Map((lists.get(list) ?? []).map(({ Id, Description }) => [Number(Id), String(Description)]));
  const condition = (name: string): number =>
    Number(
      (lists.get('OutstackConditionManifest') ?? []).find((item) => item['Description'] === name)?.['Id'] ??
        -1,
    );

  const names = emptyNames();
  const styles = named('BallotTypeManifest');
  const styleContests = new Map<number, number[]>();
  for (const { BallotTypeId, ContestId } of lists.get('BallotTypeContestManifest') ?? []) {
    const c = contestKeys.get(Number(ContestId));
    const style = styles.get(Number(BallotTypeId)) ?? String(BallotTypeId);
    if (c === undefined) continue;
    let s = names.style.indexOf(style);
    if (s < 0) s = names.style.push(style) - 1;
    const of = styleContests.get(s) ?? [];
    if (!of.includes(c)) of.push(c);
    styleContests.set(s, of);
  }
  return {
    ok: true,
    value: {
      header: {
        election: '',
        format: dominionJsonReader.reader,
        contests,
        names,
        ...(styleContests.size === 0 ? {} : { styleContests }),
      },
      keys: {
        contests: contestKeys,
        candidates,
        precincts: named('PrecinctPortionManifest'),
        styles,
        countingGroups: named('CountingGroupManifest'),
        overvote: condition('Overvote'),
        invalidContest: condition('InvalidContest'),
      },
      election: (lists.get('ElectionEventManifest')?.[0]?.['Description'] as string | undefined) ?? '',
    },
  };
}

const isId = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

// ── one file of sessions ──

/** How many bytes the scanner may look beyond the last: the 0, and as many as a word and a boolean have. */
const beyond = 8;

/** The bytes at hand end within a value. */
const short = Symbol('short');

/** What is wrong with the bytes; thrown within the scanner only. */
class Fault {
  readonly code: string;
  readonly expected: string;
  readonly found: string;
  constructor(code: string, expected: string, found: string) {
    this.code = code;
    this.expected = expected;
    this.found = found;
  }
}

/** Faults of one session, which is well-formed and is left out; with any other the file is not one that can be trusted. */
const ofOneSession: ReadonlySet<string> = new Set([
  'contest-repeated',
  'key-repeated',
  'missing-key',
  'not-a-rank',
  'too-many-cards',
  'too-many-marks',
]);

type Scanner = ReturnType<typeof sessionScanner>;

/** The frame around the sessions: {"Version": …, "ElectionId": …, "Sessions": […]}. Push blocks; step until it wants more. */
class ExportFile {
  version: string | undefined;
  election: string | undefined;
  sessions = 0;
  refusal: Refusal | undefined;
  readonly #file: string;
  readonly #scanner: Scanner;
  readonly #refused: RefusedRows;
  readonly #sessionsLast: boolean;
  /** The bytes at hand, and a 0 after them, which no JSON holds: whoever meets it has come to the end of what is there, or to a NUL byte. */
  #bytes = new Uint8Array(beyond);
  #length = 0;
  #at = 0;
  #state: 'start' | 'key' | 'next' | 'session' | 'nextSession' | 'end' = 'start';
  #hasSessions = false;
  /** How many bytes must be at hand before it is worth another try: twice those of the last, so that an element without end is not begun again and again. */
  #enough = 0;

  constructor(file: string, scanner: Scanner, refusedRows: RefusedRows, sessionsLast: boolean) {
    this.#file = file;
    this.#scanner = scanner;
    this.#refused = refusedRows;
    this.#sessionsLast = sessionsLast;
  }

  push(block: Uint8Array): void {
    if (this.#state === 'start' && this.#length === 0 && block[0] === 0xef) block = block.subarray(3);
    const left = this.#length - this.#at;
    if (left + block.length + beyond > this.#bytes.length) {
      const more = new Uint8Array((left + block.length + beyond) * 2);
      more.set(this.#bytes.subarray(this.#at, this.#length));
      this.#bytes = more;
    } else this.#bytes.copyWithin(0, this.#at, this.#length);
    this.#bytes.set(block, left);
    this.#at = 0;
    this.#length = left + block.length;
    this.#bytes[this.#length] = 0;
    if (left > longestPiece)
      this.#refuse('element-too-long', `a session within ${longestPiece} bytes`, 'a longer one');
  }

  /** The file is over: what is at hand is all there is. */
  noMore(): void {
    this.#enough = 0;
  }

  /** One step: a key of the frame, or a session. 'full': the chunk must be delivered. */
  step(): 'went' | 'more' | 'full' | 'fault' {
    const scanner = this.#scanner;
    if (this.refusal !== undefined) return 'fault';
    if (this.#length - this.#at < this.#enough) return 'more';
    try {
      for (;;) {
        if (this.#state === 'session' && scanner.full()) return 'full';
        scanner.load(this.#bytes, this.#at);
        if (this.#state === 'session' || this.#state === 'nextSession') {
          const first = this.sessions === 0 && this.#state === 'session';
          this.#session();
          if (first) return 'went';
        } else this.#frame();
        this.#at = scanner.at();
      }
    } catch (error) {
      if (error === short) {
        if (!this.#bytes.subarray(this.#at, this.#length).includes(0)) {
          this.#enough = 2 * (this.#length - this.#at);
          return 'more';
        }
        this.#refuse('nul-byte', 'JSON text', 'a NUL byte');
        return 'fault';
      }
      if (!(error instanceof Fault)) throw error;
      this.#refuse(error.code, error.expected, error.found);
      return 'fault';
    }
  }

  ended(): boolean {
    return this.#state === 'end' && this.#hasSessions;
  }

  #session(): void {
    const scanner = this.#scanner;
    if (this.#state === 'nextSession') {
      const close = scanner.nextInList();
      this.#state = close ? 'next' : 'session';
      return;
    }
    const problem = scanner.session();
    this.#at = scanner.at();
    this.sessions += 1;
    this.#state = 'nextSession';
    if (problem === undefined) return;
    const { code, expected, found } = problem;
    const advice = 'ask the office what counts on the card; it was left out of every count';
    const field = `Sessions[${this.sessions - 1}]`;
    this.#refused.add({ code, file: this.#file, field, expected, found, todo: advice });
  }

  #frame(): void {
    const scanner = this.#scanner;
    switch (this.#state) {
      case 'start':
        this.#state = scanner.openObject() ? 'key' : 'end';
        return;
      case 'next':
        this.#state = scanner.nextInObject() ? 'key' : 'end';
        return;
      case 'key': {
        const key = scanner.frameKey();
        if (this.#hasSessions && this.#sessionsLast) throw new Fault('not-json', 'the end of the file', key);
        if (key === 'Sessions') {
          if (this.#hasSessions) throw new Fault('key-repeated', 'Sessions once', 'twice');
          const empty = scanner.openList();
          this.#hasSessions = true;
          this.#state = empty ? 'next' : 'session';
          return;
        }
        const text = scanner.text();
        if (key === 'Version') this.version = text;
        else if (key === 'ElectionId') this.election = text;
        this.#state = 'next';
        return;
      }
      default:
        scanner.onlyBlanks();
    }
  }

  #refuse(code: string, expected: string, found: string): void {
    this.refusal ??= {
      code,
      file: this.#file,
      field: `Sessions[${this.sessions}]`,
      expected,
      found,
      todo,
    };
  }
}

// ── the bytes of a session ──

/** A key of more than 64 bytes with its quotes and colon is met anew each time. */
const wordsOfKey = 16;

/**
 * The keys of one kind of object: those asked for, by number, and others met, which are learned so that they too are passed over fast.
 * Objects of one kind mostly have their keys in one order, so the key that followed last time is tried first, four bytes at a time.
 */
class KeyList {
  readonly keys: Uint8Array[];
  /** Of every key it and its colon as words, the least byte first: key k has those from k × wordsOfKey, and of its last one only the bytes of its mask. */
  readonly words: Int32Array = new Int32Array(64 * wordsOfKey);
  readonly masks: Int32Array = new Int32Array(64);
  /** By key: its words but the last, and its bytes with the colon. */
  readonly wholeWords: Int32Array = new Int32Array(64);
  readonly lengths: Int32Array = new Int32Array(64);
  readonly asked: number;
  /** By key, the one that came after it last time; the last entry is of the key that came first. */
  readonly after: Int32Array = new Int32Array(65).fill(0);
  last = 64;

  constructor(...names: string[]) {
    this.keys = [];
    this.asked = names.length;
    for (const name of names) this.learn(new TextEncoder().encode(`"${name}"`));
  }

  learn(key: Uint8Array): void {
    const k = this.keys.length;
    const count = Math.ceil((key.length + 1) / 4);
    if (k === 64 || count > wordsOfKey) return;
    this.keys.push(key.slice());
    const padded = new Uint8Array(count * 4);
    padded.set(key);
    padded[key.length] = 58;
    const view = new DataView(padded.buffer);
    for (let w = 0; w < count; w++) this.words[k * wordsOfKey + w] = view.getInt32(4 * w, true);
    this.masks[k] = 0xffffffff >>> (8 * (padded.length - key.length - 1));
    this.wholeWords[k] = count - 1;
    this.lengths[k] = key.length + 1;
  }
}

const mostMarks = 4096;
/** More cards than any ballot has. */
const mostCardsOfSession = 256;

/** Reads values at a place in bytes. Keeps its place in `p`; meets the 0 at the end of the bytes by throwing `short`. */
function sessionScanner(builder: ChunkBuilder, keys: Keys, wanted: 'current' | 'original') {
  let bytes = new Uint8Array(beyond);
  let view = new DataView(bytes.buffer);
  let p = 0;

  const fault = (code: string, expected: string): never => {
    if (bytes[p] === 0) throw short;
    throw new Fault(code, expected, new TextDecoder().decode(bytes.subarray(p, p + 40)).replace(/\0.*/s, ''));
  };
  /** The next byte that is no blank. */
  const peek = (): number => {
    let at = p;
    let b = bytes[at]!;
    while (b === 32 || b === 10 || b === 13 || b === 9) b = bytes[++at]!;
    p = at;
    return b;
  };
  const openObject = (): boolean => {
    if (peek() !== 123) fault('not-json', '{');
    p += 1;
    if (peek() !== 125) return true;
    p += 1;
    return false;
  };
  const nextInObject = (): boolean => {
    let b = bytes[p]!;
    if (b <= 32) b = peek();
    p += 1;
    if (b === 44) return true;
    if (b === 125) return false;
    p -= 1;
    return fault('not-json', ', or }');
  };
  /** True if the list is empty, and then it is closed. */
  const openList = (): boolean => {
    if (peek() !== 91) fault('not-json', '[');
    p += 1;
    if (peek() !== 93) return false;
    p += 1;
    return true;
  };
  /** True if the list is closed. */
  const nextInList = (): boolean => {
    let b = bytes[p]!;
    if (b <= 32) b = peek();
    p += 1;
    if (b === 44) return false;
    if (b === 93) return true;
    p -= 1;
    return fault('not-json', ', or ]');
  };
  /** Past a string; gives back whether it holds an escape. */
  const skipString = (): boolean => {
    const here = bytes;
    let escaped = false;
    let at = p + 1;
    for (let b = here[at]!; b !== 34; b = here[++at]!) {
      if (b === 92) {
        escaped = true;
        at += 1;
        if (here[at] === 0) throw short;
      } else if (b < 32) {
        p = at;
        fault('not-json', 'a string without control characters');
      }
    }
    p = at + 1;
    return escaped;
  };
  /** Past any value. */
  const skip = (): void => {
    const here = bytes;
    let first = here[p]!;
    if (first <= 32) first = peek();
    if (first === 34) {
      skipString();
      return;
    }
    if (first !== 123 && first !== 91) {
      const from = p;
      let at = from;
      for (let b = first; b !== 44 && b !== 125 && b !== 93 && b > 32; b = here[++at]!);
      if (here[at] === 0) throw short;
      if (at === from) fault('not-json', 'a value');
      p = at;
      return;
    }
    let depth = 0;
    let at = p;
    do {
      const b = here[at]!;
      if (b === 34) {
        p = at;
        skipString();
        at = p;
        continue;
      }
      if (b === 123 || b === 91) depth += 1;
      else if (b === 125 || b === 93) depth -= 1;
      else if (b === 0) throw short;
      at += 1;
    } while (depth > 0);
    p = at;
  };
  /** The number of a key in the list, −1 if it is another. Leaves `p` after the colon. */
  const key = (list: KeyList): number => {
    if (bytes[p] !== 34 && peek() !== 34) fault('not-json', 'a key');
    // The key that followed last time, and its colon: almost always.
    const guess = list.after[list.last]!;
    const words = list.words;
    let w = guess * wordsOfKey;
    const last = w + list.wholeWords[guess]!;
    let at = p;
    while (w < last && view.getInt32(at, true) === words[w]) {
      at += 4;
      w += 1;
    }
    if (w === last && (view.getInt32(at, true) & list.masks[guess]!) === words[w]) {
      p += list.lengths[guess]!;
      list.last = guess;
      return guess < list.asked ? guess : -1;
    }
    const here = bytes;
    const from = p;
    const escaped = skipString();
    const found = list.keys.findIndex(
      (k) => k.length === p - from && k.every((b, j) => b === here[from + j]),
    );
    if (found < 0) {
      if (escaped) fault('escaped-key', 'keys in plain letters');
      list.learn(here.subarray(from, p));
    } else {
      list.after[list.last] = found;
      list.last = found;
    }
    if (peek() !== 58) fault('not-json', ':');
    p += 1;
    return found < list.asked ? found : -1;
  };
  const int = (): number => {
    const here = bytes;
    let b = here[p]!;
    if (b <= 32) b = peek();
    const from = p;
    let at = from;
    let n = 0;
    while (b >= 48 && b <= 57) {
      n = n * 10 + b - 48;
      b = here[++at]!;
    }
    if (b === 0) throw short;
    if (at === from || at - from > 15 || b === 46 || b === 101 || b === 69)
      fault('not-a-number', 'a whole number');
    p = at;
    return n;
  };
  const bool = (): boolean => {
    if (bytes[p]! <= 32) peek();
    const word = view.getInt32(p, true);
    if (word === 0x65757274) {
      p += 4; // "true"
      return true;
    }
    if (word === 0x736c6166 && bytes[p + 4] === 101) {
      p += 5; // "fals", "e"
      return false;
    }
    for (let i = p; i < p + 5; i++) if (bytes[i] === 0) throw short;
    return fault('not-a-boolean', 'true or false');
  };

  // ── what a contest says ──
  const contestKeys = new KeyList('Id', 'Overvotes', 'OutstackConditionIds', 'Marks');
  const markKeys = new KeyList('CandidateId', 'Rank', 'IsAmbiguous', 'IsVote', 'WriteinIndex');
  const candidates = new Float64Array(mostMarks);
  const ranks = new Uint16Array(mostMarks);
  const counts = new Uint8Array(mostMarks); // 1: the mark is unambiguous; 2: it is a vote; 3: both
  const choices = new Uint16Array(mostMarks);
  /** By mark: which place for a name it is, from 1; 0: none. */
  const writeInPlaces = new Uint8Array(mostMarks);
  let someWrittenIn = false;

  const marks = (): number => {
    let n = 0;
    if (openList()) return 0;
    do {
      if (n === mostMarks) fault('too-many-marks', `at most ${mostMarks} marks in a contest`);
      let candidate = -1;
      let rank = 1;
      let ambiguous = false;
      let vote: boolean | undefined;
      let place = 0;
      markKeys.last = 64;
      if (openObject())
        do {
          switch (key(markKeys)) {
            case 0:
              candidate = int();
              break;
            case 1:
              rank = int();
              break;
            case 2:
              ambiguous = bool();
              break;
            case 3:
              vote = bool();
              break;
            case 4:
              place = Math.min(int(), 254) + 1;
              someWrittenIn = true;
              break;
            default:
              skip();
          }
        } while (nextInObject());
      if (candidate < 0) throw new Fault('missing-key', 'CandidateId', 'a mark without it');
      candidates[n] = candidate;
      if (rank > 255) throw new Fault('not-a-rank', 'a rank up to 255', String(rank));
      ranks[n] = rank;
      writeInPlaces[n] = place;
      counts[n] = (ambiguous ? 0 : 1) + ((vote ?? !ambiguous) ? 2 : 0);
      n += 1;
    } while (!nextInList());
    return n;
  };

  const contest = (): void => {
    let id = -1;
    let overvotes = 0;
    let n = 0;
    let seen = false;
    let overvoted = false;
    let invalid = false;
    someWrittenIn = false;
    contestKeys.last = 64;
    if (openObject())
      do {
        switch (key(contestKeys)) {
          case 0:
            id = int();
            break;
          case 1:
            overvotes = int();
            break;
          case 2:
            if (!openList())
              do {
                const condition = int();
                if (condition === keys.overvote) overvoted = true;
                if (condition === keys.invalidContest) invalid = true;
              } while (!nextInList());
            break;
          case 3:
            if (seen) throw new Fault('key-repeated', 'Marks once', 'twice');
            seen = true;
            n = marks();
            break;
          default:
            skip();
        }
      } while (nextInObject());
    const c = keys.contests.get(id);
    if (c === undefined)
      throw new Fault('contest-not-in-manifest', 'a contest of ContestManifest.json', `Id ${id}`);
    for (let m = 0; m < n; m++) {
      const place = keys.candidates.get(candidates[m]!);
      if (place === undefined || place >>> 16 !== c)
        throw new Fault(
          'choice-not-in-manifest',
          `a candidate of contest ${id} in CandidateManifest.json`,
          `CandidateId ${candidates[m]}`,
        );
      choices[m] = place & 0xffff;
    }
    if (builder.has(c))
      throw new Fault('contest-repeated', 'a contest once on a card', `contest ${id} twice`);
    if (someWrittenIn) writeIns(c, n);
    vote(c, n, overvoted || overvotes > 0, invalid);
  };

  /** The unambiguous marks beside which a name stands. The export has no names, only those of candidates whom the office let be written in. */
  const writeIns = (c: number, n: number): void => {
    const contest = builder.header.contests[c]!;
    for (let m = 0; m < n; m++) {
      if (writeInPlaces[m] === 0 || (counts[m]! & 1) === 0) continue;
      const choice = choices[m]!;
      const { name, writeIn } = contest.choices[choice]!;
      const text = writeIn === 'qualified' ? name : '';
      const rank = contest.ranks > 0 ? ranks[m]! : 0;
      builder.writeIn({ contest: c, choice, rank, text, status: '', place: writeInPlaces[m]! - 1 });
    }
  };

  const vote = (c: number, n: number, overvoted: boolean, invalid: boolean): void => {
    const ranked = builder.header.contests[c]!.ranks > 0;
    if (ranked || invalid) {
      // All unambiguous marks, by rank. They come by rank in what we have seen; a stable insertion sort costs nothing then.
      let kept = 0;
      for (let m = 0; m < n; m++) {
        if ((counts[m]! & 1) === 0) continue;
        const choice = choices[m]!;
        const rank = ranked ? ranks[m]! : 0;
        if (ranked && rank === 0) throw new Fault('not-a-rank', 'a rank from 1', '0');
        let to = kept++;
        for (; to > 0 && ranks[to - 1]! > rank; to--) {
          ranks[to] = ranks[to - 1]!;
          choices[to] = choices[to - 1]!;
        }
        ranks[to] = rank;
        choices[to] = choice;
      }
      builder.vote(c, invalid ? voteCodes.invalid : kept === 0 ? voteCodes.blank : voteCodes.listed);
      for (let m = 0; m < kept; m++) builder.mark(c, choices[m]!, ranks[m]!);
      return;
    }
    let votes = 0;
    for (let m = 0; m < n; m++)
      if (counts[m]! & 2 && !isBefore(choices[m]!, votes)) choices[votes++] = choices[m]!;
    if (votes > 0 || !overvoted) {
      builder.marked(c, choices, votes);
      return;
    }
    // The export calls it an overvote and counts none of its marks: keep what was marked.
    builder.vote(c, voteCodes.overvoted);
    for (let m = 0; m < n; m++) if (counts[m]! & 1) builder.mark(c, choices[m]!, 0);
  };
  const isBefore = (choice: number, end: number): boolean => {
    for (let i = 0; i < end; i++) if (choices[i] === choice) return true;
    return false;
  };

  const contests = (): void => {
    if (openList()) return;
    do contest();
    while (!nextInList());
  };

  // ── what a session says ──
  const sessionKeys = new KeyList(
    'TabulatorId', 'BatchId', 'RecordId', 'CountingGroupId', 'ImageMask', 'UniqueVotingIdentifier', 'Original', 'Modified',
  ); // oxfmt-ignore
  const versionKeys = new KeyList('PrecinctPortionId', 'BallotTypeId', 'IsCurrent', 'Cards', 'Contests');
  const cardKeys = new KeyList('Contests');
  const codes = {
    tabulator: new Map<number, number>(),
    batch: new Map<number, number>(),
    precinct: new Map<number, number>(),
    style: new Map<number, number>(),
    countingGroup: new Map<number, number>(),
  };
  const code = (attribute: keyof typeof codes, id: number, names?: ReadonlyMap<number, string>): number => {
    let known = codes[attribute].get(id);
    if (known === undefined) {
      known = builder.code(attribute, names?.get(id) ?? String(id));
      codes[attribute].set(id, known);
    }
    return known;
  };
  let [tabulator, batch, group] = [-1, -1, -1];
  let [recordFrom, recordTo, maskFrom, maskTo, uniqueFrom, uniqueTo] = [0, 0, 0, 0, 0, 0];
  let built = 0;
  const paper = new Uint8Array(64);
  let paperLength = 0;

  /** The number printed on the card: stated, or tabulator-batch-record, which redacted exports keep only in the image's name. */
  const imprint = (): void => {
    paperLength = 0;
    const digits = (from: number, to: number): void => {
      while (from < to - 1 && bytes[from] === 48) from += 1;
      if (paperLength > 0) paper[paperLength++] = 45;
      for (let i = from; i < to && paperLength < 60; i++) paper[paperLength++] = bytes[i]!;
    };
    if (uniqueTo > uniqueFrom) {
      digits(uniqueFrom, uniqueTo);
      return;
    }
    // The last "00011_00008_000075" of D:\…\00011_00008_000075*.*
    let end = maskTo;
    while (end > maskFrom && !isDigit(bytes[end - 1]!)) end -= 1;
    let second = end;
    while (second > maskFrom && isDigit(bytes[second - 1]!)) second -= 1;
    let first = second - 1;
    while (first > maskFrom && isDigit(bytes[first - 1]!)) first -= 1;
    let start = first - 1;
    while (start > maskFrom && isDigit(bytes[start - 1]!)) start -= 1;
    if (
      start >= maskFrom &&
      bytes[second - 1] === 95 &&
      bytes[first - 1] === 95 &&
      start < first - 1 &&
      first < second - 1
    ) {
      digits(start, first - 1);
      digits(first, second - 1);
      digits(second, end);
    } else if (recordTo > recordFrom && isDigit(bytes[recordFrom]!)) {
      const text = `${tabulator}-${batch}-`;
      for (let i = 0; i < text.length; i++) paper[paperLength++] = text.charCodeAt(i);
      for (let i = recordFrom; i < recordTo && paperLength < 60; i++) paper[paperLength++] = bytes[i]!;
    }
  };
  const beginCard = (): void => {
    if (built === mostCardsOfSession)
      throw new Fault('too-many-cards', `at most ${mostCardsOfSession} cards in a session`, 'more');
    builder.card();
    built += 1;
    builder.record(bytes, recordFrom, recordTo);
    builder.imprinted(paper, 0, paperLength);
  };
  const withdraw = (): void => {
    for (; built > 0; built--) builder.withdraw();
  };

  /** Reads a version into cards; gives back whether it is the one to use. If not, there are no cards of it. */
  const version = (accept: 'current' | 'any'): boolean => {
    let precinct = -1;
    let style = -1;
    let current = true;
    let seen = false;
    imprint();
    versionKeys.last = 64;
    if (openObject())
      do {
        const which = key(versionKeys);
        if (which === 0) precinct = int();
        else if (which === 1) style = int();
        else if (which === 2) current = bool();
        else if (which < 0 || (!current && accept === 'current')) skip();
        else {
          if (seen) throw new Fault('key-repeated', 'Cards or Contests once', 'twice');
          seen = true;
          if (which === 4) {
            beginCard();
            contests();
          } else if (!openList())
            do {
              beginCard();
              cardKeys.last = 64;
              let had = false;
              if (openObject())
                do {
                  if (key(cardKeys) !== 0) skip();
                  else if (had) throw new Fault('key-repeated', 'Contests once', 'twice');
                  else {
                    had = true;
                    contests();
                  }
                } while (nextInObject());
            } while (!nextInList());
        }
      } while (nextInObject());
    if (!current && accept === 'current') {
      withdraw();
      return false;
    }
    if (precinct >= 0) builder.attribute('precinct', code('precinct', precinct, keys.precincts), built);
    if (style >= 0) builder.attribute('style', code('style', style, keys.styles), built);
    return true;
  };

  /** Reads the session at `p`. Gives back why it is left out, if so. */
  const session = (): { code: string; expected: string; found: string } | undefined => {
    const start = p;
    tabulator = batch = group = -1;
    built = recordFrom = recordTo = maskFrom = maskTo = uniqueFrom = uniqueTo = 0;
    let seen = 0;
    let original = -1;
    let modified = -1;
    let used: 'no' | 'original' | 'modified' = 'no';
    let originalTried = false;
    sessionKeys.last = 64;
    try {
      if (openObject())
        do {
          const which = key(sessionKeys);
          if (which >= 0 && seen & (1 << which))
            throw new Fault('key-repeated', 'each key once', 'a session with one twice');
          if (which >= 0) seen |= 1 << which;
          // The numbers on the card come before its versions; where they do not, the version waits.
          const identified = (seen & 0b111111) === 0b111111;
          switch (which) {
            case 0:
              tabulator = int();
              break;
            case 1:
              batch = int();
              break;
            case 2: {
              const quoted = peek() === 34;
              recordFrom = quoted ? p + 1 : p;
              skip();
              recordTo = quoted ? p - 1 : p;
              break;
            }
            case 3:
              group = int();
              break;
            case 4:
            case 5:
              if (peek() !== 34) skip();
              else {
                const from = p + 1;
                skipString();
                if (which === 4) {
                  maskFrom = from;
                  maskTo = p - 1;
                } else {
                  uniqueFrom = from;
                  uniqueTo = p - 1;
                }
              }
              break;
            case 6:
              original = p;
              if (identified) {
                originalTried = true;
                if (version(wanted === 'current' ? 'current' : 'any')) used = 'original';
              } else skip();
              break;
            case 7:
              modified = p;
              if (identified && originalTried && used === 'no' && wanted === 'current') {
                if (version('current')) used = 'modified';
                modified = -1;
              } else skip();
              break;
            default:
              skip();
          }
        } while (nextInObject());
      const end = p;
      if (used === 'no' && !originalTried && original >= 0) {
        p = original;
        if (version(wanted === 'current' ? 'current' : 'any')) used = 'original';
      }
      if (used === 'no' && modified >= 0 && wanted === 'current') {
        p = modified;
        if (version('current')) used = 'modified';
      }
      p = end;
      if (tabulator < 0 || batch < 0)
        throw new Fault('missing-key', 'TabulatorId and BatchId', 'a session without one of them');
    } catch (error) {
      withdraw();
      if (!(error instanceof Fault) || !ofOneSession.has(error.code)) throw error;
      p = start;
      skip();
      return error;
    }
    if (used === 'no')
      return { code: 'no-current-version', expected: 'a version with IsCurrent', found: 'none' };
    builder.attribute('tabulator', code('tabulator', tabulator), built);
    builder.attribute('batch', code('batch', batch), built);
    if (group >= 0)
      builder.attribute('countingGroup', code('countingGroup', group, keys.countingGroups), built);
    if (used === 'modified') builder.adjudicated(built);
    return undefined;
  };

  // ── the frame ──
  const frameKeys = ['Version', 'ElectionId', 'Sessions'] as const;
  const frameKeyList = new KeyList(...frameKeys);
  return {
    load: (block: Uint8Array<ArrayBuffer>, at: number): void => {
      if (bytes !== block) view = new DataView(block.buffer);
      bytes = block;
      p = at;
    },
    at: (): number => p,
    full: (): boolean => builder.room < mostCardsOfSession,
    session,
    openObject,
    nextInObject,
    openList,
    nextInList,
    frameKey: (): string => {
      const k = key(frameKeyList);
      return k < 0 ? '' : frameKeys[k]!;
    },
    /** A string; "" for any other value. */
    text: (): string => {
      if (peek() !== 34) {
        skip();
        return '';
      }
      const from = p;
      skipString();
      let text: string;
      try {
        text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(from, p));
      } catch {
        p = from;
        return fault('not-utf-8', 'a string in UTF-8');
      }
      try {
        return JSON.parse(text) as string;
      } catch {
        p = from;
        return fault('not-json', 'a string with known escapes');
      }
    },
    onlyBlanks: (): void => {
      if (peek() === 0) throw short;
      fault('not-json', 'nothing after the closing brace');
    },
  };
}

const isDigit = (byte: number): boolean => byte >= 48 && byte <= 57;
