// Signing in: a login, the password that the desk made, the six digits of an authenticator. An audit board has a page of its own.
import { routes } from '@opencanvass/contract';
import { Navigate, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useAct } from '../api.ts';
import { Why } from '../components/Alert.tsx';
import { Button } from '../components/Button.tsx';
import { TextField } from '../components/fields.tsx';
import { Page } from '../components/Page.tsx';
import { useBegin, useSession } from '../session.ts';
import { useWords } from '../words.tsx';

export default function SignIn() {
  const { say } = useWords();
  const session = useSession();
  const begin = useBegin();
  const navigate = useNavigate();
  const signIn = useAct(routes.signIn);
  const [given, setGiven] = useState({ login: '', password: '', code: '' });
  if (session !== null && session !== undefined && !signIn.isPending) return <Navigate to="/" />;
  const set = (field: keyof typeof given) => ({
    value: given[field],
    onChange: (e: { target: { value: string } }) => setGiven({ ...given, [field]: e.target.value }),
    required: true,
  });
  return (
    <Page title={say('signIn.title')} lead={say('signIn.lead')}>
      <Why of={signIn.error} />
      <form
        className="usa-form"
        onSubmit={(e) => {
          e.preventDefault();
          signIn.mutate(
            { body: { ...given, code: given.code.replaceAll(/\D/g, '') } },
            {
              onSuccess: (begun) => {
                begin(begun);
                void navigate({ to: '/' });
              },
            },
          );
        }}
      >
        <TextField
          label={say('signIn.login')}
          {...set('login')}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
        />
        <TextField
          label={say('signIn.password')}
          {...set('password')}
          type="password"
          autoComplete="current-password"
        />
        <TextField
          label={say('signIn.code')}
          hint={say('signIn.codeHint')}
          {...set('code')}
          inputMode="numeric"
          autoComplete="one-time-code"
          pattern="\s*\d{3}\s?\d{3}\s*"
        />
        <Button type="submit" busy={signIn.isPending}>
          {say('signIn.act')}
        </Button>
      </form>
    </Page>
  );
}
