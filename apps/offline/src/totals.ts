// The two counts of a contest side by side, and the hand count by type of batch.
import type { PageWords } from '@opencanvass/evidence/sentences';
import { h } from './dom.ts';
import { number, signed } from './numbers.ts';
import { differences, leaders, marginOf } from '@opencanvass/evidence/checks';
import type { Sides } from '@opencanvass/evidence/checks';
import { sortedTable } from './table.ts';

export function totalsSection(words: PageWords, sides: Sides): HTMLElement | undefined {
  const { reported, counted, choices } = sides;
  const any = reported ?? counted;
  if (any === undefined) return undefined;
  const pair = leaders(any.total);
  const cell = (n: number | undefined): HTMLElement =>
    h('td', { class: 'num' }, n === undefined ? '–' : number(n));
  const difference = (a: number | undefined, b: number | undefined): HTMLElement =>
    h('td', { class: 'num' }, a === undefined || b === undefined ? '–' : signed(b - a));
  const margins = [reported, counted].map((side) =>
    side === undefined ? undefined : marginOf(side.total, pair),
  );
  const id = `totals-${sides.contest.id}`;
  return h(
    'section',
    { 'aria-labelledby': id },
    h('h2', { id }, words.sideBySide),
    h('p', { class: 'soft' }, sides.contest.name),
    h(
      'div',
      { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': words.sideBySide },
      h(
        'table',
        { class: 'totals' },
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            h('th', { scope: 'col' }, words.choice),
            h('th', { scope: 'col', class: 'num' }, words.machineCount),
            h('th', { scope: 'col', class: 'num' }, words.handCount),
            h('th', { scope: 'col', class: 'num' }, words.difference),
          ),
        ),
        h(
          'tbody',
          {},
          ...choices.map((choice, i) =>
            h(
              'tr',
              {},
              h('th', { scope: 'row' }, choice.name),
              cell(reported?.total[i]),
              cell(counted?.total[i]),
              difference(reported?.total[i], counted?.total[i]),
            ),
          ),
          h(
            'tr',
            { class: 'sum' },
            h(
              'th',
              { scope: 'row' },
              words.margin,
              h('br'),
              h('span', { class: 'soft' }, choices[pair[0]]!.name),
            ),
            cell(margins[0]),
            cell(margins[1]),
            difference(margins[0], margins[1]),
          ),
        ),
      ),
    ),
    ...netAndGross(words, sides),
  );
}

/** Net, gross, units and margin: never one without the others (a net of zero can hide anything). */
function netAndGross(words: PageWords, sides: Sides): HTMLElement[] {
  const { net, gross, differ, both } = differences(sides);
  if (both === 0) return [];
  return [
    h(
      'dl',
      { class: 'facts' },
      h('dt', {}, words.net),
      h('dd', {}, signed(net)),
      h('dt', {}, words.gross),
      h('dd', {}, `${number(gross)} · ${words.ofUnits(number(differ), number(both))}`),
    ),
    h('p', { class: 'note' }, words.netGrossNote),
  ];
}

export function typesSection(words: PageWords, sides: Sides): HTMLElement | undefined {
  const named = sides.types.filter((t) => t.type !== '');
  if (named.length === 0) return undefined;
  const rows = named.map((t) => ({ ...t, cards: t.counted.reduce((a, b) => a + b, 0) + t.otherCards }));
  return h(
    'section',
    { 'aria-labelledby': `types-${sides.contest.id}` },
    h('h2', { id: `types-${sides.contest.id}` }, words.byType),
    h('p', { class: 'soft' }, sides.contest.name),
    sortedTable(
      words,
      words.byType,
      [
        { title: words.batchType, show: (t) => t.type, by: (t) => t.type },
        ...(sides.counted?.batches !== undefined
          ? [
              {
                title: words.batches,
                show: (t: (typeof rows)[number]) => number(t.batches),
                by: (t: (typeof rows)[number]) => t.batches,
                numeric: true,
              },
            ]
          : []),
        { title: words.cards, show: (t) => number(t.cards), by: (t) => t.cards, numeric: true },
        ...sides.choices.map((choice, i) => ({
          title: choice.name,
          show: (t: (typeof rows)[number]) => number(t.counted[i]!),
          by: (t: (typeof rows)[number]) => t.counted[i]!,
          numeric: true,
        })),
      ],
      rows,
    ),
  );
}
