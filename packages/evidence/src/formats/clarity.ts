// Clarity (Scytl) detail.xml: results by contest, choice, vote type and county, or precinct in a county's own file.
//
// Two kinds of <VoteType> that must not be mixed: those inside a <Choice> hold votes; those directly inside a <Contest> hold counts that
// are nobody's votes ("Undervotes", "Overvotes", "Number of Precincts Reporting"). The second are kept apart, as `notVotes`.
//
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
} from '../election/index.ts';
import { countFaults, parseCount, shown } from './cells.ts';
import type { Reading, ReaderName } from './reading.ts';
import { close, openLedger, refused, type Ledger } from './refusals.ts';
import { notText } from './text.ts';
import { documentType, EnoughXml, readXml } from './xml.ts';

export const clarityReader: ReaderName = { reader: 'Clarity detail XML', version: '1' };

export interface ClarityDetail {
  readonly election: Election;
  /** 'state': rows are of counties. 'county': rows are of precincts of the one county that the file is of. */
  readonly level: 'state' | 'county';
  /** One for each contest, in the file's order. */
  readonly results: readonly ReportedResults[];
  readonly notVotes: readonly NotVotes[];
}

/** Counts by county or precinct beside a contest that are no choice's votes, under the name that the file gives them. */
export interface NotVotes {
  readonly contest: ContestId;
  readonly name: string;
  readonly stated?: number;
  /** By county or precinct, as the file names it. */
  readonly counts: ReadonlyMap<string, number>;
}

/** `only`: the one contest wanted; the others are passed over, as if the file did not have them. */
export function readClarity(file: string, bytes: Uint8Array, only?: ContestId): Reading<ClarityDetail> {
  const fault = notText(file, bytes) ?? documentType(file, bytes);
  if (fault !== undefined) return refused(fault);
  const ledger = openLedger(file);
  const seen = parse(ledger, bytes, only);
  if (seen === undefined) return refused(...ledger.refusals);
  const detail = understand(ledger, seen);
  return close(
    ledger,
    () => detail,
    detail.results.reduce((n, r) => n + r.rows.length, 0),
  );
}

// ── elements into plain data ────────────────────────────────────────────────────────────────────────────────────────

interface Seen {
  readonly facts: Map<string, string>;
  /** Counties of the turnout table: the file's own list of them. */
  readonly counties: Set<string>;
  readonly contests: SeenContest[];
  placeKind: 'County' | 'Precinct' | undefined;
}
interface SeenContest {
  readonly name: string;
  readonly line: number;
  readonly voteFor: number | undefined;
  readonly choices: SeenChoice[];
  readonly notVotes: SeenType[];
}
interface SeenChoice {
  readonly text: string;
  readonly party: string;
  readonly line: number;
  readonly totalVotes: number | undefined;
  readonly types: SeenType[];
}
interface SeenType {
  readonly name: string;
  readonly line: number;
  readonly stated: number | undefined;
  readonly places: Map<string, number>;
}

interface Tag {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly line: number;
}

function parse(ledger: Ledger, bytes: Uint8Array, only: ContestId | undefined): Seen | undefined {
  const seen: Seen = { facts: new Map(), counties: new Set(), contests: [], placeKind: undefined };
  const path: string[] = [];
  let contest: SeenContest | undefined;
  let choice: SeenChoice | undefined;
  let type: SeenType | undefined;
  let words = '';
  /** Within a contest that is not the one wanted. */
  let passing = false;

  const stop = (): never => {
    throw new EnoughXml();
  };
  const attribute = (tag: Tag, name: string): string => {
    const value = tag.attributes[name];
    if (value !== undefined && value !== '') return value;
    ledger.refuse(
      'missing-name',
      { line: tag.line, field: `${tag.name} ${name}` },
      `an attribute ${name}`,
      value === '' ? 'an empty one' : 'none',
      'fetch the file again; if it stays, ask the office',
    );
    return stop();
  };
  const count = (tag: Tag, name: string): number | undefined => {
    const value = tag.attributes[name];
    if (value === undefined) return undefined;
    const n = parseCount(value);
    if (typeof n === 'number') return n;
    ledger.refuse(
      n,
      { line: tag.line, field: `${tag.name} ${name}` },
      'a count',
      shown(value),
      countFaults[n],
    );
    return ledger.full() ? stop() : undefined;
  };

  const open = (tag: Tag): void => {
    // Nearly every element is a place within a vote type of a contest; the others are told apart by their whole path.
    const inType = type !== undefined && path.at(-1) === 'VoteType' && path[1] === 'Contest';
    path.push(tag.name);
    words = '';
    if (passing && path.length > 2) return;
    if (inType && (tag.name === 'County' || tag.name === 'Precinct')) {
      placed(tag, tag.name, attribute(tag, 'name'));
      if (ledger.full()) stop();
      return;
    }
    const where = path.slice(1).join(' ');
    if (path.length === 1 && tag.name !== 'ElectionResult') {
      ledger.refuse(
        'not-a-detail-file',
        { line: tag.line, field: tag.name },
        'the root element ElectionResult',
        shown(tag.name),
        'this reader reads Clarity detail.xml; give the file that the results site calls "detail XML"',
      );
      stop();
    }
    if (where === 'Contest') {
      const name = tidy(attribute(tag, 'text'));
      passing = only !== undefined && contestId(name) !== only;
      if (passing) return;
      contest = {
        name,
        line: tag.line,
        voteFor: count(tag, 'voteFor'),
        choices: [],
        notVotes: [],
      };
      seen.contests.push(contest);
    } else if (where === 'Contest Choice') {
      choice = {
        text: tidy(attribute(tag, 'text')),
        party: tag.attributes['party'] ?? '',
        line: tag.line,
        totalVotes: count(tag, 'totalVotes'),
        types: [],
      };
      contest!.choices.push(choice);
    } else if (where === 'Contest VoteType' || where === 'Contest Choice VoteType') {
      type = {
        name: attribute(tag, 'name'),
        line: tag.line,
        stated: count(tag, 'votes'),
        places: new Map(),
      };
      const siblings = path.length === 4 ? choice!.types : contest!.notVotes;
      if (siblings.some((t) => t.name === type!.name))
        ledger.refuse(
          'vote-type-twice',
          { line: tag.line, field: `${contest!.name}, ${choice?.text ?? ''}` },
          'each vote type once',
          shown(type.name),
          'fetch the file again; if it stays, ask the office',
        );
      siblings.push(type);
    } else if (where === 'ElectionVoterTurnout Counties County') seen.counties.add(attribute(tag, 'name'));
    if (ledger.full()) stop();
  };

  const placed = (tag: Tag, kind: 'County' | 'Precinct', name: string): void => {
    const field = (): string => `${contest!.name}, ${choice?.text ?? type!.name}`;
    if (seen.placeKind !== undefined && seen.placeKind !== kind)
      ledger.refuse(
        'mixed-places',
        { line: tag.line, field: field() },
        `${seen.placeKind} elements only`,
        `a ${kind}`,
        'two files were joined; give them one by one',
      );
    seen.placeKind = kind;
    const n = count(tag, 'votes');
    if (type!.places.has(name))
      ledger.refuse(
        'jurisdiction-twice',
        { line: tag.line, field: field() },
        `each ${kind.toLowerCase()} once in a vote type`,
        `${shown(name)} again`,
        'one of the two is wrong or they belong together; ask the office',
      );
    else if (tag.attributes['votes'] === undefined)
      ledger.refuse(
        'missing-count',
        { line: tag.line, field: `${kind} votes` },
        'a count',
        'no attribute votes',
        countFaults['missing-count'],
      );
    else if (n !== undefined) type!.places.set(name, n);
  };

  const fault = readXml(bytes, ledger.file, {
    open: (name, attributes, line) => open({ name, attributes, line }),
    text: (t) => {
      if (words.length < 1000) words += t;
    },
    close: (name) => {
      path.pop();
      if (path.length === 1) seen.facts.set(name, words.trim());
      words = '';
      if (name === 'Choice') choice = undefined;
    },
  });
  // An element that is still open is found only at the end: what stands there is fine, and the rest is missing.
  const cut = fault !== undefined && path.length > 0 && /unclosed tag|unexpected end/.test(fault.found);
  if (fault !== undefined)
    ledger.refusals.push(cut ? { ...fault, code: 'truncated', todo: 'fetch the file again' } : fault);
  return ledger.refusals.length > 0 ? undefined : seen;
}

/** Some exports leave a CSV's doubled quotes in their names: Earl L. ""Buddy"" Carter; and two blanks before a party. */
const tidy = (name: string): string => name.replaceAll('""', '"').replace(/\s+/g, ' ').trim();

// ── plain data into our words ───────────────────────────────────────────────────────────────────────────────────────

function understand(ledger: Ledger, seen: Seen): ClarityDetail {
  const region = seen.facts.get('Region') ?? '';
  const level = seen.placeKind === 'Precinct' ? 'county' : 'state';
  if (level === 'county' && region === '')
    ledger.refuse(
      'missing-name',
      { field: 'Region' },
      "the county's name",
      'nothing',
      'the file does not say whose precincts these are; fetch it again',
    );
  if (seen.contests.length === 0)
    ledger.refuse(
      'no-rows',
      {},
      'at least one Contest',
      'none',
      'the file was exported before any contest was reported, or is of another kind',
    );
  const places =
    level === 'county' ? new Set([region]) : new Set([...seen.counties, ...seen.contests.flatMap(placesOf)]);
  const jurisdictions = jurisdictionsOf(ledger, [...places]);
  const contests = seen.contests.map((c) => contestOf(ledger, c));
  for (const [i, { id, name }] of contests.entries())
    if (contests.findIndex((c) => c.id === id) < i)
      ledger.refuse(
        'contest-twice',
        { line: seen.contests[i]!.line, field: name },
        'each contest once',
        `${shown(name)} again`,
        'two contests have one name; ask the office how to tell them apart',
      );
  if (seen.contests.some((c) => c.voteFor === undefined))
    ledger.remark(
      'vote-for-not-stated',
      { field: 'voteFor' },
      'how many choices a voter may vote for',
      'no attribute voteFor in some contests; read as 1',
    );
  return {
    election: {
      name: seen.facts.get('ElectionName') ?? '',
      date: isoDate(ledger, seen.facts.get('ElectionDate')),
      ...(/^[A-Z]{2}$/.test(region) ? { state: region } : {}),
      jurisdictions,
      contests,
    },
    level,
    results: seen.contests.map((c, i) =>
      resultsOf(ledger, c, contests[i]!, level, region, seen.facts.get('Timestamp')),
    ),
    notVotes: seen.contests.flatMap((c, i) =>
      c.notVotes.map((t) => ({
        contest: contests[i]!.id,
        name: t.name,
        ...(t.stated === undefined ? {} : { stated: t.stated }),
        counts: t.places,
      })),
    ),
  };
}

const placesOf = (contest: SeenContest): string[] =>
  contest.choices.flatMap((c) => c.types.flatMap((t) => [...t.places.keys()]));

function jurisdictionsOf(ledger: Ledger, names: readonly string[]): Jurisdiction[] {
  const jurisdictions = names.map((name) => ({ id: jurisdictionId(name), name }));
  const first = new Map<string, string>();
  for (const { id, name } of jurisdictions) {
    const other = first.get(id);
    if (other !== undefined)
      ledger.refuse(
        'jurisdiction-twice',
        { field: 'County' },
        'each county under one name',
        `${shown(other)} and ${shown(name)}`,
        'two spellings of one county; ask the office',
      );
    first.set(id, name);
  }
  return jurisdictions;
}

function contestOf(ledger: Ledger, seen: SeenContest): Contest {
  const choices = seen.choices.map(choiceOf);
  for (const [i, { id }] of choices.entries())
    if (choices.findIndex((c) => c.id === id) < i)
      ledger.refuse(
        'choice-twice',
        { line: seen.choices[i]!.line, field: seen.name },
        'each choice once',
        `${shown(seen.choices[i]!.text)} again`,
        'two choices of the contest have one name; ask the office how to tell them apart',
      );
  const n = seen.voteFor ?? 1;
  return {
    id: contestId(seen.name),
    name: seen.name,
    choices,
    rule: { kind: 'plurality', voteFor: n, winners: n },
  };
}

/** "Joseph R. Biden (Dem)", party "NP": the attribute is NP throughout some states' files, and the party stands in the name. */
function choiceOf({ text, party }: SeenChoice): Choice {
  const marks = /^(.*?)((?:\s*\([^()]*\))*)$/.exec(text)!;
  const name = marks[1] === '' ? text : marks[1]!;
  const inName = [...marks[2]!.matchAll(/\(([^()]*)\)/g)].map((m) => m[1]!).findLast((mark) => mark !== 'I');
  const named = party !== '' && party !== 'NP' ? party : inName;
  return {
    id: choiceId(text),
    name,
    ...(named === undefined ? {} : { party: named }),
    ...(/^write-?\s?in/i.test(name) ? { writeIn: true } : {}),
  };
}

function resultsOf(
  ledger: Ledger,
  seen: SeenContest,
  contest: Contest,
  level: 'state' | 'county',
  region: string,
  asOf: string | undefined,
): ReportedResults {
  const types = [...new Set(seen.choices.flatMap((c) => c.types.map((t) => t.name)))];
  const totals = types.find((name) => /^total\b/i.test(name));
  if (totals !== undefined && types.length > 1)
    ledger.refuse(
      'total-beside-parts',
      { line: seen.line, field: seen.name },
      'vote types that can be added up',
      types.join(', '),
      'the file gives parts and their total side by side; this shape has not been met yet, please report it',
    );
  const rows = types.flatMap((voteType): ResultsRow[] => {
    const places = [...new Set(seen.choices.flatMap((c) => [...(typeOf(c, voteType)?.places.keys() ?? [])]))];
    return places.map((place) => ({
      jurisdiction: jurisdictionId(level === 'county' ? region : place),
      ...(level === 'county' ? { unit: place } : {}),
      voteType,
      votes: seen.choices.map((choice) => {
        const n = typeOf(choice, voteType)?.places.get(place);
        if (n === undefined && !ledger.full())
          ledger.refuse(
            'missing-count',
            { line: choice.line, field: `${seen.name}, ${choice.text}` },
            `a count for ${shown(place)} in ${shown(voteType)}, as for the other choices`,
            'none',
            countFaults['missing-count'],
          );
        return votes(n ?? 0);
      }),
    }));
  });
  for (const choice of seen.choices) contradictions(ledger, seen, choice);
  const stated = seen.choices.map((c) => c.totalVotes);
  return {
    contest: contest.id,
    choices: contest.choices.map((c) => c.id),
    rows,
    ...(stated.every((n) => n !== undefined) ? { statedTotals: stated.map(votes) } : {}),
    ...(asOf === undefined || asOf === '' ? {} : { asOf }),
    status: 'not stated',
  };
}

const typeOf = (choice: SeenChoice, name: string): SeenType | undefined =>
  choice.types.find((t) => t.name === name);

/** The file states totals at two levels; both are compared with the counts below them. */
function contradictions(ledger: Ledger, contest: SeenContest, choice: SeenChoice): void {
  let total = 0;
  for (const type of choice.types) {
    let sum = 0;
    for (const n of type.places.values()) sum += n;
    total += sum;
    if (type.stated !== undefined && type.stated !== sum)
      ledger.remark(
        'total-contradicts-parts',
        { line: type.line, field: `${contest.name}, ${choice.text}, ${type.name}` },
        `${sum}, the sum of its parts`,
        `${type.stated}, stated`,
      );
  }
  if (choice.totalVotes !== undefined && choice.totalVotes !== total && isCount(total))
    ledger.remark(
      'total-contradicts-parts',
      { line: choice.line, field: `${contest.name}, ${choice.text}` },
      `${total}, the sum of its parts`,
      `${choice.totalVotes}, stated`,
    );
}

/** "11/3/2020" as 2020-11-03. */
function isoDate(ledger: Ledger, stated: string | undefined): string {
  const parts = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(stated ?? '');
  if (
    parts !== null &&
    Number(parts[1]) >= 1 &&
    Number(parts[1]) <= 12 &&
    Number(parts[2]) >= 1 &&
    Number(parts[2]) <= 31
  )
    return `${parts[3]}-${parts[1]!.padStart(2, '0')}-${parts[2]!.padStart(2, '0')}`;
  ledger.refuse(
    'bad-date',
    { field: 'ElectionDate' },
    'month/day/year, as in 11/3/2020',
    shown(stated ?? ''),
    'fetch the file again; if it stays, ask the office',
  );
  return '';
}
