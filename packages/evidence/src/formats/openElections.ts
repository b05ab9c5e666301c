// OpenElections' CSV: county, precinct, office, district, party, candidate and votes, in columns that differ from file to file of one year.
//
// Quirks met: "not available" where the file has no precincts; votes by mode with and without their total ("votes", "total_votes"); a candidate
// under several spellings ("Raphael Warnock (I) (Dem)" in some counties: one id); "Under Votes" and "Over Votes" as if they were candidates,
// "Registered Voters" and "Ballots Cast" as if they were offices; rows of totals among the precincts.
import type { ReportedResults, ResultsRow } from '../counts/index.ts';
import {
  choiceId,
  contestId,
  jurisdictionId,
  type Choice,
  type Contest,
  type ContestId,
  type Election,
  type Jurisdiction,
} from '../election/index.ts';
import { countFaults, parseCount, shown } from './cells.ts';
import type { NotVotes } from './clarity.ts';
import { rowsOfPlace } from './countsByType.ts';
import type { Reading, ReaderName } from './reading.ts';
import { close, refused, type Ledger } from './refusals.ts';
import { tableRows } from './tableRows.ts';

export const openElectionsReader: ReaderName = { reader: 'OpenElections CSV', version: '1' };

export interface OpenElections {
  readonly election: Election;
  /** One for each office and district, in the order of their first rows. */
  readonly results: readonly ReportedResults[];
  readonly notVotes: readonly NotVotes[];
}

/** True if a first line could be the header of this format. */
export const looksLikeOpenElections = (fields: readonly string[]): boolean =>
  ['county', 'office', 'candidate'].every((title) => fields.some((f) => f.trim().toLowerCase() === title));

/** `only`: the one contest wanted; the others are passed over, as if the file did not have them. */
export function readOpenElections(file: string, bytes: Uint8Array, only?: ContestId): Reading<OpenElections> {
  const found: Found = { contests: new Map(), jurisdictions: new Map(), offices: new Map(), rows: 0 };
  let header: Header | undefined;
  const ledger = tableRows(file, bytes, ({ line, fields }, ledger) => {
    if (header === undefined) header = readHeader(ledger, fields, line);
    else readRow(ledger, header, line, fields, found, only);
    return header === undefined || ledger.full() ? ledger.refusals.at(-1) : undefined;
  });
  if (ledger.refusals.length > 0) return refused(...ledger.refusals);
  const read = understand(ledger, header, found);
  return close(ledger, () => read, found.rows);
}

// ── the header ──────────────────────────────────────────────────────────────────────────────────────────────────────

const names = ['county', 'precinct', 'office', 'district', 'party', 'candidate'] as const;

interface Header {
  readonly line: number;
  readonly titles: readonly string[];
  readonly at: Readonly<Record<(typeof names)[number], number>>;
  /** Columns of votes. */
  readonly votes: readonly number[];
}

/** "votes", "total_votes", "election_day", "absentee_by_mail_votes", "early_voting"… */
const isVotes = (title: string): boolean =>
  /(^|_)votes$/.test(title) ||
  /^(total|election_day|early|absentee|advanced?|mail|provisional)(_|$)/.test(title);
const isTotal = (title: string): boolean => /^(total|votes|total_votes|votes_total)$/.test(title);

function readHeader(ledger: Ledger, fields: readonly string[], line: number): Header | undefined {
  const titles = fields.map((f) => f.trim().toLowerCase());
  const at = Object.fromEntries(names.map((name) => [name, titles.indexOf(name)])) as Header['at'];
  const votes = titles.flatMap((title, i) => (isVotes(title) ? [i] : []));
  const twice = titles.find((title, i) => titles.indexOf(title) < i);
  if (twice !== undefined)
    ledger.refuse(
      'column-twice',
      { line, field: twice },
      'each column once',
      `${shown(twice)} again`,
      'rename or remove one of the two',
    );
  for (const title of ['county', 'office', 'candidate'] as const)
    if (at[title] === -1) missing(ledger, line, title, titles);
  if (votes.length === 0) missing(ledger, line, 'votes', titles);
  if (votes.filter((i) => isTotal(titles[i]!)).length > 1)
    ledger.refuse(
      'ambiguous-column',
      { line, field: 'votes' },
      'one column of total votes',
      shown(titles.join(',')),
      'remove one of them',
    );
  for (const [i, title] of titles.entries())
    if (!votes.includes(i) && !Object.values(at).includes(i))
      ledger.remark(
        'unknown-column',
        { line, field: title },
        `${names.join(', ')}, or a column of votes`,
        `${shown(title)}, passed over`,
      );
  return ledger.refusals.length > 0 ? undefined : { line, titles, at, votes };
}

function missing(ledger: Ledger, line: number, title: string, titles: readonly string[]): void {
  ledger.refuse(
    'missing-column',
    { line, field: title },
    `a column "${title}"`,
    shown(titles.join(',')),
    'the first line must be "county,precinct,office,district,party,candidate" and one or more columns of votes',
  );
}

// ── the rows ────────────────────────────────────────────────────────────────────────────────────────────────────────

interface FoundPlace {
  readonly line: number;
  readonly jurisdiction: Jurisdiction;
  /** '' where the file has no precincts. */
  readonly unit: string;
  /** By choice, then by column of votes. */
  readonly votes: Map<string, readonly (number | undefined)[]>;
}
interface FoundContest {
  readonly name: string;
  readonly choices: Map<string, Choice>;
  readonly places: Map<string, FoundPlace>;
  /** Rows that state a total of the county's precincts, or of all counties. */
  readonly totals: Map<string, FoundPlace>;
  readonly notVotes: Map<string, Map<string, number>>;
}
interface Found {
  readonly contests: Map<ContestId, FoundContest>;
  readonly jurisdictions: Map<string, Jurisdiction>;
  /** Offices that nobody stands for, and how many rows they have. */
  readonly offices: Map<string, number>;
  rows: number;
}

const noOffice = /^(registered voters|ballots cast|voter turnout|turnout)\b/i;
const noCandidate =
  /^(under|over|blank)\s?(votes?|ballots?)?$|^(total|total votes|total votes cast|ballots cast)$/i;
const total = /^(county |grand )?totals?$/i;

function readRow(
  ledger: Ledger,
  header: Header,
  line: number,
  fields: readonly string[],
  found: Found,
  only: ContestId | undefined,
): void {
  const width = header.titles.length;
  if (fields.length !== width) {
    const code = fields.length < width ? 'too-few-fields' : 'too-many-fields';
    ledger.refuse(
      code,
      { line },
      `${width} fields`,
      `${fields.length}`,
      'a separator is missing or a cell with a comma is not quoted',
    );
    return;
  }
  const cell = (name: (typeof names)[number]): string =>
    header.at[name] === -1 ? '' : fields[header.at[name]]!.replace(/\s+/g, ' ').trim();
  const [county, office, district, candidate, party] = [
    cell('county'),
    cell('office'),
    cell('district'),
    cell('candidate'),
    cell('party'),
  ];
  found.rows += 1;
  if (noOffice.test(office)) {
    found.offices.set(office, (found.offices.get(office) ?? 0) + 1);
    return;
  }
  for (const [field, text] of [
    ['county', county],
    ['office', office],
    ['candidate', candidate],
  ] as const)
    if (text === '') {
      ledger.refuse(
        'missing-name',
        { line, field },
        `the name of the ${field}`,
        'nothing',
        'fill it in at the source',
      );
      return;
    }
  const name =
    district === ''
      ? office
      : /^\d+$/.test(district)
        ? `${office}, District ${Number(district)}`
        : `${office}, ${district}`;
  const id = contestId(name);
  if (only !== undefined && id !== only) return;
  const contest: FoundContest = found.contests.get(id) ?? {
    name,
    choices: new Map(),
    places: new Map(),
    totals: new Map(),
    notVotes: new Map(),
  };
  found.contests.set(id, contest);
  const counts = header.votes.map((at): number | undefined => {
    if (fields[at]!.trim() === '') return undefined;
    const n = parseCount(fields[at]!);
    if (typeof n === 'number') return n;
    ledger.refuse(n, { line, field: header.titles[at]! }, 'a count', shown(fields[at]!), countFaults[n]);
    return undefined;
  });
  const precinct = cell('precinct');
  const unit = /^(not available|n\/a)?$/i.test(precinct) ? '' : precinct;
  if (noCandidate.test(candidate)) {
    const parts = header.votes.flatMap((at, i) => (isTotal(header.titles[at]!) ? [] : [counts[i] ?? 0]));
    const stated = header.votes.findIndex((at) => isTotal(header.titles[at]!));
    const of = contest.notVotes.get(candidate) ?? new Map<string, number>();
    const n = counts[stated] ?? parts.reduce((a, b) => a + b, 0);
    contest.notVotes.set(candidate, of.set(unit === '' ? county : `${county}, ${unit}`, n));
    return;
  }
  const isSum = total.test(county) || total.test(unit);
  const jurisdiction = found.jurisdictions.get(jurisdictionId(county)) ?? {
    id: jurisdictionId(county),
    name: county,
  };
  if (!total.test(county)) found.jurisdictions.set(jurisdiction.id, jurisdiction);
  const choice = choiceId(candidate);
  if (!contest.choices.has(choice))
    contest.choices.set(choice, {
      id: choice,
      name: candidate,
      ...(party === '' ? {} : { party }),
      ...(/^write-?\s?ins?\b/i.test(candidate) ? { writeIn: true } : {}),
    });
  const key = JSON.stringify([jurisdiction.id, unit]);
  const into = isSum ? contest.totals : contest.places;
  const place: FoundPlace = into.get(key) ?? { line, jurisdiction, unit, votes: new Map() };
  into.set(key, place);
  if (place.votes.has(choice))
    ledger.refuse(
      'jurisdiction-twice',
      { line, field: `${name}, ${candidate}` },
      'each county, precinct and candidate once',
      `${shown(unit === '' ? county : `${county}, ${unit}`)} again`,
      'one of the two is wrong or they belong together; ask where the file comes from',
    );
  place.votes.set(choice, counts);
}

// ── rows into our words ─────────────────────────────────────────────────────────────────────────────────────────────

function understand(ledger: Ledger, header: Header | undefined, found: Found): OpenElections {
  if (found.contests.size === 0)
    ledger.refuse(
      'no-rows',
      header === undefined ? {} : { line: header.line },
      'at least one row of votes',
      'none',
      'the file is cut off or was exported empty',
    );
  for (const [office, rows] of found.offices)
    ledger.remark('passed-over', { field: office }, 'votes of an office', `${rows} rows of ${shown(office)}`);
  const contests = [...found.contests].map(([id, { name, choices }]): Contest => ({
    id,
    name,
    choices: [...choices.values()],
    rule: { kind: 'plurality', voteFor: 1, winners: 1 },
  }));
  return {
    election: { name: '', date: '', jurisdictions: [...found.jurisdictions.values()], contests },
    results:
      header === undefined
        ? []
        : [...found.contests.values()].map((of, i) => ({
            contest: contests[i]!.id,
            choices: contests[i]!.choices.map((c) => c.id),
            rows: rowsOf(ledger, header, of, contests[i]!),
            status: 'not stated',
          })),
    notVotes: [...found.contests].flatMap(([contest, { notVotes }]) =>
      [...notVotes].map(([name, counts]) => ({ contest, name, counts })),
    ),
  };
}

function rowsOf(ledger: Ledger, header: Header, of: FoundContest, contest: Contest): ResultsRow[] {
  const rows = [...of.places.values()].flatMap((place) => rowsAt(ledger, header, contest, place));
  for (const choice of contest.choices) {
    const lacking = [...of.places.values()].filter((place) => !place.votes.has(choice.id)).length;
    if (lacking > 0)
      ledger.remark(
        'no-row',
        { field: `${contest.name}, ${choice.name}` },
        `a row in each of ${of.places.size} places`,
        `none in ${lacking}; read as no votes there`,
      );
  }
  for (const place of of.totals.values()) {
    const ofAll = total.test(place.jurisdiction.name);
    for (const [i, choice] of contest.choices.entries()) {
      const stated = place.votes.get(choice.id);
      if (stated === undefined) continue;
      const sum = rows
        .filter((row) => ofAll || row.jurisdiction === place.jurisdiction.id)
        .reduce((n, row) => n + row.votes[i]!, 0);
      const at = header.votes.findIndex((column) => isTotal(header.titles[column]!));
      const n = stated[at] ?? stated.reduce<number>((a, b) => a + (b ?? 0), 0);
      if (n !== sum)
        ledger.remark(
          'total-contradicts-parts',
          { line: place.line, field: `${contest.name}, ${choice.name}, ${place.jurisdiction.name}` },
          `${sum}, the sum of its parts`,
          `${n}, stated`,
        );
    }
  }
  return rows;
}

function rowsAt(ledger: Ledger, header: Header, contest: Contest, place: FoundPlace): ResultsRow[] {
  const name = place.unit === '' ? place.jurisdiction.name : `${place.jurisdiction.name}, ${place.unit}`;
  // A column that is empty for everybody in the place is a mode that it does not report.
  const columns = header.votes.flatMap((at, v) =>
    [...place.votes.values()].some((counts) => counts[v] !== undefined)
      ? [[header.titles[at]!, v] as const]
      : [],
  );
  const types = columns.map(
    ([title, v]) =>
      [title, contest.choices.map((c) => (place.votes.has(c.id) ? place.votes.get(c.id)![v] : 0))] as const,
  );
  if (types.length === 0) types.push(['votes', contest.choices.map(() => undefined)]);
  return rowsOfPlace(
    ledger,
    contest,
    {
      jurisdiction: place.jurisdiction.id,
      ...(place.unit === '' ? {} : { unit: place.unit }),
      name,
      line: place.line,
      types: new Map(types),
    },
    isTotal,
  );
}
