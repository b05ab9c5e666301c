// A table that sorts by any column, at a click or a key; long ones show their first rows until all are asked for.
import { h } from './dom.ts';
import type { PageWords } from '@opencanvass/evidence/sentences';

export interface Column<Row> {
  readonly title: string;
  /** What the cell shows. */
  readonly show: (row: Row) => string | Node;
  /** What the column is sorted by: numbers as numbers, text by code units. */
  readonly by: (row: Row) => number | string;
  readonly numeric?: boolean;
}

const firstRows = 25;

export function sortedTable<Row>(
  words: PageWords,
  caption: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  onRow?: { readonly id: (row: Row) => string },
): HTMLElement {
  let order: { column: number; down: boolean } | undefined;
  let all = rows.length <= firstRows + 10;
  const body = h('tbody');
  const heads = columns.map((column, i) =>
    h(
      'th',
      { scope: 'col', class: column.numeric === true ? 'num' : undefined },
      h(
        'button',
        {
          type: 'button',
          class: 'sort',
          title: words.sortBy(column.title),
          onclick: () => {
            order = { column: i, down: order?.column === i ? !order.down : column.numeric === true };
            draw();
          },
        },
        column.title,
        h('span', { class: 'arrow', 'aria-hidden': 'true' }),
      ),
    ),
  );
  const more = h(
    'button',
    {
      type: 'button',
      class: 'button outline',
      onclick: () => {
        all = true;
        draw();
      },
    },
    words.showAll(rows.length.toLocaleString('en-US')),
  );

  const draw = (): void => {
    const sorted = order === undefined ? rows : [...rows].sort(compareBy(columns[order.column]!, order.down));
    heads.forEach((head, i) => {
      if (order?.column === i) head.setAttribute('aria-sort', order.down ? 'descending' : 'ascending');
      else head.removeAttribute('aria-sort');
    });
    body.replaceChildren(
      ...(all ? sorted : sorted.slice(0, firstRows)).map((row) =>
        h(
          'tr',
          onRow === undefined ? {} : { 'data-id': onRow.id(row) },
          ...columns.map((column, i) =>
            i === 0
              ? h('th', { scope: 'row' }, column.show(row))
              : h('td', { class: column.numeric === true ? 'num' : undefined }, column.show(row)),
          ),
        ),
      ),
    );
    more.hidden = all;
  };
  draw();
  return h(
    'div',
    {},
    h(
      'div',
      { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': caption },
      h('table', {}, h('caption', { class: 'hidden' }, caption), h('thead', {}, h('tr', {}, ...heads)), body),
    ),
    more,
  );
}

/** Rows that cannot be told apart keep their order. */
const compareBy =
  <Row>(column: Column<Row>, down: boolean) =>
  (a: Row, b: Row): number => {
    const [x, y] = [column.by(a), column.by(b)];
    const order = x < y ? -1 : x > y ? 1 : 0;
    return down ? -order : order;
  };
