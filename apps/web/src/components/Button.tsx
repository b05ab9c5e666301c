// A button that waits with its act, so that nobody does it twice.
import type { ComponentProps } from 'react';

export function Button({
  look,
  busy = false,
  ...rest
}: ComponentProps<'button'> & {
  readonly look?: 'outline' | 'secondary' | 'unstyled' | 'big';
  readonly busy?: boolean;
}) {
  return (
    <button
      type="button"
      {...rest}
      aria-busy={busy}
      disabled={busy || rest.disabled === true}
      className={`usa-button${look === undefined ? '' : ` usa-button--${look}`}`}
    />
  );
}
