// An act that asks who is there once more: the password, and digits or a recovery code. An unattended screen does not change how somebody signs in.
import { useState, type ReactNode } from 'react';
import { Why } from '../../components/Alert.tsx';
import { Button } from '../../components/Button.tsx';
import { TextField } from '../../components/fields.tsx';
import { useWords } from '../../words.tsx';

export interface Proof {
  readonly password: string;
  readonly code: string;
}

export function Proven({
  title,
  act,
  by,
  prove,
  children,
}: {
  /** What opens the form. */
  readonly title: string;
  /** The words of the button that does it. */
  readonly act: string;
  readonly by: { readonly error: unknown; readonly isPending: boolean };
  readonly prove: (proof: Proof) => Promise<void>;
  readonly children?: ReactNode;
}) {
  const { say } = useWords();
  const empty = { password: '', code: '' };
  const [given, setGiven] = useState<Proof>(empty);
  const [open, setOpen] = useState(false);
  const submit = async (): Promise<void> => {
    const digits = given.code.replaceAll(/\s/g, '');
    try {
      await prove({ ...given, code: /^\d+$/.test(digits) ? digits : given.code.trim() });
      setOpen(false);
      setGiven(empty);
    } catch {
      // Why it was refused is shown below.
    }
  };
  return (
    <details open={open} onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>{title}</summary>
      <form
        className="usa-form"
        onSubmit={(e) => {
          e.preventDefault();
          void submit();
        }}
      >
        {children}
        <TextField
          label={say('account.passwordNow')}
          type="password"
          required
          autoComplete="current-password"
          value={given.password}
          onChange={(e) => setGiven({ ...given, password: e.target.value })}
        />
        <TextField
          label={say('account.code')}
          hint={say('signIn.codeHint')}
          required
          minLength={6}
          maxLength={40}
          autoComplete="one-time-code"
          autoCapitalize="none"
          spellCheck={false}
          value={given.code}
          onChange={(e) => setGiven({ ...given, code: e.target.value })}
        />
        <div className="acts">
          <Button type="submit" busy={by.isPending}>
            {act}
          </Button>
        </div>
      </form>
      <Why of={by.error} />
    </details>
  );
}
