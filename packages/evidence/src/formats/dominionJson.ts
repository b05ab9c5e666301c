// Dominion's JSON export of cast vote records (versions 5.2 to 5.17): a folder or zip of small manifests, each {"Version", "List"}, and
// one CvrExport.json or thousands of CvrExport_<n>.json, each {"Version", "ElectionId", "Sessions": […]}.
//
// A session has an Original and, if a person adjudicated it, a Modified version; one of them is current, and only that one is
// counted. Since 5.5 a version has Cards; before, its contests stand directly in it. A mark counts in a contest that is not ranked if the
// export says IsVote. In a ranked one every unambiguous mark is kept with its rank: version 5.10.11 says IsVote of rank 1 only.
//
// The sessions are read byte by byte into columns (`jsonCursor.ts`), without an object for any of them, and a contest that differs from one before
// only in its numbers is not read again (`dominionContest.ts`): counties publish gigabytes. A session that does not end within the bytes at hand
// is begun again when more have come.
import { ChunkBuilder, cvrChoice, cvrContest, emptyNames, voteCodes } from '../cvr/index.ts';
import type { CardAttribute, CvrConsumer, GrowingContest, GrowingHeader } from '../cvr/index.ts';
import { ContestText, mostMarks } from './dominionContest.ts';
import { allBytes, longestPiece } from './input.ts';
import type { InputFile } from './input.ts';
import { RefusedRows } from './intake.ts';
import { beyond, Fault, JsonCursor, KeyList, short } from './jsonCursor.ts';
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
  const json = new JsonCursor();
  const scanner = new SessionScanner(json, builder, manifests.value.keys, options.version ?? 'current');
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
    const reader = new ExportFile(file.name, json, scanner, refusedRows, options.sessionsLast === true);
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
  readonly contests: IdTable;
  readonly candidates: IdTable;
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
        contests: new IdTable(contestKeys),
        candidates: new IdTable(candidates),
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

/** What an id stands for; -1: nothing. Small ids, which are all that we have seen, are looked up by their place. */
class IdTable {
  readonly #small = new Int32Array(1 << 16).fill(-1);
  readonly #all: ReadonlyMap<number, number>;

  constructor(all: ReadonlyMap<number, number>) {
    this.#all = all;
    for (const [id, value] of all) if (value <= 0x7fff_ffff) this.#small[id] = value;
  }

  get(id: number): number {
    const known = this.#small[id] ?? -1;
    return known >= 0 ? known : (this.#all.get(id) ?? -1);
  }
}

const isId = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

// ── one file of sessions ──

/** Faults of one session, which is well-formed and is left out; with any other the file is not one that can be trusted. */
const ofOneSession: ReadonlySet<string> = new Set([
  'contest-repeated',
  'key-repeated',
  'missing-key',
  'not-a-rank',
  'too-many-cards',
  'too-many-marks',
]);

const frameKeys = ['Version', 'ElectionId', 'Sessions'] as const;

/** The frame around the sessions: {"Version": …, "ElectionId": …, "Sessions": […]}. Push blocks; step until it wants more. */
class ExportFile {
  version: string | undefined;
  election: string | undefined;
  sessions = 0;
  refusal: Refusal | undefined;
  readonly #file: string;
  readonly #json: JsonCursor;
  readonly #scanner: SessionScanner;
  readonly #keys = new KeyList(...frameKeys);
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

  constructor(
    file: string,
    json: JsonCursor,
    scanner: SessionScanner,
    refusedRows: RefusedRows,
    sessionsLast: boolean,
  ) {
    this.#file = file;
    this.#json = json;
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
    const [json, scanner] = [this.#json, this.#scanner];
    if (this.refusal !== undefined) return 'fault';
    if (this.#length - this.#at < this.#enough) return 'more';
    try {
      for (;;) {
        if (this.#state === 'session' && scanner.full) return 'full';
        json.load(this.#bytes, this.#at);
        if (this.#state === 'session' || this.#state === 'nextSession') {
          const first = this.sessions === 0 && this.#state === 'session';
          this.#session();
          if (first) return 'went';
        } else this.#frame();
        this.#at = json.p;
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
    if (this.#state === 'nextSession') {
      this.#state = this.#json.nextInList() ? 'next' : 'session';
      return;
    }
    const problem = this.#scanner.session();
    this.#at = this.#json.p;
    this.sessions += 1;
    this.#state = 'nextSession';
    if (problem === undefined) return;
    const { code, expected, found } = problem;
    const advice = 'ask the office what counts on the card; it was left out of every count';
    const field = `Sessions[${this.sessions - 1}]`;
    this.#refused.add({ code, file: this.#file, field, expected, found, todo: advice });
  }

  #frame(): void {
    const json = this.#json;
    switch (this.#state) {
      case 'start':
        this.#state = json.openObject() ? 'key' : 'end';
        return;
      case 'next':
        this.#state = json.nextInObject() ? 'key' : 'end';
        return;
      case 'key': {
        const key = frameKeys[json.key(this.#keys)] ?? '';
        if (this.#hasSessions && this.#sessionsLast) throw new Fault('not-json', 'the end of the file', key);
        if (key === 'Sessions') {
          if (this.#hasSessions) throw new Fault('key-repeated', 'Sessions once', 'twice');
          const empty = json.openList();
          this.#hasSessions = true;
          this.#state = empty ? 'next' : 'session';
          return;
        }
        const text = json.text();
        if (key === 'Version') this.version = text;
        else if (key === 'ElectionId') this.election = text;
        this.#state = 'next';
        return;
      }
      default:
        json.onlyBlanks();
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

/** More cards than any ballot has. */
const mostCardsOfSession = 256;

/** Reads sessions at a place in bytes, and what stands around them, into cards. */
class SessionScanner {
  readonly #json: JsonCursor;
  readonly #builder: ChunkBuilder;
  readonly #keys: Keys;
  readonly #wanted: 'current' | 'original';
  readonly #said: ContestText;

  constructor(json: JsonCursor, builder: ChunkBuilder, keys: Keys, wanted: 'current' | 'original') {
    this.#json = json;
    this.#builder = builder;
    this.#keys = keys;
    this.#wanted = wanted;
    this.#said = new ContestText(json);
  }

  get full(): boolean {
    return this.#builder.room < mostCardsOfSession;
  }

  readonly #ranks = new Uint16Array(mostMarks);
  readonly #choices = new Uint16Array(mostMarks);

  #contest(): void {
    this.#said.read();
    const { id, marks: n, conditions } = this.#said;
    const c = this.#keys.contests.get(id);
    if (c < 0) throw new Fault('contest-not-in-manifest', 'a contest of ContestManifest.json', `Id ${id}`);
    let someWrittenIn = false;
    for (let m = 0; m < n; m++) {
      const candidate = this.#said.candidates[m]!;
      const place = this.#keys.candidates.get(candidate);
      if (place < 0 || place >>> 16 !== c)
        throw new Fault(
          'choice-not-in-manifest',
          `a candidate of contest ${id} in CandidateManifest.json`,
          `CandidateId ${candidate}`,
        );
      this.#choices[m] = place & 0xffff;
      const rank = this.#said.ranks[m]!;
      if (rank > 255) throw new Fault('not-a-rank', 'a rank up to 255', String(rank));
      this.#ranks[m] = rank < 0 ? 1 : rank;
      if (this.#said.writeIns[m]! >= 0) someWrittenIn = true;
    }
    if (this.#builder.has(c))
      throw new Fault('contest-repeated', 'a contest once on a card', `contest ${id} twice`);
    if (someWrittenIn) this.#writeIns(c, n);
    const overvoted = this.#said.overvotes > 0 || conditions.includes(this.#keys.overvote);
    this.#vote(c, n, overvoted, conditions.includes(this.#keys.invalidContest));
  }

  /** The unambiguous marks beside which a name stands. The export has no names, only those of candidates whom the office let be written in. */
  #writeIns(c: number, n: number): void {
    const contest = this.#builder.header.contests[c]!;
    for (let m = 0; m < n; m++) {
      if (this.#said.writeIns[m]! < 0 || (this.#said.counts[m]! & 1) === 0) continue;
      const choice = this.#choices[m]!;
      const { name, writeIn } = contest.choices[choice]!;
      const text = writeIn === 'qualified' ? name : '';
      const rank = contest.ranks > 0 ? this.#ranks[m]! : 0;
      this.#builder.writeIn({
        contest: c,
        choice,
        rank,
        text,
        status: '',
        place: Math.min(this.#said.writeIns[m]!, 254),
      });
    }
  }

  #vote(c: number, n: number, overvoted: boolean, invalid: boolean): void {
    const ranked = this.#builder.header.contests[c]!.ranks > 0;
    if (ranked || invalid) {
      // All unambiguous marks, by rank. They come by rank in what we have seen; a stable insertion sort costs nothing then.
      let kept = 0;
      for (let m = 0; m < n; m++) {
        if ((this.#said.counts[m]! & 1) === 0) continue;
        const choice = this.#choices[m]!;
        const rank = ranked ? this.#ranks[m]! : 0;
        if (ranked && rank === 0) throw new Fault('not-a-rank', 'a rank from 1', '0');
        let to = kept++;
        for (; to > 0 && this.#ranks[to - 1]! > rank; to--) {
          this.#ranks[to] = this.#ranks[to - 1]!;
          this.#choices[to] = this.#choices[to - 1]!;
        }
        this.#ranks[to] = rank;
        this.#choices[to] = choice;
      }
      this.#builder.vote(c, invalid ? voteCodes.invalid : kept === 0 ? voteCodes.blank : voteCodes.listed);
      for (let m = 0; m < kept; m++) this.#builder.mark(c, this.#choices[m]!, this.#ranks[m]!);
      return;
    }
    let votes = 0;
    for (let m = 0; m < n; m++)
      if (this.#said.counts[m]! & 2 && !this.#isBefore(this.#choices[m]!, votes))
        this.#choices[votes++] = this.#choices[m]!;
    if (votes > 0 || !overvoted) {
      this.#builder.marked(c, this.#choices, votes);
      return;
    }
    // The export calls it an overvote and counts none of its marks: keep what was marked.
    this.#builder.vote(c, voteCodes.overvoted);
    for (let m = 0; m < n; m++) if (this.#said.counts[m]! & 1) this.#builder.mark(c, this.#choices[m]!, 0);
  }

  #isBefore(choice: number, end: number): boolean {
    for (let i = 0; i < end; i++) if (this.#choices[i] === choice) return true;
    return false;
  }

  #contests(): void {
    const json = this.#json;
    if (json.openList()) return;
    do this.#contest();
    while (!json.nextInList());
  }

  // ── what a session says ──
  readonly #sessionKeys = new KeyList(
    'TabulatorId', 'BatchId', 'RecordId', 'CountingGroupId', 'ImageMask', 'UniqueVotingIdentifier', 'Original', 'Modified',
  ); // oxfmt-ignore
  readonly #versionKeys = new KeyList('PrecinctPortionId', 'BallotTypeId', 'IsCurrent', 'Cards', 'Contests');
  readonly #cardKeys = new KeyList('Contests');
  readonly #codes = {
    tabulator: new Map<number, number>(),
    batch: new Map<number, number>(),
    precinct: new Map<number, number>(),
    style: new Map<number, number>(),
    countingGroup: new Map<number, number>(),
  };

  #code(attribute: CardAttribute, id: number, names?: ReadonlyMap<number, string>): number {
    let known = this.#codes[attribute].get(id);
    if (known === undefined) {
      known = this.#builder.code(attribute, names?.get(id) ?? String(id));
      this.#codes[attribute].set(id, known);
    }
    return known;
  }

  #tabulator = -1;
  #batch = -1;
  #group = -1;
  #recordFrom = 0;
  #recordTo = 0;
  #maskFrom = 0;
  #maskTo = 0;
  #uniqueFrom = 0;
  #uniqueTo = 0;
  #built = 0;
  readonly #paper = new Uint8Array(64);
  #paperLength = 0;

  /** The number printed on the card: stated, or tabulator-batch-record, which redacted exports keep only in the image's name. */
  #imprint(): void {
    const json = this.#json;
    this.#paperLength = 0;
    const digits = (from: number, to: number): void => {
      while (from < to - 1 && json.bytes[from] === 48) from += 1;
      if (this.#paperLength > 0) this.#paper[this.#paperLength++] = 45;
      for (let i = from; i < to && this.#paperLength < 60; i++)
        this.#paper[this.#paperLength++] = json.bytes[i]!;
    };
    if (this.#uniqueTo > this.#uniqueFrom) {
      digits(this.#uniqueFrom, this.#uniqueTo);
      return;
    }
    // The last "00011_00008_000075" of D:\…\00011_00008_000075*.*
    let end = this.#maskTo;
    while (end > this.#maskFrom && !isDigit(json.bytes[end - 1]!)) end -= 1;
    let second = end;
    while (second > this.#maskFrom && isDigit(json.bytes[second - 1]!)) second -= 1;
    let first = second - 1;
    while (first > this.#maskFrom && isDigit(json.bytes[first - 1]!)) first -= 1;
    let start = first - 1;
    while (start > this.#maskFrom && isDigit(json.bytes[start - 1]!)) start -= 1;
    if (
      start >= this.#maskFrom &&
      json.bytes[second - 1] === 95 &&
      json.bytes[first - 1] === 95 &&
      start < first - 1 &&
      first < second - 1
    ) {
      digits(start, first - 1);
      digits(first, second - 1);
      digits(second, end);
    } else if (this.#recordTo > this.#recordFrom && isDigit(json.bytes[this.#recordFrom]!)) {
      const text = `${this.#tabulator}-${this.#batch}-`;
      for (let i = 0; i < text.length; i++) this.#paper[this.#paperLength++] = text.charCodeAt(i);
      for (let i = this.#recordFrom; i < this.#recordTo && this.#paperLength < 60; i++)
        this.#paper[this.#paperLength++] = json.bytes[i]!;
    }
  }

  #beginCard(): void {
    const json = this.#json;
    if (this.#built === mostCardsOfSession)
      throw new Fault('too-many-cards', `at most ${mostCardsOfSession} cards in a session`, 'more');
    this.#builder.card();
    this.#built += 1;
    this.#builder.record(json.bytes, this.#recordFrom, this.#recordTo);
    this.#builder.imprinted(this.#paper, 0, this.#paperLength);
  }

  #withdraw(): void {
    for (; this.#built > 0; this.#built--) this.#builder.withdraw();
  }

  /** Reads a version into cards; gives back whether it is the one to use. If not, there are no cards of it. */
  #version(accept: 'current' | 'any'): boolean {
    const json = this.#json;
    let precinct = -1;
    let style = -1;
    let current = true;
    let seen = false;
    this.#imprint();
    this.#versionKeys.last = 64;
    if (json.openObject())
      do {
        const which = json.key(this.#versionKeys);
        if (which === 0) precinct = json.int();
        else if (which === 1) style = json.int();
        else if (which === 2) current = json.bool();
        else if (which < 0 || (!current && accept === 'current')) json.skip();
        else {
          if (seen) throw new Fault('key-repeated', 'Cards or Contests once', 'twice');
          seen = true;
          if (which === 4) {
            this.#beginCard();
            this.#contests();
          } else if (!json.openList())
            do {
              this.#beginCard();
              this.#cardKeys.last = 64;
              let had = false;
              if (json.openObject())
                do {
                  if (json.key(this.#cardKeys) !== 0) json.skip();
                  else if (had) throw new Fault('key-repeated', 'Contests once', 'twice');
                  else {
                    had = true;
                    this.#contests();
                  }
                } while (json.nextInObject());
            } while (!json.nextInList());
        }
      } while (json.nextInObject());
    if (!current && accept === 'current') {
      this.#withdraw();
      return false;
    }
    if (precinct >= 0)
      this.#builder.attribute(
        'precinct',
        this.#code('precinct', precinct, this.#keys.precincts),
        this.#built,
      );
    if (style >= 0)
      this.#builder.attribute('style', this.#code('style', style, this.#keys.styles), this.#built);
    return true;
  }

  /** Reads the session at `p`. Gives back why it is left out, if so. */
  session(): { code: string; expected: string; found: string } | undefined {
    const json = this.#json;
    const start = json.p;
    this.#tabulator = this.#batch = this.#group = -1;
    this.#built =
      this.#recordFrom =
      this.#recordTo =
      this.#maskFrom =
      this.#maskTo =
      this.#uniqueFrom =
      this.#uniqueTo =
        0;
    let seen = 0;
    let original = -1;
    let modified = -1;
    let used: 'no' | 'original' | 'modified' = 'no';
    let originalTried = false;
    this.#sessionKeys.last = 64;
    try {
      if (json.openObject())
        do {
          const which = json.key(this.#sessionKeys);
          if (which >= 0 && seen & (1 << which))
            throw new Fault('key-repeated', 'each key once', 'a session with one twice');
          if (which >= 0) seen |= 1 << which;
          // The numbers on the card come before its versions; where they do not, the version waits.
          const identified = (seen & 0b111111) === 0b111111;
          switch (which) {
            case 0:
              this.#tabulator = json.int();
              break;
            case 1:
              this.#batch = json.int();
              break;
            case 2: {
              const quoted = json.peek() === 34;
              this.#recordFrom = quoted ? json.p + 1 : json.p;
              json.skip();
              this.#recordTo = quoted ? json.p - 1 : json.p;
              break;
            }
            case 3:
              this.#group = json.int();
              break;
            case 4:
            case 5:
              if (json.peek() !== 34) json.skip();
              else {
                const from = json.p + 1;
                json.skipString();
                if (which === 4) {
                  this.#maskFrom = from;
                  this.#maskTo = json.p - 1;
                } else {
                  this.#uniqueFrom = from;
                  this.#uniqueTo = json.p - 1;
                }
              }
              break;
            case 6:
              original = json.p;
              if (identified) {
                originalTried = true;
                if (this.#version(this.#wanted === 'current' ? 'current' : 'any')) used = 'original';
              } else json.skip();
              break;
            case 7:
              modified = json.p;
              if (identified && originalTried && used === 'no' && this.#wanted === 'current') {
                if (this.#version('current')) used = 'modified';
                modified = -1;
              } else json.skip();
              break;
            default:
              json.skip();
          }
        } while (json.nextInObject());
      const end = json.p;
      if (used === 'no' && !originalTried && original >= 0) {
        json.p = original;
        if (this.#version(this.#wanted === 'current' ? 'current' : 'any')) used = 'original';
      }
      if (used === 'no' && modified >= 0 && this.#wanted === 'current') {
        json.p = modified;
        if (this.#version('current')) used = 'modified';
      }
      json.p = end;
      if (this.#tabulator < 0 || this.#batch < 0)
        throw new Fault('missing-key', 'TabulatorId and BatchId', 'a session without one of them');
    } catch (error) {
      this.#withdraw();
      if (!(error instanceof Fault) || !ofOneSession.has(error.code)) throw error;
      json.p = start;
      json.skip();
      return error;
    }
    if (used === 'no')
      return { code: 'no-current-version', expected: 'a version with IsCurrent', found: 'none' };
    this.#builder.attribute('tabulator', this.#code('tabulator', this.#tabulator), this.#built);
    this.#builder.attribute('batch', this.#code('batch', this.#batch), this.#built);
    if (this.#group >= 0)
      this.#builder.attribute(
        'countingGroup',
        this.#code('countingGroup', this.#group, this.#keys.countingGroups),
        this.#built,
      );
    if (used === 'modified') this.#builder.adjudicated(this.#built);
    return undefined;
  }
}

const isDigit = (byte: number): boolean => byte >= 48 && byte <= 57;
