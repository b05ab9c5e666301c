// County by county: the map, the county chosen, the largest changes as bars from the middle, and a table of all of them.
import type { JurisdictionId } from '@opencanvass/evidence/election';
import type { PageWords } from '@opencanvass/evidence/sentences';
import { h, svg } from './dom.ts';
import { drawMap, mapOf } from './map.ts';
import type { Shade } from './map.ts';
import { number, percent, signed } from './numbers.ts';
import { leaders, marginOf } from '@opencanvass/evidence/checks';
import type { CountyRow, Sides } from '@opencanvass/evidence/checks';
import { sortedTable } from './table.ts';

/** One county's change of the margin, positive towards the first of `pair`. */
interface Change {
  readonly county: CountyRow;
  readonly reported: number;
  readonly counted: number;
  readonly change: number;
  /** Votes for all choices as reported: what the change is a share of. */
  readonly of: number;
}

/** Where a change begins to be drawn darker, as a share of the county's votes in 1/10,000: 0.05%, 0.1%, 0.5%. */
const steps = [5, 10, 50];
const stepLabels = ['< 0.05%', '< 0.1%', '< 0.5%', '≥ 0.5%'];

export function countiesSection(
  words: PageWords,
  sides: Sides,
  state: string | undefined,
): HTMLElement | undefined {
  const { reported, counted, choices } = sides;
  if (reported === undefined || counted === undefined) return undefined;
  const pair = leaders(reported.total);
  const [first, second] = [choices[pair[0]]!.name, choices[pair[1]]!.name];
  const changes = new Map<JurisdictionId, Change>();
  for (const county of sides.counties) {
    if (county.reported === undefined || county.counted === undefined) continue;
    const [before, after] = [marginOf(county.reported, pair), marginOf(county.counted, pair)];
    const of = county.reported.reduce((a, b) => a + b, 0);
    changes.set(county.id, { county, reported: before, counted: after, change: after - before, of });
  }
  if (changes.size === 0) return undefined;
  const all = [...changes.values()];

  const towards = (c: Change): string =>
    c.change === 0
      ? words.unchanged
      : `${number(Math.abs(c.change))} ${words.towards(c.change > 0 ? first : second)}`;
  const shadeOf = (id: JurisdictionId): Shade => {
    const c = changes.get(id);
    if (c === undefined) return { className: 'shade-none', label: words.notCounted };
    return { className: shadeClass(c), label: `${towards(c)} (${percent(Math.abs(c.change), c.of)})` };
  };

  const panel = h('div', { class: 'county-panel', 'aria-live': 'polite' });
  const select = h(
    'select',
    { id: `county-${sides.contest.id}`, onchange: () => choose(select.value as JurisdictionId) },
    ...[...sides.counties]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((c) => h('option', { value: c.id }, c.name)),
  );
  const map = mapOf(state);
  let mark: (id: JurisdictionId) => void = () => {};
  const choose = (id: JurisdictionId): void => {
    const county = sides.counties.find((c) => c.id === id);
    if (county === undefined) return;
    select.value = id;
    mark(id);
    panel.replaceChildren(...countyFigures(words, sides, county, changes.get(id), towards));
  };
  const drawn = map === undefined ? undefined : drawMap(map, words.counties, shadeOf, choose);
  if (drawn !== undefined) mark = drawn.mark;
  choose(largest(all)[0]!.county.id);

  return h(
    'section',
    { 'aria-labelledby': `counties-${sides.contest.id}` },
    h('h2', { id: `counties-${sides.contest.id}` }, words.counties),
    h('p', { class: 'soft' }, sides.contest.name),
    h('p', {}, words.countiesLead(number(Math.abs(marginOf(reported.total, pair))))),
    h(
      'div',
      { class: 'map-and-county' },
      drawn === undefined
        ? h('p', { class: 'note' }, words.noMap)
        : h('div', { class: 'map-box' }, drawn.element, key(words, first, second)),
      h(
        'div',
        { class: 'county-box' },
        h('label', { for: `county-${sides.contest.id}` }, words.chooseCounty),
        select,
        panel,
      ),
    ),
    h('h3', {}, words.largest),
    h('p', { class: 'note' }, words.signNote(first, second)),
    bars(words, largest(all).slice(0, 15), first, second, towards),
    sortedTable(
      words,
      words.counties,
      [
        { title: words.county, show: (c) => c.county.name, by: (c) => c.county.name },
        {
          title: words.marginReported,
          show: (c) => signed(c.reported),
          by: (c) => c.reported,
          numeric: true,
        },
        { title: words.marginCounted, show: (c) => signed(c.counted), by: (c) => c.counted, numeric: true },
        {
          title: words.marginChange,
          show: (c) => signed(c.change),
          by: (c) => Math.abs(c.change),
          numeric: true,
        },
        {
          title: words.variation,
          show: (c) => percent(Math.abs(c.change), c.of),
          by: (c) => Math.abs(c.change) / c.of,
          numeric: true,
        },
      ],
      largest(all),
    ),
  );
}

const largest = (changes: readonly Change[]): Change[] =>
  [...changes].sort(
    (a, b) => Math.abs(b.change) - Math.abs(a.change) || (a.county.name < b.county.name ? -1 : 1),
  );

function shadeClass({ change, of }: Change): string {
  if (change === 0) return 'shade-0';
  const darkness = 1 + steps.filter((step) => Math.abs(change) * 10_000 >= step * of).length;
  return `shade-${change > 0 ? 'a' : 'b'}${darkness}`;
}

function key(words: PageWords, first: string, second: string): HTMLElement {
  const row = (side: 'a' | 'b', name: string): HTMLElement =>
    h(
      'div',
      { class: 'key-row' },
      ...stepLabels.map((label, i) =>
        h('span', { class: 'key-cell' }, h('span', { class: `swatch shade-${side}${i + 1}` }), label),
      ),
      h('span', { class: 'key-name' }, words.towards(name)),
    );
  return h(
    'div',
    { class: 'key' },
    row('a', first),
    row('b', second),
    h(
      'div',
      { class: 'key-row' },
      h('span', { class: 'key-cell' }, h('span', { class: 'swatch shade-0' }), words.unchanged),
    ),
  );
}

/** Bars from a middle line: right towards the first, left towards the second. The numbers stand beside the bars. */
function bars(
  words: PageWords,
  changes: readonly Change[],
  first: string,
  second: string,
  towards: (c: Change) => string,
): HTMLElement {
  const longest = Math.max(1, ...changes.map((c) => Math.abs(c.change)));
  return h(
    'div',
    { class: 'bars' },
    h(
      'div',
      { class: 'bars-head' },
      h('span', {}, `← ${words.towards(second)}`),
      h('span', {}, `${words.towards(first)} →`),
    ),
    h(
      'ol',
      {},
      ...changes.map((c) => {
        const length = (Math.abs(c.change) / longest) * 50;
        return h(
          'li',
          {},
          h('span', { class: 'bar-name' }, c.county.name),
          svg(
            'svg',
            { viewBox: '0 0 100 6', preserveAspectRatio: 'none', 'aria-hidden': 'true', class: 'bar-line' },
            svg('rect', {
              x: c.change > 0 ? 50 : 50 - length,
              y: 0,
              width: length,
              height: 6,
              class: c.change > 0 ? 'shade-a3' : 'shade-b3',
            }),
            svg('line', { x1: 50, x2: 50, y1: 0, y2: 6, class: 'middle' }),
          ),
          h('span', { class: 'bar-number' }, signed(c.change), h('span', { class: 'hidden' }, towards(c))),
        );
      }),
    ),
  );
}

function countyFigures(
  words: PageWords,
  sides: Sides,
  county: CountyRow,
  change: Change | undefined,
  towards: (c: Change) => string,
): Node[] {
  const cell = (n: number | undefined): string => (n === undefined ? '–' : number(n));
  return [
    h('h3', {}, county.name),
    h(
      'p',
      { class: 'county-change' },
      change === undefined
        ? words.notCounted
        : `${words.marginChange}: ${towards(change)}, ${percent(Math.abs(change.change), change.of)}`,
    ),
    h(
      'table',
      {},
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
        ...sides.choices.map((choice, i) => {
          const [a, b] = [county.reported?.[i], county.counted?.[i]];
          return h(
            'tr',
            {},
            h('th', { scope: 'row' }, choice.name),
            h('td', { class: 'num' }, cell(a)),
            h('td', { class: 'num' }, cell(b)),
            h('td', { class: 'num' }, a === undefined || b === undefined ? '–' : signed(b - a)),
          );
        }),
      ),
    ),
  ];
}
