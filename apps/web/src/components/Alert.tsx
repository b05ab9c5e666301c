// Something to be told at once: an error or a success is said aloud by a screen reader, information is not.
import type { ReactNode } from 'react';
import { Refused } from '../api.ts';
import { useWords } from '../words.tsx';

export type AlertKind = 'info' | 'success' | 'warning' | 'error';

export function Alert({
  kind,
  title,
  children,
}: {
  readonly kind: AlertKind;
  readonly title?: string;
  readonly children?: ReactNode;
}) {
  const role = kind === 'error' ? 'alert' : kind === 'info' ? undefined : 'status';
  return (
    <div
      className={`usa-alert usa-alert--${kind}${title === undefined ? ' usa-alert--slim' : ''}`}
      role={role}
    >
      <div className="usa-alert__body">
        {title === undefined ? null : <h2 className="usa-alert__heading">{title}</h2>}
        <div className="usa-alert__text">{children}</div>
      </div>
    </div>
  );
}

/** Why the desk refused, in sentences; nothing where it did not. */
export function Why({ of: fault }: { readonly of: unknown }) {
  const { say, why } = useWords();
  if (fault === null || fault === undefined) return null;
  const reasons = fault instanceof Refused ? why(fault.problem) : [say('problem.unknown')];
  return (
    <Alert kind="error">
      {reasons.length === 1 ? (
        reasons[0]
      ) : (
        <ul>
          {reasons.map((r) => (
            <li key={r}>{r}</li>
          ))}
        </ul>
      )}
    </Alert>
  );
}
