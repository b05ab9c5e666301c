// A table that can be put in order by its columns. The first column heads its row.
import { useState, type ReactNode } from 'react';

export interface Column<T> {
  readonly title: string;
  /** What stands in the cell. */
  readonly cell: (row: T) => ReactNode;
  /** What the rows are put in order by; a column without is not. */
  readonly by?: (row: T) => string | number;
  /** Figures stand to the right, in digits of one width. */
  readonly figure?: boolean;
}

export function Table<T>({
  caption,
  columns,
  rows,
  keyOf,
}: {
  readonly caption: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string | number;
}) {
  const [order, setOrder] = useState<{ readonly column: number; readonly down: boolean }>();
  const by = order === undefined ? undefined : columns[order.column]?.by;
  const sorted =
    by === undefined ? rows : rows.toSorted((a, b) => compared(by(a), by(b)) * (order!.down ? -1 : 1));
  const classOf = (c: Column<T>) => (c.figure === true ? 'figure-cell' : undefined);
  return (
    <div className="wide" role="region" aria-label={caption} tabIndex={0}>
      <table className="usa-table usa-table--borderless">
        <caption>{caption}</caption>
        <thead>
          <tr>
            {columns.map((c, i) => (
              <th
                key={c.title}
                scope="col"
                className={classOf(c)}
                {...(order?.column === i ? { 'aria-sort': order.down ? 'descending' : 'ascending' } : {})}
              >
                {c.by === undefined ? (
                  c.title
                ) : (
                  <button
                    type="button"
                    onClick={() => setOrder({ column: i, down: order?.column === i && !order.down })}
                  >
                    {c.title}
                  </button>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map((c, i) =>
                i === 0 ? (
                  <th key={c.title} scope="row" className={classOf(c)}>
                    {c.cell(row)}
                  </th>
                ) : (
                  <td key={c.title} className={classOf(c)}>
                    {c.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const compared = (a: string | number, b: string | number): number =>
  typeof a === 'number' && typeof b === 'number'
    ? a - b
    : String(a).localeCompare(String(b), undefined, { numeric: true });
