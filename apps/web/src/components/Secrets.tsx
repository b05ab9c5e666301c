// What is shown this once: an authenticator's key, as text and as a picture for a telephone, beside what else is handed over with it.
import type { ReactNode } from 'react';
import { useWords } from '../words.tsx';

export function Secrets({
  totp,
  qr,
  children,
}: {
  /** The otpauth address. */
  readonly totp: string;
  /** The same as a picture, SVG. */
  readonly qr: string;
  readonly children?: ReactNode;
}) {
  const { say } = useWords();
  return (
    <div className="secrets">
      <div>
        {children}
        <p>
          {say('accounts.authenticator')}
          <br />
          <code data-secret="totp">
            {/secret=([A-Z2-7]+)/
              .exec(totp)?.[1]
              ?.match(/.{1,4}/g)
              ?.join(' ')}
          </code>
        </p>
      </div>
      <img alt={say('accounts.qr')} src={`data:image/svg+xml,${encodeURIComponent(qr)}`} />
    </div>
  );
}
