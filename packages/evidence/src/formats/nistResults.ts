// NIST SP 1500-100 version 2, election results reporting, as XML: contests with their selections, and counts by unit and vote type.
//
// Units (`GpUnit`) form a tree, by `ComposingGpUnitIds` or by names that begin with the parent's ("Wyoming;Albany County"), and a file may count
// a county, its precincts and the state all at once. Only the lowest counted units become rows; every count above them is compared with
// their sum, never added. So is the type "total", where the parts of it are there. Units come after the contests that count them, so that nothing
// is understood before the end; of a contest only its numbers are kept.
import type { ReportedResults, ResultsRow } from '../counts/index.ts';
import {
  choiceId,
  contestId,
  isCount,
  jurisdictionId,
  votes,
  type Choice,
  type Contest,
  type ContestId,
  type Election,
  type Jurisdiction,
  type VotingRule,
} from '../election/index.ts';
import { countFaults, parseCount, shown } from './cells.ts';
import type { NotVotes } from './clarity.ts';
import { rowsOfPlace } from './countsByType.ts';
import type { Reading, ReaderName } from './reading.ts';
import { close, openLedger, refused, type Ledger } from './refusals.ts';
import { notText } from './text.ts';
import { documentType, EnoughXml, readXml } from './xml.ts';

export const nistResultsReader: ReaderName = { reader: 'NIST SP 1500-100 results XML', version: '1' };

export interface NistResults {
  readonly election: Election;
  /** One for each contest, in the file's order. */
  readonly results: readonly ReportedResults[];
  readonly notVotes: readonly NotVotes[];
}

/** `only`: the one contest wanted; the others are passed over, as if the file did not have them. */
export function readNistResults(file: string, bytes: Uint8Array, only?: ContestId): Reading<NistResults> {
  const fault = notText(file, bytes) ?? documentType(file, bytes);
  if (fault !== undefined) return refused(fault);
  const ledger = openLedger(file);
  const report = parse(ledger, bytes);
  if (ledger.refusals.length > 0) return refused(...ledger.refusals);
  const read = understand(ledger, report, only);
  return close(
    ledger,
    () => read,
    read.results.reduce((n, r) => n + r.rows.length, 0),
  );
}

// ── elements into plain data ────────────────────────────────────────────────────────────────────────────────────────

/** An element with those of its children that the reader asks for. */
interface Node {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly line: number;
  readonly children: Node[];
  text: string;
}

/** Counts of one selection: `counts[i]` is of the unit `units[i]` and the type `types[i]`. */
interface Counts {
  readonly units: string[];
  readonly types: string[];
  readonly counts: number[];
}
interface Selection extends Counts {
  readonly node: Node;
}
interface ReportedContest {
  readonly node: Node;
  readonly selections: readonly Selection[];
  readonly others: readonly { readonly unit: string; readonly name: string; readonly count: number }[];
  readonly laterRounds: number;
}
interface Report {
  readonly elections: Node[];
  readonly contests: ReportedContest[];
  readonly units: Map<string, Node>;
  readonly named: Map<string, Node>;
  generated: string;
  status: string;
}

/** Elements that are kept with what is in them until the element around them is read; all others are passed over. */
const kept = new Set(
  `Text Name BallotName Selection PartyId PartyIds CandidateIds CandidateId IsWriteIn VotesAllowed NumberElected VoteVariation
   ElectionDistrictId ElectionScopeId StartDate ComposingGpUnitIds Type OtherType GpUnitId Count Round IsSuppressedForPrivacy DeviceClass
   Overvotes Undervotes WriteIns`.split(/\s+/),
);

function parse(ledger: Ledger, bytes: Uint8Array): Report {
  const report: Report = {
    elections: [],
    contests: [],
    units: new Map(),
    named: new Map(),
    generated: '',
    status: '',
  };
  const path: Node[] = [];
  let selections: Selection[] = [];
  let counts: Counts = { units: [], types: [], counts: [] };
  let others: { unit: string; name: string; count: number }[] = [];
  let laterRounds = 0;
  const stop = (): never => {
    throw new EnoughXml();
  };

  const take = (node: Node, around: string): boolean => {
    if (node.name === 'VoteCounts' && around === 'ContestSelection') {
      if (Number(textOf(node, 'Round') ?? 1) > 1) laterRounds += 1;
      else keepCount(ledger, node, counts);
    } else if (node.name === 'OtherCounts' && around === 'Contest') {
      if (!isByDevice(ledger, node)) others.push(...otherCounts(ledger, node));
    } else if (node.name === 'ContestSelection' && around === 'Contest') {
      selections.push({ node, ...counts });
      counts = { units: [], types: [], counts: [] };
    } else if (node.name === 'Contest' && around === 'Election') {
      report.contests.push({ node, selections, others, laterRounds });
      [selections, others, laterRounds] = [[], [], 0];
    } else if (node.name === 'Election' && around === 'ElectionReport') report.elections.push(node);
    else if (node.name === 'GpUnit' && around === 'ElectionReport') keepNamed(ledger, node, report.units);
    else if (
      (node.name === 'Candidate' && around === 'Election') ||
      (node.name === 'Party' && around === 'ElectionReport')
    )
      keepNamed(ledger, node, report.named);
    else if (node.name === 'GeneratedDate' && around === 'ElectionReport')
      report.generated = node.text.trim();
    else if (node.name === 'Status' && around === 'ElectionReport') report.status = node.text.trim();
    else return false;
    if (ledger.full()) stop();
    return true;
  };

  const fault = readXml(bytes, ledger.file, {
    open: (name, attributes, line) => {
      if (path.length === 0 && !isReport(ledger, name, attributes, line)) stop();
      path.push({ name, attributes, line, children: [], text: '' });
    },
    text: (text) => {
      const node = path.at(-1);
      if (node !== undefined) node.text += text;
    },
    close: () => {
      const node = path.pop()!;
      const around = path.at(-1);
      if (around !== undefined && !take(node, around.name) && kept.has(node.name)) around.children.push(node);
    },
  });
  const cut = fault !== undefined && path.length > 0 && /unclosed tag|unexpected end/.test(fault.found);
  if (fault !== undefined)
    ledger.refusals.push(cut ? { ...fault, code: 'truncated', todo: 'fetch the file again' } : fault);
  return report;
}

function isReport(
  ledger: Ledger,
  name: string,
  attributes: Readonly<Record<string, string>>,
  line: number,
): boolean {
  const isSpace = (value: string): boolean => value === 'http://itl.nist.gov/ns/voting/1500-100/v2';
  if (name === 'ElectionReport' && Object.values(attributes).some(isSpace)) return true;
  const space = Object.values(attributes).find((value) => value.includes('nist.gov/ns/voting'));
  ledger.refuse(
    'not-an-election-report',
    { line, field: name },
    'the root element ElectionReport of http://itl.nist.gov/ns/voting/1500-100/v2',
    `${shown(name)}${space === undefined ? '' : ` of ${space.slice(0, 80)}`}`,
    'this reader reads election results by NIST SP 1500-100 version 2; ask the office for that version, or for a CSV',
  );
  return false;
}

function keepNamed(ledger: Ledger, node: Node, into: Map<string, Node>): void {
  const id = node.attributes['ObjectId'] ?? '';
  if (id === '' || into.has(id))
    ledger.refuse(
      id === '' ? 'missing-name' : 'id-twice',
      { line: node.line, field: `${node.name} ObjectId` },
      'an ObjectId of its own',
      id === '' ? 'none' : `${shown(id)} again`,
      'the references of the file cannot be followed; ask the office for it again',
    );
  into.set(id, node);
}

function keepCount(ledger: Ledger, node: Node, into: Counts): void {
  if (isByDevice(ledger, node)) return;
  const unit = textOf(node, 'GpUnitId') ?? '';
  const stated = textOf(node, 'Type') ?? '';
  const type = stated === 'other' ? (textOf(node, 'OtherType') ?? stated) : stated;
  if (unit === '' || stated === '') {
    const field = unit === '' ? 'GpUnitId' : 'Type';
    const todo = 'a count must say of which unit and type it is; ask the office for the file again';
    ledger.refuse('missing-name', { line: node.line, field: `VoteCounts ${field}` }, field, 'none', todo);
    return;
  }
  if (stated === 'seats') return;
  if (textOf(node, 'IsSuppressedForPrivacy') === 'true') {
    ledger.refuse(
      'count-suppressed',
      { line: node.line, field: `${unit}, ${type}` },
      'a count',
      'one that is left out for the privacy of few voters',
      'ask the office for the same file with these units joined to others',
    );
    return;
  }
  const count = countOf(ledger, node, 'Count');
  if (count === undefined) return;
  into.units.push(unit);
  into.types.push(type);
  into.counts.push(count);
}

/** Counts by the class of device stand beside those of all devices in one list, and nothing says whether they are part of them. */
function isByDevice(ledger: Ledger, node: Node): boolean {
  const device = node.children.find((c) => c.name === 'DeviceClass');
  if (device === undefined) return false;
  ledger.refuse(
    'counts-by-device',
    { line: device.line, field: `${node.name} DeviceClass` },
    'counts by unit and type',
    `counts by the class of device, ${shown(textOf(device, 'Type') ?? '')}`,
    'ask the office for a report without device classes',
  );
  return true;
}

const otherCounts = (ledger: Ledger, node: Node): { unit: string; name: string; count: number }[] =>
  ['Overvotes', 'Undervotes', 'WriteIns'].flatMap((name) => {
    if (textOf(node, name) === undefined) return [];
    const count = countOf(ledger, node, name);
    return count === undefined ? [] : [{ unit: textOf(node, 'GpUnitId') ?? '', name, count }];
  });

/** The schema makes a count a floating-point number: "12.0" is 12 here, and nothing else with a point is a count. */
function countOf(ledger: Ledger, node: Node, name: string): number | undefined {
  const text = textOf(node, name) ?? '';
  const n = parseCount(text.replace(/^(\d+)\.0+$/, '$1'));
  if (typeof n === 'number') return n;
  ledger.refuse(
    n,
    { line: node.line, field: `${node.name} ${name}` },
    'a count',
    shown(text),
    countFaults[n],
  );
  return undefined;
}

const textOf = (node: Node, name: string): string | undefined =>
  node.children.find((c) => c.name === name)?.text.trim();

/** The English of a text in several languages, else the first; a plain text is itself. */
function wordsOf(node: Node | undefined): string {
  const texts = node?.children.filter((c) => c.name === 'Text') ?? [];
  const english = texts.find((t) => /^en\b/i.test(t.attributes['Language'] ?? ''));
  return ((english ?? texts[0] ?? node)?.text ?? '').replace(/\s+/g, ' ').trim();
}
const nameOf = (node: Node | undefined, child: string): string =>
  wordsOf(node?.children.find((c) => c.name === child));
const idsOf = (node: Node, child: string): string[] =>
  node.children
    .filter((c) => c.name === child)
    .flatMap((c) => c.text.trim().split(/\s+/))
    .filter((id) => id !== '');

// ── units ───────────────────────────────────────────────────────────────────────────────────────────────────────────

interface Unit {
  readonly id: string;
  /** Without the names of the units around it. */
  readonly name: string;
  /** 'county', 'precinct', 'state-house'…; a device's is 'device'. */
  readonly type: string;
  readonly above: Set<Unit>;
}

const ofTowns = ['city', 'town', 'township', 'municipality', 'borough', 'village'];

function unitsOf(ledger: Ledger, report: Report): Map<string, Unit> {
  const ids = new Map([...report.units].map(([id, node]) => [nameOf(node, 'Name'), id]));
  const units = new Map<string, Unit>();
  for (const [id, node] of report.units) {
    const whole = nameOf(node, 'Name');
    const around = whole.slice(0, Math.max(0, whole.lastIndexOf(';')));
    const name = ids.has(around) ? whole.slice(around.length + 1) : whole;
    const stated = textOf(node, 'Type') ?? 'device';
    const type = stated === 'other' ? (textOf(node, 'OtherType') ?? stated) : stated;
    units.set(id, { id, name: name === '' ? id : name, type, above: new Set() });
  }
  for (const [id, node] of report.units) {
    const unit = units.get(id)!;
    for (const part of idsOf(node, 'ComposingGpUnitIds')) {
      const below = unitNamed(ledger, units, part, `GpUnit ${unit.name}`);
      if (below !== undefined && below !== unit) below.above.add(unit);
    }
    const whole = nameOf(node, 'Name');
    const around = units.get(ids.get(whole.slice(0, Math.max(0, whole.lastIndexOf(';')))) ?? '');
    if (around !== undefined && around !== unit) unit.above.add(around);
  }
  return units;
}

function unitNamed(
  ledger: Ledger,
  units: ReadonlyMap<string, Unit>,
  id: string,
  field: string,
): Unit | undefined {
  const unit = units.get(id);
  if (unit === undefined && !ledger.full()) unknownReference(ledger, field, `GpUnit ${id}`);
  return unit;
}

const unknownReference = (ledger: Ledger, field: string, id: string): void => {
  ledger.refuse(
    'unknown-reference',
    { field },
    'a reference to something in the file',
    shown(id),
    'the file is not whole; ask the office for it again',
  );
};

const mostAround = 64;

/** The units around this one, nearest first. A unit within itself, or within more than 64 others, is a fault of the file. */
function around(ledger: Ledger, unit: Unit): Unit[] {
  const found = new Set<Unit>();
  const queue = [unit];
  for (const inner of queue)
    for (const outer of inner.above) {
      if (found.has(outer)) continue;
      if (outer === unit || found.size === mostAround) {
        ledger.refuse(
          'units-not-a-tree',
          { field: `GpUnit ${unit.name}` },
          `a unit within at most ${mostAround} others, and not within itself`,
          outer === unit ? 'one within itself' : 'one within more',
          'what is counted twice cannot be told; ask the office for the file again',
        );
        return [];
      }
      found.add(outer);
      queue.push(outer);
    }
  return [...found];
}

/** Where the votes of a unit are reported: in its county, or in what reports in a county's place. */
interface Place {
  readonly unit: Unit;
  readonly around: readonly Unit[];
  readonly jurisdiction: Unit | undefined;
}

function placesOf(
  ledger: Ledger,
  units: ReadonlyMap<string, Unit>,
  scope: Unit | undefined,
): (id: string) => Place {
  const places = new Map<string, Place>();
  return (id) => {
    const known = places.get(id);
    if (known !== undefined) return known;
    const unit = unitNamed(ledger, units, id, 'GpUnitId') ?? { id, name: id, type: '', above: new Set() };
    const outer = around(ledger, unit);
    const chain = [unit, ...outer];
    const county = chain.find((u) => u.type === 'county');
    const town = chain.find((u) => ofTowns.includes(u.type));
    // A county's or a town's own file: whatever is in it is its own.
    const own = scope !== undefined && ['county', ...ofTowns].includes(scope.type) ? scope : undefined;
    const place = {
      unit,
      around: outer,
      jurisdiction: county ?? town ?? own ?? (unit === scope ? unit : undefined),
    };
    places.set(id, place);
    return place;
  };
}

// ── plain data into our words ───────────────────────────────────────────────────────────────────────────────────────

function understand(ledger: Ledger, report: Report, only: ContestId | undefined): NistResults {
  const [node] = report.elections;
  if (node === undefined || report.elections.length > 1)
    ledger.refuse(
      node === undefined ? 'no-rows' : 'several-elections',
      {},
      'one Election',
      `${report.elections.length}`,
      'ask the office for a report of one election',
    );
  const units = unitsOf(ledger, report);
  const scope = units.get(node === undefined ? '' : (textOf(node, 'ElectionScopeId') ?? ''));
  const placeOf = placesOf(ledger, units, scope);
  const names = contestNames(ledger, report, units);
  const results: ReportedResults[] = [];
  const contests: Contest[] = [];
  const notVotes: NotVotes[] = [];
  const places = new Map<string, Unit>();
  for (const [i, reported] of report.contests.entries()) {
    if (ledger.full()) break;
    if (only !== undefined && contestId(names[i]!) !== only) continue;
    const contest = contestOf(ledger, report, reported, names[i]!);
    if (contests.some((c) => c.id === contest.id))
      ledger.refuse(
        'contest-twice',
        { line: reported.node.line, field: contest.name },
        'each contest once',
        `${shown(contest.name)} again`,
        'two contests have one name; ask the office how to tell them apart',
      );
    contests.push(contest);
    const { rows, statedTotals, counted } = rowsOf(ledger, reported, contest, placeOf);
    for (const { jurisdiction } of counted)
      if (jurisdiction !== undefined) places.set(jurisdiction.id, jurisdiction);
    results.push({
      contest: contest.id,
      choices: contest.choices.map((c) => c.id),
      rows,
      ...(statedTotals === undefined ? {} : { statedTotals }),
      ...(report.generated === '' ? {} : { asOf: report.generated }),
      status: statusOf(report.status),
    });
    notVotes.push(...notVotesOf(reported, contest, placeOf));
  }
  if (node !== undefined && results.every((r) => r.rows.length === 0))
    ledger.refuse(
      'no-rows',
      {},
      'at least one count',
      'none',
      'the file was exported before anything was counted, or is of another kind',
    );
  return {
    election: {
      name: node === undefined ? '' : nameOf(node, 'Name'),
      date: node === undefined ? '' : dateOf(ledger, textOf(node, 'StartDate') ?? ''),
      jurisdictions: jurisdictionsOf(ledger, [...places.values()]),
      contests,
    },
    results,
    notVotes,
  };
}

const statusOf = (status: string): ReportedResults['status'] =>
  status === 'certified' ? 'certified' : status.startsWith('unofficial') ? 'unofficial' : 'not stated';

/** Some programs write 1900-01-01 where they do not know the day. */
function dateOf(ledger: Ledger, stated: string): string {
  const day = /^\d{4}-\d\d-\d\d/.exec(stated)?.[0];
  if (day !== undefined && day > '1950') return day;
  ledger.remark('bad-date', { field: 'StartDate' }, 'the day of the election', shown(stated));
  return '';
}

function jurisdictionsOf(ledger: Ledger, units: readonly Unit[]): Jurisdiction[] {
  const all = new Map<string, Jurisdiction>();
  for (const { name } of units) {
    const id = jurisdictionId(name);
    const other = all.get(id);
    if (other !== undefined)
      ledger.refuse(
        'jurisdiction-twice',
        { field: 'GpUnit' },
        'each county under one name',
        `${shown(other.name)} and ${shown(name)}`,
        'two units of one name; ask the office how to tell them apart',
      );
    all.set(id, { id, name });
  }
  return [...all.values()];
}

/** Contests of one name in several districts are told apart by the district's. */
function contestNames(ledger: Ledger, report: Report, units: ReadonlyMap<string, Unit>): string[] {
  const bare = report.contests.map(({ node }) => nameOf(node, 'Name'));
  const times = new Map<string, number>();
  for (const name of bare) times.set(name, (times.get(name) ?? 0) + 1);
  return bare.map((name, i) => {
    const { node } = report.contests[i]!;
    if (name === '')
      ledger.refuse(
        'missing-name',
        { line: node.line, field: `Contest ${node.attributes['ObjectId'] ?? ''} Name` },
        "the contest's name",
        'none',
        'ask the office for the file again',
      );
    const district = units.get(textOf(node, 'ElectionDistrictId') ?? '');
    return times.get(name) === 1 || district === undefined ? name : `${name}, ${district.name}`;
  });
}

function contestOf(
  ledger: Ledger,
  report: Report,
  { node, selections, laterRounds }: ReportedContest,
  name: string,
): Contest {
  const choices = selections.map((s) => choiceOf(ledger, report, s.node, name));
  for (const [i, { id, name: choice }] of choices.entries())
    if (choices.findIndex((c) => c.id === id) < i)
      ledger.refuse(
        'choice-twice',
        { line: selections[i]!.node.line, field: name },
        'each choice once',
        `${shown(choice)} again`,
        'two choices of the contest have one name; ask the office how to tell them apart',
      );
  if (laterRounds > 0)
    ledger.remark(
      'rounds-passed-over',
      { field: name },
      'counts of one round',
      `${laterRounds} counts of later rounds; the first is read`,
    );
  return { id: contestId(name), name, choices, rule: ruleOf(ledger, node, name) };
}

function ruleOf(ledger: Ledger, node: Node, field: string): VotingRule {
  const whole = (child: string): number | undefined => {
    const text = textOf(node, child);
    if (text === undefined || /^[1-9]\d{0,3}$/.test(text))
      return text === undefined ? undefined : Number(text);
    ledger.refuse(
      'not-a-count',
      { line: node.line, field: `${field}, ${child}` },
      'a whole number from 1',
      shown(text),
      'ask the office for the file again',
    );
    return undefined;
  };
  const [allowed, elected] = [whole('VotesAllowed'), whole('NumberElected')];
  const isOfCandidates = (node.attributes['type'] ?? '').endsWith('CandidateContest');
  if (allowed === undefined && isOfCandidates)
    ledger.remark(
      'vote-for-not-stated',
      { field },
      'how many choices a voter may vote for',
      'no VotesAllowed; read as 1',
    );
  const voteFor = allowed ?? 1;
  const winners = elected ?? voteFor;
  const variation = textOf(node, 'VoteVariation') ?? 'plurality';
  if (variation === 'rcv')
    return (elected ?? 1) === 1 ? { kind: 'instantRunoff' } : { kind: 'singleTransferableVote', winners };
  if (variation === 'approval') return { kind: 'approval', winners: elected ?? 1 };
  if (variation !== 'plurality' && variation !== 'n-of-m')
    ledger.remark(
      'rule-not-read',
      { field },
      'plurality, n-of-m, approval or rcv',
      `${shown(variation)}; read as plurality`,
    );
  return { kind: 'plurality', voteFor, winners };
}

function choiceOf(ledger: Ledger, report: Report, node: Node, contest: string): Choice {
  const named = (id: string, child: string): string => {
    const found = report.named.get(id);
    if (found === undefined && !ledger.full()) unknownReference(ledger, contest, id);
    return nameOf(found, child);
  };
  const candidates = idsOf(node, 'CandidateIds');
  const isWriteIn = textOf(node, 'IsWriteIn') === 'true';
  const parties = [
    ...idsOf(node, 'PartyIds'),
    ...candidates.slice(0, 1).flatMap((id) => idsOf(report.named.get(id) ?? node, 'PartyId')),
  ].map((id) => named(id, 'Name'));
  const isOfParty = (node.attributes['type'] ?? '').endsWith('PartySelection');
  const name =
    nameOf(node, 'Selection') ||
    candidates.map((id) => named(id, 'BallotName')).join(' / ') ||
    (isOfParty ? parties.join(' / ') : '') ||
    (isWriteIn ? 'Write-in' : '');
  if (name === '' && !ledger.full())
    ledger.refuse(
      'missing-name',
      { line: node.line, field: `${contest}, ContestSelection ${node.attributes['ObjectId'] ?? ''}` },
      'a candidate, a party, the words of a measure, or a write-in',
      'none',
      'ask the office for the file again',
    );
  const [party] = isOfParty ? [] : parties;
  return {
    id: choiceId(name),
    name,
    ...(party === undefined ? {} : { party }),
    ...(isWriteIn || /^write-?\s?ins?\b/i.test(name) ? { writeIn: true } : {}),
  };
}

/** Precincts may be split and joined; units of any other two kinds within one county may overlap. */
const familyOf = (type: string): string => (type.endsWith('precinct') ? 'precinct' : type);

function rowsOf(
  ledger: Ledger,
  { node, selections }: ReportedContest,
  contest: Contest,
  placeOf: (id: string) => Place,
): { rows: ResultsRow[]; statedTotals?: ReportedResults['statedTotals']; counted: Place[] } {
  const byUnit = new Map<string, Map<string, (number | undefined)[]>>();
  for (const [c, { units, types, counts }] of selections.entries())
    for (const [i, unit] of units.entries()) {
      const ofUnit = byUnit.get(unit) ?? new Map<string, (number | undefined)[]>();
      byUnit.set(unit, ofUnit);
      const row = ofUnit.get(types[i]!) ?? contest.choices.map((): number | undefined => undefined);
      ofUnit.set(types[i]!, row);
      if (row[c] !== undefined && !ledger.full())
        ledger.refuse(
          'jurisdiction-twice',
          { line: selections[c]!.node.line, field: `${contest.name}, ${contest.choices[c]!.name}` },
          'each unit and type once',
          `${shown(`${placeOf(unit).unit.name}, ${types[i]!}`)} again`,
          'one of the two is wrong or they belong together; ask the office',
        );
      row[c] = counts[i]!;
    }
  const all = [...byUnit.keys()].map(placeOf);
  const above = new Set(all.flatMap((p) => p.around.map((u) => u.id)));
  const lowest = all.filter((p) => !above.has(p.unit.id));
  const families = new Map<string, string>();
  for (const { unit, jurisdiction } of lowest) {
    if (ledger.full()) break;
    const family = familyOf(unit.type);
    const other = jurisdiction === undefined ? undefined : (families.get(jurisdiction.id) ?? family);
    if (jurisdiction === undefined)
      ledger.refuse(
        'unit-without-county',
        { line: node.line, field: contest.name },
        'counts of a county, a town, or a unit within one',
        `${shown(unit.name)}, of type ${shown(unit.type)}`,
        'nothing says in which county these votes are; ask the office for a report by county or precinct',
      );
    else if (other !== family)
      ledger.refuse(
        'mixed-places',
        { line: node.line, field: `${contest.name}, ${jurisdiction.name}` },
        `${other} units only`,
        `${shown(unit.name)}, of type ${shown(unit.type)}`,
        'the two kinds may count the same votes; ask the office for a report by one of them',
      );
    else families.set(jurisdiction.id, family);
  }
  const rowsAt = new Map(
    all.map(({ unit, jurisdiction }) => [
      unit.id,
      rowsOfPlace(
        ledger,
        contest,
        {
          jurisdiction: jurisdictionId((jurisdiction ?? unit).name),
          ...(jurisdiction === undefined || jurisdiction === unit ? {} : { unit: unit.name }),
          name: unit.name,
          line: node.line,
          types: byUnit.get(unit.id)!,
        },
        (type) => type === 'total',
      ),
    ]),
  );
  const sum = (rows: readonly ResultsRow[]): number[] =>
    contest.choices.map((_, i) => rows.reduce((n, r) => n + r.votes[i]!, 0));
  const rows = lowest.flatMap((p) => rowsAt.get(p.unit.id)!);
  let statedTotals: ReportedResults['statedTotals'];
  const whole = all.find((p) => above.has(p.unit.id) && lowest.every((l) => l.around.includes(p.unit)));
  for (const outer of all.filter((p) => above.has(p.unit.id))) {
    const below = lowest.filter((l) => l.around.includes(outer.unit)).flatMap((l) => rowsAt.get(l.unit.id)!);
    const [stated, found] = [sum(rowsAt.get(outer.unit.id)!), sum(below)];
    const at = stated.findIndex((n, i) => n !== found[i]);
    if (at !== -1)
      ledger.remark(
        'total-contradicts-parts',
        { line: node.line, field: `${contest.name}, ${contest.choices[at]!.name}, ${outer.unit.name}` },
        `${found[at]}, the sum of its parts`,
        `${stated[at]}, stated`,
      );
    if (outer === whole && stated.every(isCount)) statedTotals = stated.map(votes);
  }
  return { rows, ...(statedTotals === undefined ? {} : { statedTotals }), counted: lowest };
}

function notVotesOf(
  { others }: ReportedContest,
  contest: Contest,
  placeOf: (id: string) => Place,
): NotVotes[] {
  const byName = new Map<string, Map<string, number>>();
  for (const { unit, name, count } of others) {
    const counts = byName.get(name) ?? new Map<string, number>();
    const place = placeOf(unit);
    const label =
      place.jurisdiction === undefined || place.jurisdiction === place.unit
        ? place.unit.name
        : `${place.jurisdiction.name}, ${place.unit.name}`;
    byName.set(name, counts.set(label, count));
  }
  return [...byName].map(([name, counts]) => ({ contest: contest.id, name, counts }));
}
