// Signing in: with a passkey, by the state's directory, or with a password and the six digits of an authenticator, or a recovery code in their
// place. An audit board has a page of its own.
import { routes, type Input, type Output } from '@opencanvass/contract';
import { useMutation } from '@tanstack/react-query';
import { Navigate, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { ask, useAnswer } from '../../api.ts';
import { Alert, Why } from '../../components/Alert.tsx';
import { Button } from '../../components/Button.tsx';
import { TextField } from '../../components/fields.tsx';
import { Page } from '../../components/Page.tsx';
import { signInByPasskey } from '../../passkey.ts';
import { useBegin, useSession, type Session } from '../../session.ts';
import { useWords } from '../../words.tsx';
import { goToDirectory } from './directory.ts';

export default function SignIn() {
  const { say } = useWords();
  const session = useSession();
  const begin = useBegin();
  const navigate = useNavigate();
  const ways = useAnswer(routes.signInWays, {}).data;
  const enter = (begun: Session): void => {
    begin(begun);
    void navigate({ to: '/' });
  };
  if (session !== null && session !== undefined) return <Navigate to="/" />;
  return (
    <Page title={say('signIn.title')} lead={say('signIn.lead')}>
      {ways === undefined ? null : <WithoutPassword ways={ways} onBegun={enter} />}
      <WithPassword onBegun={enter} />
    </Page>
  );
}

interface Entrance {
  readonly onBegun: (session: Session) => void;
}

function WithoutPassword({
  ways: { passkeys, whyNot, openId },
  onBegun,
}: Entrance & { readonly ways: Output<typeof routes.signInWays> }) {
  const { say, why } = useWords();
  const passkey = useMutation({ mutationFn: signInByPasskey, onSuccess: onBegun });
  const directory = useMutation({ mutationFn: goToDirectory });
  return (
    <>
      <div className="acts">
        {passkeys ? (
          <Button busy={passkey.isPending} onClick={() => passkey.mutate()}>
            {say('signIn.passkey')}
          </Button>
        ) : null}
        {openId === undefined ? null : (
          <Button look="outline" busy={directory.isPending} onClick={() => directory.mutate()}>
            {say('signIn.directory', { name: openId.name })}
          </Button>
        )}
      </div>
      {whyNot === undefined ? null : <Alert kind="info">{why({ code: whyNot })}</Alert>}
      <Why of={passkey.error ?? directory.error} />
    </>
  );
}

function WithPassword({ onBegun }: Entrance) {
  const { say } = useWords();
  const signIn = useMutation({
    mutationFn: (body: Input<typeof routes.signIn>['body']) => ask(routes.signIn, { body }),
    onSuccess: onBegun,
  });
  const [given, setGiven] = useState({ login: '', password: '', code: '' });
  const [recovering, setRecovering] = useState(false);
  const set = (field: keyof typeof given) => ({
    value: given[field],
    onChange: (e: { target: { value: string } }) => setGiven({ ...given, [field]: e.target.value }),
    required: true,
  });
  return (
    <>
      <Why of={signIn.error} />
      <form
        className="usa-form"
        onSubmit={(e) => {
          e.preventDefault();
          const code = recovering ? given.code.trim() : given.code.replaceAll(/\D/g, '');
          signIn.mutate({ ...given, code });
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
        {recovering ? (
          <TextField
            label={say('signIn.recoveryCode')}
            hint={say('signIn.recoveryHint')}
            {...set('code')}
            minLength={6}
            maxLength={40}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
          />
        ) : (
          <TextField
            label={say('signIn.code')}
            hint={say('signIn.codeHint')}
            {...set('code')}
            inputMode="numeric"
            autoComplete="one-time-code"
            pattern="\s*\d{3}\s?\d{3}\s*"
          />
        )}
        <Button type="submit" busy={signIn.isPending}>
          {say('signIn.act')}
        </Button>
        <p>
          <Button
            look="unstyled"
            onClick={() => {
              setRecovering(!recovering);
              setGiven({ ...given, code: '' });
            }}
          >
            {say(recovering ? 'signIn.haveAuthenticator' : 'signIn.haveRecoveryCode')}
          </Button>
        </p>
      </form>
    </>
  );
}
