// NIST SP 1500-103 cast vote records (Cast Vote Records Common Data Format Specification, version 1.0), JSON and XML; and the XML of Unisyn, which is
// an early draft of it. One reading for both: XML becomes the same tree as JSON, except that every field is a list.
//
// Of a record's snapshots only the current one counts (CurrentSnapshotId): the others say how it came to be. A position is marked if
// HasIndication is yes and IsAllocable is not no; "unknown", which vendors write, counts. A selection that needs adjudication does not, but what was
// written in there is kept.
import { cvrChoice, cvrContest, emptyNames, voteCodes } from '../cvr/index.ts';
import type { CvrConsumer, GrowingContest } from '../cvr/index.ts';
import { longestPiece, type InputFile } from './input.ts';
import { Intake } from './intake.ts';
import { readJsonElements } from './jsonElements.ts';
import { markRanking } from './rankedMarks.ts';
import type { CvrReading, Reading, Refusal } from './reading.ts';
import type { VoteFor } from './voteFor.ts';
import { refused } from './refusals.ts';
import { EnoughXml, readXmlFile, type XmlEvents } from './xml.ts';

export const nistCvrJsonReader = { reader: 'nist-cvr-json', version: '1' } as const;
export const nistCvrXmlReader = { reader: 'nist-cvr-xml', version: '1' } as const;

/** Reads a report in JSON, twice: once for the definitions, which may stand after the records, once for the records. */
export async function readNistCvrJson(
  file: InputFile,
  to: CvrConsumer,
  voteFor?: VoteFor,
): Promise<Reading<CvrReading>> {
  return readTwice(nistCvrJsonReader.reader, file, to, voteFor, async (onRecord, between) => {
    const read = await readJsonElements(
      file,
      'CVR',
      (text, i) => onRecord(() => recordOf(text), `CVR[${i}]`, undefined, text),
      between,
    );
    return 'code' in read ? read : { report: read.rest, root: last(one(read.rest, '@type') ?? 'no @type') };
  });
}

/** A record as an object; anything else is a record without anything, and is refused as such. */
function recordOf(text: string): Tree {
  const record: unknown = JSON.parse(text);
  return isTree(record) ? record : {};
}

/** The definitions are held in memory all together: characters. */
const longestDefinitions = 64 * 1024 * 1024;

/** Reads a report in XML, twice: once for the definitions, which stand after the records, once for the records. */
export async function readNistCvrXml(
  file: InputFile,
  to: CvrConsumer,
  voteFor?: VoteFor,
): Promise<Reading<CvrReading>> {
  return readTwice(nistCvrXmlReader.reader, file, to, voteFor, async (onRecord, between) => {
    const report: Tree = {};
    let root = 'nothing';
    let fault: Refusal | undefined;
    let length = 0;
    const tooLong = (code: string, expected: string, line: number): never => {
      fault = {
        code,
        file: file.name,
        line,
        expected,
        found: 'more',
        todo: 'check that this is the right file',
      };
      throw new EnoughXml();
    };
    const events = treeEvents({
      root: (name) => (root = name),
      child(name, tree, line, size) {
        if (name === 'CVR') return onRecord(() => tree, 'CVR', line, undefined);
        length += size;
        if (length > longestDefinitions)
          tooLong('too-large', `definitions of at most ${longestDefinitions} characters`, line);
        ((report[name] ??= []) as Tree[]).push(tree);
      },
      endless: (line) => tooLong('element-too-long', `an element within ${longestPiece} characters`, line),
    });
    const read = await readXmlFile(file, events, between);
    return fault ?? read ?? { report, root };
  });
}

type OnRecord = (
  record: () => Tree,
  field: string,
  line: number | undefined,
  /** As it stands in the file, if it is at hand: a record without the word has no rank. */
  text: string | undefined,
) => void;
type Pass = (
  onRecord: OnRecord,
  between: () => Promise<void>,
) => Promise<{ readonly report: Tree; readonly root: string } | Refusal>;

async function readTwice(
  format: string,
  file: InputFile,
  to: CvrConsumer,
  voteFor: VoteFor | undefined,
  pass: Pass,
): Promise<Reading<CvrReading>> {
  const ranks = new Map<string, number>();
  const first = await pass(
    (record, _field, _line, text) => {
      if (text?.includes('"Rank"') !== false) noteRanks(record(), ranks);
    },
    () => Promise.resolve(),
  );
  if ('code' in first) return refused(first);
  if (first.root !== 'CastVoteRecordReport') {
    const todo = 'check that this is the right file';
    return refused({
      code: 'not-nist-cvr',
      file: file.name,
      expected: 'a CastVoteRecordReport',
      found: first.root,
      todo,
    });
  }
  const reader = new NistReader(file.name, format, first.report, ranks, voteFor, to);
  const second = await pass(
    (record, field, line) => reader.read(record(), field, line),
    () => reader.intake.deliver(),
  );
  return 'code' in second ? refused(second) : reader.finish();
}

// ── the tree ──

type Value = string | Tree;
/** A field is a list in XML, and in JSON what it is; `one` and `trees` read both. */
interface Tree {
  [field: string]: unknown;
}

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const list = (tree: Tree, field: string): readonly unknown[] => {
  const value = tree[field];
  return value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
};
const trees = (tree: Tree, field: string): readonly Tree[] => list(tree, field).filter(isTree);
function one(tree: Tree, field: string): string | undefined {
  const [value] = list(tree, field);
  return typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : undefined;
}
/** Ids are a list in JSON and separated by blanks in XML. */
const ids = (tree: Tree, field: string): readonly string[] =>
  list(tree, field).flatMap((v) => (typeof v === 'string' ? v.split(/\s+/).filter((id) => id !== '') : []));
/** "CVR.CandidateContest" and "CandidateContest" are both met. */
const last = (type: string): string => type.slice(type.lastIndexOf('.') + 1);

/** What is done with the tree of each child of the root; `size` in characters, names and texts. */
interface TreeHandlers {
  readonly root: (name: string) => void;
  readonly child: (name: string, tree: Tree, line: number, size: number) => void;
  /** A child that does not end before it fills the memory. */
  readonly endless: (line: number) => void;
}

function treeEvents({ root, child, endless }: TreeHandlers): XmlEvents {
  const open: { tree: Tree; text: string; line: number }[] = [];
  let depth = 0;
  let size = 0;
  return {
    open(name, attributes, line) {
      if (depth++ === 0) return root(name);
      size = open.length === 0 ? 0 : size + name.length;
      if (size > longestPiece) endless(line);
      const tree: Tree = {};
      if (attributes['ObjectId'] !== undefined) tree['@id'] = attributes['ObjectId'];
      if (attributes['type'] !== undefined) tree['@type'] = attributes['type'];
      open.push({ tree, text: '', line });
    },
    text(part) {
      size += part.length;
      const top = open.at(-1);
      if (top !== undefined) top.text += part;
    },
    close(name) {
      depth--;
      const closed = open.pop();
      if (closed === undefined) return;
      const parent = open.at(-1);
      if (parent === undefined) return child(name, closed.tree, closed.line, size);
      const value = Object.keys(closed.tree).length === 0 ? closed.text.trim() : closed.tree;
      if (!Object.hasOwn(parent.tree, name)) parent.tree[name] = [];
      (parent.tree[name] as Value[]).push(value);
    },
  };
}

// ── the meaning ──

const currentSnapshot = (record: Tree): Tree | undefined => {
  const current = one(record, 'CurrentSnapshotId');
  return trees(record, 'CVRSnapshot').find((s) => one(s, '@id') === current);
};

const rankOf = (selection: Tree, position: Tree): number =>
  Number(one(position, 'Rank') ?? one(selection, 'Rank') ?? 0);

const needsAdjudication = 'needs-adjudication';

/** What was decided on a position, in the standard's words, or in the export's own where it says "other". */
const statusOf = (position: Tree): string =>
  list(position, 'Status')
    .map((status) => (status === 'other' ? (one(position, 'OtherStatus') ?? 'other') : status))
    .join(' ');

/** By contest, the last rank that anybody used: more than a ballot offers it cannot be. */
function noteRanks(record: Tree, ranks: Map<string, number>): void {
  for (const contest of trees(currentSnapshot(record) ?? {}, 'CVRContest')) {
    const id = one(contest, 'ContestId') ?? '';
    for (const selection of trees(contest, 'CVRContestSelection'))
      for (const position of trees(selection, 'SelectionPosition')) {
        const rank = rankOf(selection, position);
        if (rank > (ranks.get(id) ?? 0)) ranks.set(id, rank);
      }
  }
}

/** A choice that is no choice: some programs write an overvote as a vote for it. */
const isOvervote = (name: string): boolean => name.trim().toLowerCase() === 'overvote';

class NistReader {
  readonly intake: Intake;
  readonly #voteFor: VoteFor | undefined;
  readonly #file: string;
  readonly #contests = new Map<string, number>();
  readonly #choices: Map<string, number>[] = [];
  readonly #ranks: ReadonlyMap<string, number>;
  /** What is wrong with the report as a whole. */
  #fault: Refusal | undefined;
  /** Names of precincts and serial numbers of devices, by the ids that records use. */
  readonly #units: ReadonlyMap<string, string>;
  readonly #devices: ReadonlyMap<string, string>;
  readonly #utf8 = new TextEncoder();
  #waiting = 0;

  constructor(
    file: string,
    format: string,
    report: Tree,
    ranks: ReadonlyMap<string, number>,
    voteFor: VoteFor | undefined,
    to: CvrConsumer,
  ) {
    this.#file = file;
    this.#ranks = ranks;
    this.#voteFor = voteFor;
    const elections = trees(report, 'Election');
    const named = (field: string, name: string): ReadonlyMap<string, string> =>
      new Map(
        trees(report, field).flatMap((x) => {
          const [id, value] = [one(x, '@id'), one(x, name)];
          return id === undefined || value === undefined || value === '' ? [] : [[id, value] as const];
        }),
      );
    this.#units = named('GpUnit', 'Name');
    this.#devices = named('ReportingDevice', 'SerialNumber');
    const version = one(report, 'Version');
    const header = {
      election: elections.map((e) => one(e, 'Name') ?? '').find((n) => n !== '') ?? '',
      format,
      ...(version === undefined ? {} : { version }),
      contests: [],
      names: emptyNames(),
    };
    this.intake = new Intake(header, to);
    const parties = new Map(
      trees(report, 'Party').map((p) => [one(p, '@id'), one(p, 'Name') ?? one(p, 'Abbreviation')]),
    );
    for (const election of elections) {
      const people = new Map(trees(election, 'Candidate').map((c) => [one(c, '@id'), c]));
      for (const contest of trees(election, 'Contest')) {
        const id = one(contest, '@id') ?? '';
        const c = this.#contest(id, one(contest, 'Name'), one(contest, 'VotesAllowed'));
        for (const selection of trees(contest, 'ContestSelection')) {
          const candidates = ids(selection, 'CandidateIds')
            .map((x) => people.get(x))
            .filter((x) => x !== undefined);
          const written = candidates.map((x) => one(x, 'Name')).filter((n) => n !== undefined);
          const party = candidates.map((x) => parties.get(one(x, 'PartyId'))).find((p) => p !== undefined);
          const writeIn = one(selection, 'IsWriteIn') === 'true';
          const key = one(selection, '@id') ?? '';
          // Unisyn names the answers to a question as if they were candidates, and refers to them.
          const answer = one(selection, 'Selection') ?? '';
          const measure = one(people.get(answer) ?? {}, 'Name') ?? answer;
          const partyNames = ids(selection, 'PartyIds').flatMap((p) => parties.get(p) ?? []);
          const name = [written.join(' and '), measure, partyNames.join(' and ')].find((n) => n);
          this.#choice(c, key, name ?? (writeIn ? 'Write-in' : key), {
            ...(party === undefined ? {} : { party }),
            ...(writeIn ? { writeIn: 'line' as const } : {}),
          });
        }
      }
    }
  }

  read(record: Tree, field: string, line?: number): void {
    const { builder } = this.intake;
    const refuse = (code: string, expected: string, found: string): void => {
      const place = { file: this.#file, field, ...(line === undefined ? {} : { line }) };
      const todo = 'ask for the file again; the record was left out of every count';
      this.intake.refused.add({ code, ...place, expected, found, todo });
    };
    const snapshot = currentSnapshot(record);
    if (snapshot === undefined)
      return refuse(
        'no-current-snapshot',
        'a snapshot with CurrentSnapshotId',
        one(record, 'CurrentSnapshotId') ?? 'none',
      );
    builder.card();
    const [unit, device] = [one(record, 'BallotStyleUnitId'), one(record, 'CreatingDeviceId')];
    for (const [attribute, value] of [
      ['tabulator', this.#devices.get(device ?? '') ?? device],
      ['batch', one(record, 'BatchId')],
      ['precinct', this.#units.get(unit ?? '') ?? unit],
      ['style', one(record, 'BallotStyleId')],
    ] as const)
      if (value !== undefined) builder.attribute(attribute, builder.code(attribute, value));
    const number = this.#utf8.encode(one(record, 'BatchSequenceId') ?? '');
    builder.record(number, 0, number.length);
    const printed =
      one(record, 'BallotPrePrintedId') ?? one(record, 'BallotAuditId') ?? one(record, 'UniqueId') ?? '';
    const bytes = this.#utf8.encode(printed);
    builder.imprinted(bytes, 0, bytes.length);
    if (one(snapshot, 'Type') === 'modified') builder.adjudicated();
    const seen = new Set<number>();
    for (const contest of trees(snapshot, 'CVRContest')) {
      const id = one(contest, 'ContestId');
      if (id !== undefined && !this.#contests.has(id)) {
        builder.withdraw();
        this.#fault ??= {
          code: 'unknown-contest',
          file: this.#file,
          field,
          ...(line === undefined ? {} : { line }),
          expected: 'a contest that the report defines',
          found: id,
          todo: 'ask for the file again',
        };
        return;
      }
      const fault = id === undefined ? 'a CVRContest without ContestId' : this.#vote(contest, id, seen);
      if (fault === undefined) continue;
      builder.withdraw();
      return refuse('contest-not-read', 'each contest once, with its marks', fault);
    }
    this.intake.cardDone();
  }

  async finish(): Promise<Reading<CvrReading>> {
    if (this.#fault !== undefined) return refused(this.#fault);
    if (this.#waiting > 0)
      this.intake.remarks.push({
        code: 'needs-adjudication',
        file: this.#file,
        expected: 'marks that somebody has decided on',
        found: `${this.#waiting} not counted`,
      });
    return this.intake.finish(this.#file);
  }

  /** What is wrong with the contest, or undefined. */
  #vote(contest: Tree, id: string, seen: Set<number>): string | undefined {
    const { builder } = this.intake;
    const c = this.#contest(id);
    if (seen.has(c)) return `contest ${id} twice`;
    seen.add(c);
    const ranked = builder.header.contests[c]!.ranks > 0;
    const ranks: (number[] | 'several')[] = [];
    const counted: number[] = [];
    const indicated: number[] = [];
    for (const selection of trees(contest, 'CVRContestSelection')) {
      const key = one(selection, 'ContestSelectionId');
      const waits = list(selection, 'Status').includes(needsAdjudication);
      const choice = waits
        ? (this.#choices[c]!.get(key ?? '') ?? -1)
        : key === undefined
          ? this.#choice(c, '', 'Write-in', { writeIn: 'line' })
          : this.#choice(c, key, key);
      if (waits) this.#waiting++;
      for (const position of trees(selection, 'SelectionPosition')) {
        if (one(position, 'HasIndication') !== 'yes') continue;
        const [written] = trees(position, 'CVRWriteIn');
        if (written !== undefined)
          builder.writeIn({
            contest: c,
            choice,
            rank: ranked ? rankOf(selection, position) : 0,
            text: one(written, 'Text') ?? '',
            status: waits ? needsAdjudication : statusOf(position),
          });
        if (waits) continue;
        if (!indicated.includes(choice)) indicated.push(choice);
        if (one(position, 'IsAllocable') === 'no') continue;
        if (!counted.includes(choice)) counted.push(choice);
        if (!ranked) continue;
        const rank = rankOf(selection, position);
        if (!Number.isInteger(rank) || rank < 1 || rank > 255) return `rank ${rank} in ${id}`;
        while (ranks.length < rank) ranks.push([]);
        const at = ranks[rank - 1]!;
        if (isOvervote(builder.header.contests[c]!.choices[choice]!.name)) ranks[rank - 1] = 'several';
        else if (at !== 'several' && !at.includes(choice)) at.push(choice);
      }
    }
    const status = list(contest, 'Status');
    const overvotes = Number(one(contest, 'Overvotes') ?? 0);
    if (status.includes('invalidated-rules')) {
      builder.vote(c, voteCodes.invalid);
      for (const choice of indicated) builder.mark(c, choice, 0);
    } else if (ranked) markRanking(builder, c, ranks);
    else if (indicated.length > 0 && (status.includes('overvoted') || overvotes > 0)) {
      builder.vote(c, voteCodes.overvoted);
      for (const choice of indicated) builder.mark(c, choice, 0);
    } else builder.marked(c, counted, counted.length);
    return undefined;
  }

  #contest(id: string, name = id, voteFor?: string): number {
    const known = this.#contests.get(id);
    if (known !== undefined) return known;
    const votes = voteFor !== undefined && /^[1-9]\d{0,4}$/.test(voteFor) ? Number(voteFor) : undefined;
    const named: GrowingContest = cvrContest(name, votes, Math.min(this.#ranks.get(id) ?? 0, 255), id);
    const contest = { ...named, voteFor: votes ?? this.#voteFor?.get(named.id) };
    const c = this.intake.builder.header.contests.push(contest) - 1;
    this.#contests.set(id, c);
    this.#choices.push(new Map());
    return c;
  }

  #choice(c: number, key: string, name: string, more?: Parameters<typeof cvrChoice>[1]): number {
    const known = this.#choices[c]!.get(key);
    if (known !== undefined) return known;
    const choices = this.intake.builder.header.contests[c]!.choices;
    const index = choices.push(cvrChoice(name, { ...(key === '' ? {} : { key }), ...more })) - 1;
    this.#choices[c]!.set(key, index);
    return index;
  }
}
