// A ranked count on a terminal: a table with a column for each round, as many side by side as the terminal is wide, then each round in
// words. The words come from sentences/; here is only where they stand.
import {
  roundsInWords,
  roundTitle,
  tallyInWords,
  tallyTitle,
  votesText,
  type Language,
} from '@opencanvass/evidence/sentences';
import { explainRounds, type RankedResult } from '@opencanvass/evidence/tally';

/** The table and the words of a count, each line indented by two. */
export function roundsText(result: RankedResult, width: number, language: Language = 'en'): string {
  const lines = [...roundsTable(result, width, language), ''];
  for (const { title, sentences } of roundsInWords(result, language))
    if (sentences.length > 0) lines.push(title, ...sentences.map((s) => `  ${s}`));
  lines.push(tallyInWords(result, language));
  return lines.map((line) => (line === '' ? '\n' : `  ${line}\n`)).join('');
}

/** The lines of the table: candidates by their last votes, those who stayed longest first; in a cell the votes, + elected, - eliminated. */
export function roundsTable(result: RankedResult, width: number, language: Language = 'en'): string[] {
  const rounds = explainRounds(result);
  const order = result.candidates
    .map((name) => ({
      name,
      last: rounds.findLastIndex((r) => r.standing.some((s) => s.candidate === name)),
    }))
    .filter(({ last }) => last !== -1)
    .map(({ name, last }) => ({
      name,
      last,
      place: rounds[last]!.standing.findIndex((s) => s.candidate === name),
    }))
    .sort((a, b) => b.last - a.last || a.place - b.place)
    .map(({ name }) => name);
  const columns = rounds.map(({ round, standing, decided, inactive, threshold }) => {
    const mark = (name: string): string => {
      const what = decided.find((d) => d.candidates.includes(name))?.what;
      return what === 'elected' ? '+' : what === 'eliminated' ? '-' : ' ';
    };
    const cells = order.map((name) => {
      const votes = standing.find((s) => s.candidate === name)?.votes;
      return votes === undefined ? '' : `${votesText(votes)}${mark(name)}`;
    });
    return [
      `${roundTitle(round, language)} `,
      ...cells,
      `${votesText(inactive)} `,
      `${votesText(threshold)} `,
    ];
  });
  const names = [
    tallyTitle('candidate', language),
    ...order,
    tallyTitle('inactive', language),
    tallyTitle('threshold', language),
  ];
  const first = Math.max(...names.map((n) => n.length));
  const lines: string[] = [];
  for (let from = 0; from < columns.length;) {
    let to = from;
    let used = 3 + first;
    const widths: number[] = [];
    do {
      const wide = Math.max(...columns[to]!.map((cell) => cell.length));
      widths.push(wide);
      used += 1 + wide;
      to++;
    } while (to < columns.length && used + 1 + Math.max(...columns[to]!.map((cell) => cell.length)) <= width);
    if (from > 0) lines.push('');
    for (const [row, name] of names.entries()) {
      const cells = columns.slice(from, to).map((column, i) => column[row]!.padStart(widths[i]!));
      // A candidate who is out of all these rounds has no line in them.
      if (row > 0 && cells.every((cell) => cell.trim() === '')) continue;
      lines.push(`${name.padEnd(first)}  ${cells.join(' ')}`.trimEnd());
    }
    from = to;
  }
  lines.push(`+ ${tallyTitle('elected', language)}, - ${tallyTitle('eliminated', language)}`);
  return lines;
}
