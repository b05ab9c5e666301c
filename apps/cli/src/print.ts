// A verification on a terminal: what election, what verdict, the two counts, then every finding on a line of its own. The words come from
// sentences/; here is only where they stand.
import { differences, sidesOf, winnerOf } from '@opencanvass/evidence/checks';
import type { Finding, Sides, Word } from '@opencanvass/evidence/checks';
import {
  checkWords,
  codeInWords,
  countLabels,
  figureName,
  figureInWords,
  findingInWords,
  findingsTogether,
  grouped,
  jurisdictionName,
  numberText,
  titleInWords,
  verdictsInWords,
  verdictsTogether,
} from '@opencanvass/evidence/sentences';
import type { Verification } from '@opencanvass/evidence/verify';
import { status } from './status.ts';
import type { Status } from './status.ts';
import type { Printer } from './world.ts';

/** The exit status that a verification comes to. */
export function statusOf({ findings }: Pick<Verification, 'findings'>): Status {
  if (findings.some((f) => f.of === 'record' && f.word === 'fails')) return status.recordFails;
  if (findings.some((f) => f.word === 'fails')) return status.exceptions;
  return findings.some((f) => f.word === 'holds') ? status.holds : status.nothingTold;
}

export function printVerification(to: Printer, verification: Verification): void {
  const { evidence, findings } = verification;
  const verdicts = verdictsTogether(verdictsInWords(verification));
  // Who leads a contest that is only reported is said; many such are one line and their names.
  const named = new Set(verdicts.flatMap((v) => (v.reportedOnly ? v.contests : [])));
  for (const { contest, sentence, contests } of verdicts) {
    const what = evidence === undefined ? contest : titleInWords(evidence.election, 'en', contest);
    const fits = what.length + 3 + sentence.length <= columnsOf(to);
    to.write(
      `${what}${fits ? '   ' : '\n'}${bold(to, fits ? sentence : wrapped(sentence, columnsOf(to), 2))}\n`,
    );
    if (contests.length > 0) to.write(`${wrapped(contests.join(' · '), columnsOf(to), 2)}\n`);
  }
  for (const contest of evidence?.election.contests ?? []) {
    if (named.has(contest.name)) continue;
    const sides = sidesOf(evidence!, contest);
    if (sides.reported !== undefined || sides.counted !== undefined) printCounts(to, sides, verification);
  }
  for (const about of ['record', 'election'] as const) {
    const some = findings.filter((f) => f.of === about);
    if (some.length === 0 || (about === 'record' && verification.record === undefined)) continue;
    to.write(`\n${about === 'record' ? 'the record' : 'the election'}\n`);
    printFindings(to, some, verification);
  }
}

function printCounts(to: Printer, sides: Sides, { evidence }: Verification): void {
  const labels = countLabels(sides, evidence!);
  const rows = [
    ...(sides.reported === undefined ? [] : [[labels.reported, sides.reported.total] as const]),
    ...(sides.counted === undefined ? [] : [[labels.counted, sides.counted.total] as const]),
  ];
  const widest = Math.max(...rows.map(([label]) => label.length));
  const figures = rows.map(([, total]) => total.map(grouped).join(' · '));
  const longest = Math.max(...figures.map((f) => f.length));
  const { contests } = evidence!.election;
  to.write(contests.length > 1 ? `\n  ${sides.contest.name}\n` : '\n');
  to.write(`  ${sides.choices.map((c) => c.name).join(' · ')}\n`);
  for (const [i, [label, total]] of rows.entries()) {
    const { name, margin } = winnerOf(sides, total);
    const leader = margin === undefined ? name : `${name} by ${grouped(margin)}`;
    to.write(`  ${label.padEnd(widest)}   ${figures[i]!.padEnd(longest)}   ${leader}\n`);
  }
  const { net, gross, differ, both } = differences(sides);
  if (both > 0)
    to.write(
      `  net ${grouped(net)} · gross ${grouped(gross)} votes · ${grouped(differ)} of ${grouped(both)} counties differ\n`,
    );
}

const order: readonly Word[] = ['fails', 'cannot tell', 'holds', 'does not apply'];

/** One line a finding; a long one puts its numbers on a second line where a person reads on a narrow terminal. */
export function printFindings(
  to: Printer,
  findings: readonly Finding[],
  { evidence }: Pick<Verification, 'evidence'>,
): void {
  const sorted = [...findings].sort((a, b) => order.indexOf(a.word) - order.indexOf(b.word));
  const all = findingsTogether(sorted, evidence?.election).map((s) => ({
    ...s,
    size: [ofContests(s.contests), s.size].filter((t) => t !== '').join(': '),
  }));
  // Checks that do not apply for one reason are one line: a record without cast vote records has seven of them.
  const alike = (s: (typeof all)[number]): typeof all =>
    s.finding.word === 'does not apply'
      ? all.filter((a) => a.finding.word === s.finding.word && a.size === s.size)
      : [s];
  const said = all
    .filter((s) => alike(s).length < 3 || alike(s)[0] === s)
    .map((s) => (alike(s).length < 3 ? s : { ...s, statement: `${alike(s).length} checks` }));
  const wordWidth = Math.max(...said.map((s) => s.word.length));
  const width = Math.max(...said.map((s) => s.statement.length));
  const margin = wordWidth + 4;
  for (const { finding, word, statement, size } of said) {
    const head = `  ${coloured(to, finding.word, word.padEnd(wordWidth))}  `;
    const fits = margin + width + 3 + size.length <= columnsOf(to);
    if (fits && size !== '') to.write(`${head}${statement.padEnd(width)}   ${size}\n`);
    else {
      to.write(`${head}${wrapped(statement, columnsOf(to), margin).trimStart()}\n`);
      if (size !== '') to.write(`${wrapped(size, columnsOf(to), margin + 2)}\n`);
    }
  }
}

const ofContests = (names: readonly string[]): string =>
  names.length < 2
    ? names.join('')
    : figureInWords({ name: 'contests', value: names.length, unit: 'contests' });

/** What is no terminal takes lines of any length. */
const columnsOf = (to: Printer): number => (to.isTerminal ? to.columns : Infinity);

/** Lines of at most so many columns, each after a margin; broken between words. */
function wrapped(text: string, columns: number, margin: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && margin + line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((l) => `${' '.repeat(margin)}${l}`).join('\n');
}

/** One check in full: its question, how it was computed, what a failure means, and every unit concerned. */
export function printCheck(to: Printer, check: string, { findings, evidence }: Verification): void {
  const words = checkWords(check);
  for (const finding of findings.filter((f) => f.check === check)) {
    const { word, statement, size } = findingInWords(finding, evidence?.election);
    to.write(`${coloured(to, finding.word, word)}  ${statement}${size === '' ? '' : `: ${size}`}\n\n`);
    to.write(`  ${words.question}\n`);
    to.write(`  needs: ${words.needs}\n  how: ${words.how}\n  a failure means: ${words.failure}\n`);
    for (const source of finding.read)
      to.write(`  read: ${source.name}${source.sha256 === undefined ? '' : ` (SHA-256 ${source.sha256})`}\n`);
    if (finding.units.length > 0) to.write('\n');
    for (const unit of finding.units) {
      const parts = [
        unit.jurisdiction === undefined ? undefined : jurisdictionName(unit.jurisdiction, evidence?.election),
        unit.name,
        unit.code === undefined ? undefined : codeInWords(unit.code),
        unit.expected === undefined ? undefined : `expected ${unit.expected}`,
        unit.found === undefined ? undefined : `found ${unit.found}`,
        ...unit.figures.map((f) => `${figureName(f.name, f.unit)} ${numberText(f)}`),
      ];
      to.write(`  ${parts.filter((p) => p !== undefined && p !== '').join(' · ')}\n`);
    }
    to.write('\n');
  }
}

const bold = (to: Printer, text: string): string => (to.isTerminal ? `\u001B[1m${text}\u001B[0m` : text);

const colours: Readonly<Record<Word, number>> = {
  holds: 32,
  fails: 31,
  'cannot tell': 33,
  'does not apply': 90,
};

const coloured = (to: Printer, word: Word, text: string): string =>
  to.isTerminal ? `\u001B[${colours[word]}m${text}\u001B[0m` : text;

/** A verification as JSON, for machines: the findings as they are, with their sentences. */
export function verificationJson(verification: Verification): string {
  const { record, evidence, findings, answers } = verification;
  const json = {
    status: statusOf(verification),
    election: evidence?.election,
    verdicts: verdictsInWords(verification),
    record: record && {
      kind: record.kind,
      origin: record.origin,
      size: record.size,
      root: record.root,
      read: record.read,
    },
    findings: findings.map((f) => ({ ...f, ...findingInWords(f, evidence?.election), word: f.word })),
    answers: answers.map(({ statement, word, parts, size, margin }) => ({
      statement,
      word,
      size,
      margin,
      parts: parts.map((p) => ({
        id: p.part.id,
        asks: p.part.asks,
        word: p.word,
        tests: p.tests.map((t) => ({ ...t.test, came: t.came })),
      })),
    })),
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}
