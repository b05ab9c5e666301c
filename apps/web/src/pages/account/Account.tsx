// One's own account: how one signs in, and changing it. What changes how one signs in asks for the password and digits again.
import { routes, type Output } from '@opencanvass/contract';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useAct, useAnswer } from '../../api.ts';
import { Alert } from '../../components/Alert.tsx';
import { Answered } from '../../components/Answered.tsx';
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { TextField } from '../../components/fields.tsx';
import { Page } from '../../components/Page.tsx';
import { Secrets } from '../../components/Secrets.tsx';
import { signs } from '../../places.ts';
import { useWords } from '../../words.tsx';
import { Passkeys } from './Passkeys.tsx';
import { Proven } from './Proven.tsx';

export default function Account() {
  const { say } = useWords();
  const me = useAnswer(routes.me, {});
  return (
    <Page title={say('account.title')} lead={say('account.lead')}>
      <Answered by={me}>
        {({ account, passkeys, recoveryCodes, hasPassword }) => (
          <>
            <p>
              <strong>{account.name}</strong>, {say(`role.${account.role}`)}
              <br />
              {say('signIn.login')}: <code>{account.login}</code>
            </p>
            <Passkeys passkeys={passkeys} />
            {hasPassword ? (
              <>
                <Password />
                <Authenticator />
                <RecoveryCodes login={account.login} left={recoveryCodes} />
              </>
            ) : (
              <Alert kind="info">{say('account.byDirectory')}</Alert>
            )}
            {signs.includes(account.role) ? (
              <section aria-labelledby="signing">
                <h2 id="signing">{say('key.title')}</h2>
                <p>
                  {say(`account.key.${account.key}`)} <Link to="/key">{say('sign.toKey')}</Link>
                </p>
              </section>
            ) : null}
          </>
        )}
      </Answered>
    </Page>
  );
}

function Password() {
  const { say } = useWords();
  const change = useAct(routes.changePassword);
  const [next, setNext] = useState('');
  const [made, setMade] = useState<string>();
  const [changed, setChanged] = useState(false);
  return (
    <section aria-labelledby="password">
      <h2 id="password">{say('signIn.password')}</h2>
      <p>{say('account.password.lead')}</p>
      {changed ? <Alert kind="success">{say('account.password.changed')}</Alert> : null}
      <Proven
        title={say('account.password.change')}
        act={say('account.password.change')}
        by={change}
        prove={async (proof) => {
          setChanged(false);
          const answer = await change.mutateAsync({ body: { ...proof, ...(next === '' ? {} : { next }) } });
          setNext('');
          setMade(answer.made);
          setChanged(true);
        }}
      >
        <TextField
          label={say('account.password.next')}
          hint={say('account.password.nextHint')}
          type="password"
          autoComplete="new-password"
          minLength={12}
          maxLength={200}
          value={next}
          onChange={(e) => setNext(e.target.value)}
        />
      </Proven>
      {made === undefined ? null : (
        <Dialog title={say('account.password.made')} onClose={() => setMade(undefined)}>
          <Alert kind="warning">{say('accounts.once')}</Alert>
          <p>
            <code data-secret="password">{made}</code>
          </p>
          <div className="acts">
            <Button onClick={() => setMade(undefined)}>{say('account.written')}</Button>
          </div>
        </Dialog>
      )}
    </section>
  );
}

function Authenticator() {
  const { say } = useWords();
  const renew = useAct(routes.newAuthenticator);
  const [made, setMade] = useState<Output<typeof routes.newAuthenticator>>();
  return (
    <section aria-labelledby="authenticator">
      <h2 id="authenticator">{say('account.authenticator')}</h2>
      <p>{say('account.authenticator.lead')}</p>
      <Proven
        title={say('account.authenticator.change')}
        act={say('account.authenticator.change')}
        by={renew}
        prove={async (body) => setMade(await renew.mutateAsync({ body }))}
      />
      {made === undefined ? null : (
        <Dialog title={say('account.authenticator.made')} onClose={() => setMade(undefined)}>
          <Alert kind="warning">{say('accounts.once')}</Alert>
          <Secrets {...made} />
          <div className="acts">
            <Button onClick={() => setMade(undefined)}>{say('account.authenticator.read')}</Button>
          </div>
        </Dialog>
      )}
    </section>
  );
}

function RecoveryCodes({ login, left }: { readonly login: string; readonly left: number }) {
  const { say, number } = useWords();
  const make = useAct(routes.recoveryCodes);
  const [codes, setCodes] = useState<readonly string[]>();
  return (
    <section aria-labelledby="recovery">
      <h2 id="recovery">{say('account.recovery')}</h2>
      <p>
        {say('account.recovery.lead')} {say('account.recovery.left', { n: number(left) })}
      </p>
      <Proven
        title={say('account.recovery.make')}
        act={say('account.recovery.make')}
        by={make}
        prove={async (body) => setCodes((await make.mutateAsync({ body })).codes)}
      />
      {codes === undefined ? null : (
        <Dialog title={say('account.recovery.of', { login })} onClose={() => setCodes(undefined)}>
          <Alert kind="warning">{say('accounts.once')}</Alert>
          <p>{say('account.recovery.use')}</p>
          <ol className="codes">
            {codes.map((code) => (
              <li key={code}>
                <code data-secret="recovery">{code}</code>
              </li>
            ))}
          </ol>
          <div className="acts">
            <Button onClick={() => window.print()}>{say('account.recovery.print')}</Button>
            <Button look="outline" onClick={() => setCodes(undefined)}>
              {say('account.written')}
            </Button>
          </div>
        </Dialog>
      )}
    </section>
  );
}
