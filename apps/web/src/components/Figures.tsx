// Figures with their names: what is large is what is meant to be read first.
import type { ReactNode } from 'react';

export function Figures({
  of: figures,
}: {
  readonly of: readonly { readonly name: string; readonly value: ReactNode; readonly note?: string }[];
}) {
  return (
    <dl className="figures">
      {figures.map(({ name, value, note }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {value}
            {note === undefined ? null : <span className="note">{note}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
