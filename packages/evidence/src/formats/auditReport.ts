// The audit report CSV that audit software publishes at the end of an audit, as Georgia did in November 2020 for its full hand count:
// sections "######## NAME ########", each a small table. What it says of contests, seed, risk and p-value is *stated*; its batches are
// what people read on the paper.
//
// Two generations of titles: "Tabulated Votes" and "BATCH RESULTS" (2020), "Vote Totals" and "FULL HAND TALLY BATCH RESULTS" (later,
// with every line padded by commas to the widest). Sections may come in any order; a header repeated among the rows is skipped with a remark.
// The sampled batches of a batch comparison are no full hand count: that section is refused by name, the rest is read.
import {
  choiceId,
  contestId,
  jurisdictionId,
  type Choice,
  type Contest,
  type Jurisdiction,
  type JurisdictionId,
} from '../election/index.ts';
import type { HandCount, TallyColumn } from '../paper/index.ts';
import type { StatedAudit, StatedContest, StatedRound, StatedVotes } from '../stated/index.ts';
import { countFaults, parseCount, shown } from './cells.ts';
import { eachRow, type CsvRow } from './csv.ts';
import type { Reading, ReaderName, Refusal } from './reading.ts';
import { close, openLedger, refused, type Ledger } from './refusals.ts';
import { decodeText } from './text.ts';

export const auditReportReader: ReaderName = { reader: 'audit report CSV', version: '1' };

export interface AuditReport {
  /** As the report names them; choices in the report's order, without its pseudo choices (blank, overvote, write-ins). */
  readonly contests: readonly Contest[];
  readonly jurisdictions: readonly Jurisdiction[];
  /** One for each contest counted by hand in full; none where the report is of a sample. */
  readonly handCounts: readonly HandCount[];
  readonly stated: StatedAudit;
}

export function readAuditReport(file: string, bytes: Uint8Array): Reading<AuditReport> {
  const decoded = decodeText(file, bytes);
  if ('code' in decoded) return refused(decoded);
  const ledger = openLedger(file, decoded.remarks);
  const sections = readSections(ledger, decoded.text);
  if (sections === undefined) return refused(...ledger.refusals);

  const stated = readStated(ledger, sections);
  const contests = stated.contests.map((c) => contestOf(ledger, c));
  const batches = sections.get('BATCH RESULTS');
  const counted =
    batches === undefined ? { handCounts: [], jurisdictions: [] } : readBatches(ledger, batches, contests);
  for (const handCount of counted.handCounts) compareWithStated(ledger, handCount, contests, stated);
  const sampled = sections.get('SAMPLED BATCHES') ?? sections.get('SAMPLED BALLOTS');
  return close(
    ledger,
    () => ({ contests, jurisdictions: counted.jurisdictions, handCounts: counted.handCounts, stated }),
    counted.handCounts[0]?.names.length ?? 0,
    sampled === undefined ? [] : [notAFullHandCount(file, sampled)],
  );
}

// ── sections ────────────────────────────────────────────────────────────────────────────────────────────────────────

interface Section {
  readonly name: string;
  readonly line: number;
  /** Titles without the padding columns. */
  readonly header: readonly string[];
  readonly headerLine: number;
  readonly rows: CsvRow[];
}

/** Every section name met so far, and the name under which we know it. */
const sectionNames: Readonly<Record<string, string>> = {
  'ELECTION INFO': 'ELECTION INFO',
  CONTESTS: 'CONTESTS',
  'AUDIT SETTINGS': 'AUDIT SETTINGS',
  'AUDIT BOARDS': 'AUDIT BOARDS',
  ROUNDS: 'ROUNDS',
  'BATCH RESULTS': 'BATCH RESULTS',
  'FULL HAND TALLY BATCH RESULTS': 'BATCH RESULTS',
  'SAMPLED BATCHES': 'SAMPLED BATCHES',
  'SAMPLED BALLOTS': 'SAMPLED BALLOTS',
};
const sectionsRead = 'a section that this reader knows';

function readSections(ledger: Ledger, text: string): ReadonlyMap<string, Section> | undefined {
  const sections = new Map<string, Section>();
  let name: { readonly name: string; readonly line: number } | undefined;
  let section: Section | undefined;
  const stop = eachRow(ledger.file, text, ({ line, fields }) => {
    const first = fields[0]!;
    if (first.startsWith('###')) {
      const title = /^#+ *(.*?) *#+$/.exec(first.trim())?.[1] ?? first;
      const known = Object.hasOwn(sectionNames, title) ? sectionNames[title]! : undefined;
      if (known === undefined)
        return ledger.refuse(
          'unknown-section',
          { line },
          sectionsRead,
          shown(title),
          'report the new section, so that it can be read; or remove it from a copy',
        );
      if (sections.has(known) || name?.name === known)
        return ledger.refuse(
          'section-twice',
          { line, field: known },
          'each section once',
          'the section again',
          'two reports were joined; give them one by one',
        );
      name = { name: known, line };
      section = undefined;
      return undefined;
    }
    if (fields.every((f) => f === '')) return undefined;
    if (name === undefined)
      return ledger.refuse(
        'no-section',
        { line },
        'a line "######## ELECTION INFO ########" before any row',
        shown(first),
        'this is not an audit report, or its beginning is missing',
      );
    if (section === undefined) {
      section = { ...name, header: trimmed(fields), headerLine: line, rows: [] };
      sections.set(name.name, section);
      return undefined;
    }
    return addRow(ledger, section, { line, fields }, text);
  });
  // The row reader's own refusals are not yet in the ledger; ours are.
  if (stop !== undefined && !ledger.refusals.includes(stop)) ledger.refusals.push(stop);
  for (const needed of ['CONTESTS'])
    if (stop === undefined && !sections.has(needed))
      ledger.refuse(
        'missing-section',
        { field: needed },
        `a section ${needed}`,
        `the sections ${[...sections.keys()].join(', ') || 'none'}`,
        'the report is cut off or of another kind; fetch it again',
      );
  return ledger.refusals.length > 0 ? undefined : sections;
}

function addRow(ledger: Ledger, section: Section, row: CsvRow, text: string): Refusal | undefined {
  const { line, fields } = row;
  const width = section.header.length;
  if (fields[0] === section.header[0] && trimmed(fields).join('\n') === section.header.join('\n')) {
    ledger.remark(
      'repeated-header',
      { line, field: section.name },
      'the header once',
      'the header again; skipped',
    );
    return undefined;
  }
  if (fields.length < width) {
    // The last line without its end: not a short row but a file that was cut.
    const cut = !text.endsWith('\n') && isLastLine(text, line);
    ledger.refuse(
      cut ? 'truncated' : 'too-few-fields',
      { line, field: section.header[fields.length]! },
      `${width} fields`,
      `${fields.length}${cut ? ', and there the file ends' : ''}`,
      cut
        ? 'the file is cut off; fetch it again'
        : 'a separator is missing in this line; export the report again',
    );
  } else {
    for (let i = width; i < fields.length; i++)
      if (fields[i] !== '') {
        ledger.refuse(
          'too-many-fields',
          { line, field: `column ${i + 1}` },
          `${width} fields, and empty ones after them`,
          shown(fields[i]!),
          'a cell with a comma is not quoted; export the report again',
        );
        break;
      }
    section.rows.push(row);
  }
  return ledger.full() ? ledger.refusals.at(-1) : undefined;
}

const trimmed = (fields: readonly string[]): string[] => {
  let end = fields.length;
  while (end > 0 && fields[end - 1]!.trim() === '') end--;
  return fields.slice(0, end).map((f) => f.trim());
};

const isLastLine = (text: string, line: number): boolean => {
  let lines = 1;
  for (let i = text.indexOf('\n'); i !== -1; i = text.indexOf('\n', i + 1)) lines++;
  return line === lines;
};

const notAFullHandCount = (file: string, section: Section): Refusal => ({
  code: 'not-a-full-hand-count',
  file,
  line: section.line,
  field: section.name,
  expected: 'the batches of a full hand count',
  found: `${section.rows.length} rows of a sample`,
  todo: 'what the report states is read; its sample is read together with the manifest and the batch totals it was drawn from',
});

// ── what the report states ──────────────────────────────────────────────────────────────────────────────────────────

function readStated(ledger: Ledger, sections: ReadonlyMap<string, Section>): StatedAudit {
  const info = cells(ledger, sections.get('ELECTION INFO'))[0];
  const settings = cells(ledger, sections.get('AUDIT SETTINGS'))[0];
  return {
    ...present({
      organization: info?.text('Organization'),
      election: info?.text('Election Name'),
      state: info?.text('State'),
      auditName: settings?.text('Audit Name'),
      auditType: settings?.text('Audit Type'),
      auditMath: settings?.text('Audit Math Type'),
      riskLimit: settings?.text('Risk Limit'),
      seed: settings?.text('Random Seed'),
    }),
    contests: cells(ledger, sections.get('CONTESTS')).map((row): StatedContest => ({
      contest: row.needed('Contest Name'),
      targeted: row.text('Targeted?') === 'Targeted',
      ...present({
        winners: row.count('Number of Winners'),
        votesAllowed: row.count('Votes Allowed'),
        totalBallotsCast: row.count('Total Ballots Cast'),
        pendingBallots: row.count('Pending Ballots'),
      }),
      tabulated: row.votes('Vote Totals', 'Tabulated Votes'),
    })),
    rounds: cells(ledger, sections.get('ROUNDS')).map((row): StatedRound => ({
      round: row.count('Round Number') ?? 0,
      contest: row.needed('Contest Name'),
      ...present({
        sampleSize: row.count('Sample Size'),
        riskLimitMet: yesNo(row.text('Risk Limit Met?')),
        pValue: row.text('P-Value'),
        startedAt: row.text('Start Time'),
        endedAt: row.text('End Time'),
      }),
      audited: row.votes('Audited Votes'),
    })),
  };
}

interface Cells {
  text(title: string): string | undefined;
  needed(title: string): string;
  count(title: string): number | undefined;
  votes(...titles: string[]): StatedVotes[];
}

/** The rows of a section by the titles of its columns. */
function cells(ledger: Ledger, section: Section | undefined): Cells[] {
  return (section?.rows ?? []).map(({ line, fields }) => {
    const at = (title: string): string | undefined => {
      const i = section!.header.indexOf(title);
      return i === -1 ? undefined : fields[i]!.trim();
    };
    const text = (title: string): string | undefined => at(title) || undefined;
    const missing = (title: string): void => {
      ledger.refuse(
        'missing-column',
        { line: section!.headerLine, field: title },
        `a column "${title}" in the section ${section!.name}`,
        section!.header.join(', '),
        'export the report again with all its columns',
      );
    };
    const count = (title: string, cell = text(title)): number | undefined => {
      if (cell === undefined) return undefined;
      const n = parseCount(cell);
      if (typeof n === 'number') return n;
      ledger.refuse(n, { line, field: title }, 'a count', shown(cell), countFaults[n]);
      return undefined;
    };
    return {
      text,
      needed(title) {
        const value = text(title);
        if (value === undefined) missing(title);
        return value ?? '';
      },
      count: (title) => count(title),
      // "name: n; name: n". A name may hold a colon, so the last one counts.
      votes(...titles) {
        const title = titles.find((t) => at(t) !== undefined);
        if (title === undefined) {
          missing(titles.join('" or "'));
          return [];
        }
        return at(title)!
          .split(/;\s*/)
          .filter((part) => part !== '')
          .map((part) => {
            const colon = part.lastIndexOf(': ');
            const name = colon === -1 ? part : part.slice(0, colon);
            return {
              name: name.trim(),
              votes: count(title, colon === -1 ? part : part.slice(colon + 2)) ?? 0,
            };
          });
      },
    };
  });
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };
const present = <T extends object>(fields: T): Present<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;

const yesNo = (cell: string | undefined): boolean | undefined =>
  cell === 'Yes' ? true : cell === 'No' ? false : undefined;

// ── the batches ─────────────────────────────────────────────────────────────────────────────────────────────────────

/** The columns that are no choice, by title without case and marks. "Valid Write-iin" is how the 2020 report spells it. */
const pseudoChoices: Readonly<Record<string, Exclude<TallyColumn['kind'], 'choice' | 'ranking'>>> = {
  'invalid-write-in': 'invalidWriteIn',
  'valid-write-in': 'validWriteIn',
  'valid-write-iin': 'validWriteIn',
  'blank-undervote': 'blank',
  blank: 'blank',
  undervote: 'blank',
  overvote: 'overvote',
};

const columnOf = (name: string): TallyColumn => {
  const choice = choiceId(name);
  return Object.hasOwn(pseudoChoices, choice) ? { kind: pseudoChoices[choice]! } : { kind: 'choice', choice };
};

function contestOf(ledger: Ledger, stated: StatedContest): Contest {
  const choices = stated.tabulated
    .filter(({ name }) => columnOf(name).kind === 'choice')
    .map(({ name }): Choice => ({ id: choiceId(name), name }));
  for (const [i, { id, name }] of choices.entries())
    if (choices.findIndex((c) => c.id === id) < i)
      ledger.refuse(
        'choice-twice',
        { field: stated.contest },
        'each choice once',
        shown(name),
        'two choices of the contest have one name; ask the office which is which',
      );
  const winners = stated.winners ?? 1;
  return {
    id: contestId(stated.contest),
    name: stated.contest,
    choices,
    rule: { kind: 'plurality', voteFor: stated.votesAllowed ?? winners, winners },
  };
}

interface ContestColumns {
  readonly contest: Contest;
  readonly columns: TallyColumn[];
  /** Where each column stands in the row. */
  readonly at: number[];
}

function readBatches(
  ledger: Ledger,
  section: Section,
  contests: readonly Contest[],
): { handCounts: HandCount[]; jurisdictions: Jurisdiction[] } {
  const none = { handCounts: [], jurisdictions: [] };
  const column = (title: string): number => {
    const i = section.header.indexOf(title);
    if (i === -1)
      ledger.refuse(
        'missing-column',
        { line: section.headerLine, field: title },
        `a column "${title}" in the section ${section.name}`,
        section.header.join(', '),
        'export the report again with all its columns',
      );
    return i;
  };
  const jurisdictionAt = column('Jurisdiction Name');
  const nameAt = column('Batch Name');
  const typeAt = section.header.indexOf('Batch Type');
  const counted = contestColumns(ledger, section, contests, [jurisdictionAt, nameAt, typeAt]);
  if (section.rows.length === 0)
    ledger.refuse(
      'no-rows',
      { line: section.headerLine, field: section.name },
      'at least one batch',
      'a header and nothing below it',
      'the report is cut off or was exported before any batch was counted',
    );
  if (ledger.refusals.length > 0) return none;

  const rows = section.rows;
  const jurisdictions = new Map<string, number>();
  const ids: JurisdictionId[] = [];
  const names: Jurisdiction[] = [];
  const jurisdictionOf = new Uint16Array(rows.length);
  const tallies = counted.map(({ at }) => new Uint32Array(rows.length * at.length));
  for (const [batch, { line, fields }] of rows.entries()) {
    const written = fields[jurisdictionAt]!;
    let jurisdiction = jurisdictions.get(written);
    if (jurisdiction === undefined) {
      const id = jurisdictionId(written);
      if ((id as string) === '')
        ledger.refuse(
          'missing-name',
          { line, field: 'Jurisdiction Name' },
          'the name of a jurisdiction',
          shown(written),
          'fill it in at the source',
        );
      jurisdiction = ids.indexOf(id);
      if (jurisdiction === -1) {
        jurisdiction = ids.push(id) - 1;
        names.push({ id, name: written.trim() });
      } else {
        ledger.remark(
          'jurisdiction-spelled-twice',
          { line, field: 'Jurisdiction Name' },
          shown(names[jurisdiction]!.name),
          `${shown(written)}; read as the same`,
        );
      }
      jurisdictions.set(written, jurisdiction);
    }
    jurisdictionOf[batch] = jurisdiction;
    for (const [c, { at }] of counted.entries()) {
      const table = tallies[c]!;
      for (let i = 0; i < at.length; i++) {
        const cell = fields[at[i]!]!;
        const n = parseCount(cell, 0xffffffff);
        if (typeof n === 'number') table[batch * at.length + i] = n;
        else {
          ledger.refuse(n, { line, field: section.header[at[i]!]! }, 'a count', shown(cell), countFaults[n]);
          if (ledger.full()) return none;
        }
      }
    }
  }
  if (ids.length > 0xffff)
    ledger.refuse(
      'too-large',
      { field: 'Jurisdiction Name' },
      'at most 65,535 jurisdictions',
      `${ids.length}`,
      'check that the first column is the jurisdiction',
    );
  const batchNames = rows.map((r) => r.fields[nameAt]!);
  const types = rows.map((r) => (typeAt === -1 ? '' : r.fields[typeAt]!));
  return {
    jurisdictions: names,
    handCounts: counted.map(({ contest, columns }, c) => ({
      contest: contest.id,
      granularity: 'batch',
      columns,
      jurisdictions: ids,
      jurisdictionOf,
      names: batchNames,
      types,
      tallies: tallies[c]!,
    })),
  };
}

/**
 * Which column counts what. With one contest a title is the bare choice; with several it is "Contest - Choice". The contest's name
 * may itself hold " - ", so titles are matched with the contests that the report lists, never split.
 */
function contestColumns(
  ledger: Ledger,
  section: Section,
  contests: readonly Contest[],
  taken: readonly number[],
): ContestColumns[] {
  const found = contests.map((contest): ContestColumns => ({ contest, columns: [], at: [] }));
  for (const [i, title] of section.header.entries()) {
    if (taken.includes(i)) continue;
    const meanings = found.flatMap((one) => {
      const prefix = `${one.contest.name} - `;
      const bare = contests.length > 1 && title.startsWith(prefix) ? title.slice(prefix.length) : title;
      if (contests.length > 1 && bare === title && columnOf(bare).kind !== 'choice') return [];
      const column = columnOf(bare);
      return column.kind !== 'choice' || one.contest.choices.some((c) => c.id === column.choice)
        ? [{ one, column }]
        : [];
    });
    const place = { line: section.headerLine, field: title };
    if (meanings.length === 0)
      ledger.refuse(
        'unknown-choice',
        place,
        `a choice of ${contests.map((c) => c.name).join(' or ')}`,
        shown(title),
        'the batches count a choice that the section CONTESTS does not list; ask the office which is right',
      );
    else if (meanings.length > 1)
      ledger.refuse(
        'ambiguous-column',
        place,
        'a column of one contest',
        `a choice of ${meanings.map((m) => m.one.contest.name).join(' and ')}`,
        'name the contest in the title: "Contest - Choice"',
      );
    else {
      const { one, column } = meanings[0]!;
      // Two columns for blanks (blank, undervote) could be added up; two for one choice cannot be told apart.
      if (one.columns.some((c) => sameColumn(c, column)))
        ledger.refuse(
          'choice-twice',
          place,
          'one column for each choice',
          shown(title),
          'two columns count the same; ask the office which is right',
        );
      one.columns.push(column);
      one.at.push(i);
    }
  }
  const counted = found.filter(({ columns }) => columns.length > 0);
  for (const { contest, columns } of counted)
    for (const choice of contest.choices)
      if (!columns.some((c) => c.kind === 'choice' && c.choice === choice.id))
        ledger.refuse(
          'missing-column',
          { line: section.headerLine, field: choice.name },
          `a column for each choice of ${contest.name}`,
          section.header.join(', '),
          'export the report again with all its columns',
        );
  return counted;
}

const sameColumn = (a: TallyColumn, b: TallyColumn): boolean =>
  a.kind === 'choice' ? b.kind === 'choice' && a.choice === b.choice : a.kind === b.kind;

/** The last round states totals of the same batches; where they differ that is worth seeing, but the batches are the evidence. */
function compareWithStated(
  ledger: Ledger,
  handCount: HandCount,
  contests: readonly Contest[],
  stated: StatedAudit,
): void {
  const name = contests.find((c) => c.id === handCount.contest)!.name;
  const round = stated.rounds.findLast((r) => r.contest === name);
  if (round === undefined) return;
  const width = handCount.columns.length;
  const sums = handCount.columns.map(() => 0);
  for (let i = 0; i < handCount.tallies.length; i++) sums[i % width]! += handCount.tallies[i]!;
  for (const audited of round.audited) {
    const column = columnOf(audited.name);
    const i = handCount.columns.findIndex((c) => sameColumn(c, column));
    if (i !== -1 && sums[i] !== audited.votes)
      ledger.remark(
        'total-contradicts-parts',
        { field: audited.name },
        `${sums[i]}, the sum of the batches`,
        `${audited.votes}, stated for round ${round.round}`,
      );
  }
}
