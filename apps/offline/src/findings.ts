// Findings: the word, what is so, the numbers; and, once opened, the question, how it was computed, every unit concerned and what was read.
import type { Finding, UnitConcerned } from '@opencanvass/evidence/checks';
import type { Evidence } from '@opencanvass/evidence/record';
import type { FindingTogether, PageWords } from '@opencanvass/evidence/sentences';
import { h } from './dom.ts';
import { number } from './numbers.ts';
import type { Say } from './say.ts';
import { sortedTable } from './table.ts';
import type { Column } from './table.ts';

export const wordClass = {
  holds: 'holds',
  fails: 'fails',
  'cannot tell': 'tell',
  'does not apply': 'none',
} as const;

/** What fails first, then what cannot be told; what does not apply last. */
const order = ['fails', 'cannot tell', 'holds', 'does not apply'];

export function findingsList(
  words: PageWords,
  say: Say,
  findings: readonly Finding[],
  evidence: Evidence | undefined,
): HTMLElement {
  const sorted = [...findings].sort((a, b) => order.indexOf(a.word) - order.indexOf(b.word));
  return h(
    'ul',
    { class: 'findings' },
    ...say.findings(sorted).map((told) => h('li', {}, oneFinding(words, say, told, evidence))),
  );
}

function oneFinding(
  words: PageWords,
  say: Say,
  { finding, contests, ...said }: FindingTogether,
  evidence: Evidence | undefined,
): HTMLElement {
  const contest = contests.length > 1 ? say.contests(contests.length) : (contests[0] ?? '');
  const size = [contest, said.size].filter((t) => t !== '').join(': ');
  // What stands inside is made when it is first opened: a finding can concern thousands of batches.
  const more = h('div', { class: 'more' });
  return h(
    'details',
    {
      'data-check': finding.check,
      'data-word': finding.word,
      ontoggle: () => {
        if (more.childNodes.length === 0)
          more.append(
            ...inside(words, say, finding, evidence),
            ...(contests.length > 1 ? [h('p', {}, contests.join(' · '))] : []),
          );
      },
    },
    h(
      'summary',
      {},
      h('span', { class: `word ${wordClass[finding.word]}` }, say.word(finding.word)),
      h('span', { class: 'what' }, said.statement),
      size !== '' && h('span', { class: 'size' }, size),
    ),
    more,
  );
}

function inside(words: PageWords, say: Say, finding: Finding, evidence: Evidence | undefined): Node[] {
  const said = say.finding(finding);
  const explanations = (evidence?.explanations ?? []).filter((e) => finding.explainedBy.includes(e.position));
  return [
    h('p', {}, h('strong', {}, said.question)),
    h('p', {}, said.how),
    ...(finding.word === 'fails' ? [h('p', {}, said.failure)] : []),
    ...(finding.word === 'cannot tell' ? [h('p', {}, said.needs)] : []),
    ...(finding.byChance === undefined
      ? []
      : [
          h(
            'p',
            {},
            words.byChance(finding.byChance.expected.toLocaleString('en-US', { maximumFractionDigits: 1 })),
          ),
        ]),
    ...explanations.map((e) =>
      h(
        'div',
        { class: 'alert' },
        h('p', {}, h('strong', {}, words.explained), ` (${e.by.join(', ')})`),
        h('p', {}, e.words),
      ),
    ),
    ...(finding.units.length === 0 ? [] : [unitsTable(words, say, finding.units, evidence, said.statement)]),
    ...(finding.read.length === 0
      ? []
      : [
          h(
            'p',
            { class: 'note' },
            `${words.sources}: ${[...new Set(finding.read.map((s) => s.name))].slice(0, 6).join(', ')}`,
          ),
        ]),
    h('p', { class: 'note' }, h('code', {}, finding.check)),
  ];
}

/** A column for each thing that any unit has. */
function unitsTable(
  words: PageWords,
  say: Say,
  units: readonly UnitConcerned[],
  evidence: Evidence | undefined,
  caption: string,
): HTMLElement {
  const names = new Map(evidence?.election.jurisdictions.map((j) => [j.id, j.name]));
  // Beside counties, a unit that is no place (a type of ballot) heads its row with what it is: no row goes without a name.
  const somePlace = units.some((u) => u.jurisdiction !== undefined);
  const code = (u: UnitConcerned): string => (u.code === undefined ? '' : say.code(u.code));
  const headsItsRow = (u: UnitConcerned): boolean =>
    somePlace && u.jurisdiction === undefined && u.name === undefined;
  const place = (u: UnitConcerned): string => {
    if (headsItsRow(u)) return code(u);
    return u.jurisdiction === undefined ? '' : (names.get(u.jurisdiction) ?? u.jurisdiction);
  };
  const textColumn = (title: string, of: (u: UnitConcerned) => string): Column<UnitConcerned>[] =>
    units.some((u) => of(u) !== '') ? [{ title, show: (u) => of(u), by: of }] : [];
  const figures = new Map(units.flatMap((u) => u.figures.map((f) => [f.name, f.unit] as const)));
  return sortedTable(
    words,
    caption,
    [
      ...textColumn(words.place, place),
      ...textColumn(words.what, (u) => u.name ?? ''),
      ...textColumn(words.fault, (u) => (headsItsRow(u) ? '' : code(u))),
      ...textColumn(words.expected, (u) => u.expected ?? ''),
      ...textColumn(words.found, (u) => u.found ?? ''),
      ...[...figures].map(([name, unit]): Column<UnitConcerned> => {
        const of = (u: UnitConcerned): number | undefined => u.figures.find((f) => f.name === name)?.value;
        return {
          title: say.figure(name, unit),
          show: (u) => {
            const value = of(u);
            return value === undefined ? '' : number(value);
          },
          by: (u) => of(u) ?? Number.NEGATIVE_INFINITY,
          numeric: true,
        };
      }),
    ],
    units,
  );
}
