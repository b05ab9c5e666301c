// The people of the audit: their accounts, roles and keys. A password and an authenticator's key are shown once, to be handed over.
import { routes, whyWithdrawn, type Output } from '@opencanvass/contract';
import { useState } from 'react';
import { useAct, useAnswer } from '../../api.ts';
import { Alert, Why } from '../../components/Alert.tsx';
import { Answered } from '../../components/Answered.tsx';
import { Button } from '../../components/Button.tsx';
import { Confirm, Dialog } from '../../components/Dialog.tsx';
import { SelectField, TextArea, TextField } from '../../components/fields.tsx';
import { KeyId } from '../../components/KeyId.tsx';
import { Page } from '../../components/Page.tsx';
import { Secrets } from '../../components/Secrets.tsx';
import { Table } from '../../components/Table.tsx';
import { Tag } from '../../components/Tag.tsx';
import type { CountyState } from '../../outcome.ts';
import { useSignedIn } from '../../session.ts';
import { useWords } from '../../words.tsx';

type Account = Output<typeof routes.accounts>['accounts'][number];
type Act = 'key' | 'withdraw' | 'disable' | 'reset';
type Secrets = Output<typeof routes.resetAccount> & { readonly login: string };
const accountRoles = ['county manager', 'canvass board', 'observer', 'state administrator'] as const;

export default function Accounts() {
  const { say } = useWords();
  const { login } = useSignedIn();
  const accounts = useAnswer(routes.accounts, {}, { every: 10 });
  const status = useAnswer(routes.status, {});
  const [secrets, setSecrets] = useState<Secrets>();
  const [asked, setAsked] = useState<{ readonly act: Act; readonly of: Account }>();
  const counties = status.data?.counties ?? [];
  const countyName = (id: string | undefined) =>
    counties.find((c) => c.jurisdiction === id)?.name ?? id ?? '';
  const tones = { none: 'plain', waiting: 'warn', authorised: 'good', withdrawn: 'warn' } as const;
  return (
    <Page title={say('accounts.title')} lead={say('accounts.lead')}>
      <Answered by={accounts}>
        {({ accounts: all }) => (
          <Table
            stacks
            caption={say('accounts.caption')}
            keyOf={(a) => a.id}
            rows={all}
            columns={[
              {
                title: say('accounts.who'),
                by: (a) => a.name,
                cell: (a) => (
                  <>
                    {a.name}
                    <div className="fine">{a.login}</div>
                  </>
                ),
              },
              {
                title: say('accounts.role'),
                by: (a) => a.role,
                cell: (a) =>
                  `${say(`role.${a.role}`)}${a.jurisdiction === undefined ? '' : `, ${countyName(a.jurisdiction)}`}`,
              },
              {
                title: say('accounts.key'),
                by: (a) => a.key,
                cell: (a) =>
                  a.disabled ? (
                    <Tag tone="plain">{say('accounts.disabled')}</Tag>
                  ) : a.role === 'observer' ? (
                    '–'
                  ) : (
                    <Tag tone={tones[a.key]}>{say(`accounts.key.${a.key}`)}</Tag>
                  ),
              },
              {
                title: say('accounts.acts'),
                cell: (a) =>
                  a.disabled ? null : (
                    <div className="row-acts">
                      {a.key === 'waiting' ? (
                        <Button onClick={() => setAsked({ act: 'key', of: a })}>
                          {say('accounts.compare')}
                        </Button>
                      ) : null}
                      {a.key === 'authorised' ? (
                        <Button look="unstyled" onClick={() => setAsked({ act: 'withdraw', of: a })}>
                          {say('accounts.withdraw')}
                        </Button>
                      ) : null}
                      {a.login === login ? null : (
                        <>
                          <Button look="unstyled" onClick={() => setAsked({ act: 'reset', of: a })}>
                            {say('accounts.reset')}
                          </Button>
                          <Button look="unstyled" onClick={() => setAsked({ act: 'disable', of: a })}>
                            {say('accounts.disable')}
                          </Button>
                        </>
                      )}
                    </div>
                  ),
              },
            ]}
          />
        )}
      </Answered>
      {secrets === undefined ? null : <Handed secrets={secrets} onClose={() => setSecrets(undefined)} />}
      <NewAccount counties={counties} onMade={setSecrets} />
      {asked === undefined ? null : asked.act === 'withdraw' ? (
        <Withdraw of={asked.of} onClose={() => setAsked(undefined)} />
      ) : (
        <Asked act={asked.act} of={asked.of} onSecrets={setSecrets} onClose={() => setAsked(undefined)} />
      )}
    </Page>
  );
}

function NewAccount({
  counties,
  onMade,
}: {
  readonly counties: readonly CountyState[];
  readonly onMade: (secrets: Secrets) => void;
}) {
  const { say } = useWords();
  const create = useAct(routes.createAccount);
  const fresh = {
    name: '',
    login: '',
    role: 'county manager' as (typeof accountRoles)[number],
    jurisdiction: '',
  };
  const [given, setGiven] = useState(fresh);
  const set = (field: keyof typeof given) => ({
    value: given[field],
    onChange: (e: { target: { value: string } }) => setGiven({ ...given, [field]: e.target.value }),
  });
  return (
    <>
      <h2>{say('accounts.new')}</h2>
      {counties.length === 0 ? <Alert kind="info">{say('accounts.beforeSetUp')}</Alert> : null}
      <form
        className="usa-form"
        onSubmit={(e) => {
          e.preventDefault();
          const { jurisdiction, ...rest } = given;
          create.mutate(
            { body: { ...rest, ...(given.role === 'county manager' ? { jurisdiction } : {}) } },
            {
              onSuccess: (made) => {
                onMade({ ...made, login: made.account.login });
                setGiven({ ...fresh, role: given.role });
              },
            },
          );
        }}
      >
        <TextField
          label={say('accounts.name')}
          required
          maxLength={200}
          autoComplete="off"
          {...set('name')}
        />
        <TextField
          label={say('accounts.login')}
          hint={say('accounts.loginHint')}
          required
          pattern="[a-z0-9.@_\-]+"
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          {...set('login')}
        />
        <SelectField label={say('accounts.role')} {...set('role')}>
          {accountRoles.map((r) => (
            <option key={r} value={r}>
              {say(`role.${r}`)}
            </option>
          ))}
        </SelectField>
        {given.role === 'county manager' ? (
          <SelectField label={say('counties.county')} required {...set('jurisdiction')}>
            <option value="">{say('choose')}</option>
            {counties.map((c) => (
              <option key={c.jurisdiction} value={c.jurisdiction}>
                {c.name}
              </option>
            ))}
          </SelectField>
        ) : null}
        <div className="acts">
          <Button type="submit" busy={create.isPending}>
            {say('accounts.create')}
          </Button>
        </div>
      </form>
      <Why of={create.error} />
    </>
  );
}

/** What is handed to somebody on paper or read to them, and shown this once. */
function Handed({ secrets, onClose }: { readonly secrets: Secrets; readonly onClose: () => void }) {
  const { say } = useWords();
  return (
    <Dialog title={say('accounts.handed', { login: secrets.login })} onClose={onClose}>
      <Alert kind="warning">{say('accounts.once')}</Alert>
      <Secrets totp={secrets.totp} qr={secrets.qr}>
        <p>
          {say('signIn.login')}
          <br />
          <code>{secrets.login}</code>
        </p>
        <p>
          {say('signIn.password')}
          <br />
          <code data-secret="password">{secrets.password}</code>
        </p>
      </Secrets>
      <div className="acts">
        <Button onClick={onClose}>{say('accounts.written')}</Button>
      </div>
    </Dialog>
  );
}

function Asked({
  act,
  of: account,
  onSecrets,
  onClose,
}: {
  readonly act: Exclude<Act, 'withdraw'>;
  readonly of: Account;
  readonly onSecrets: (secrets: Secrets) => void;
  readonly onClose: () => void;
}) {
  const { say } = useWords();
  const authorise = useAct(routes.authoriseKey);
  const disable = useAct(routes.disableAccount);
  const reset = useAct(routes.resetAccount);
  const params = { account: account.id };
  const done = { onSuccess: onClose };
  const does = {
    key: () => authorise.mutate({ params, body: { keyid: account.keyid ?? '' } }, done),
    disable: () => disable.mutate({ params }, done),
    reset: () =>
      reset.mutate(
        { params },
        {
          onSuccess: (secrets) => {
            onClose();
            onSecrets({ ...secrets, login: account.login });
          },
        },
      ),
  };
  return (
    <Confirm
      title={say(`accounts.${act}.ask`, { who: account.name })}
      act={say(`accounts.${act}.act`)}
      busy={authorise.isPending || disable.isPending || reset.isPending}
      onConfirm={does[act]}
      onClose={onClose}
    >
      <p>{say(`accounts.${act}.words`, { who: account.name })}</p>
      {act === 'key' ? <KeyId of={account.keyid ?? ''} /> : null}
      <Why of={authorise.error ?? disable.error ?? reset.error} />
    </Confirm>
  );
}

/** A key that is lost, or that somebody else may have, signs nothing from here on. */
function Withdraw({ of: account, onClose }: { readonly of: Account; readonly onClose: () => void }) {
  const { say } = useWords();
  const withdraw = useAct(routes.withdrawKey);
  const [why, setWhy] = useState<(typeof whyWithdrawn)[number]>('lost');
  const [words, setWords] = useState('');
  const params = { account: account.id };
  return (
    <Confirm
      title={say('accounts.withdraw.ask', { who: account.name })}
      act={say('accounts.withdraw.act')}
      busy={withdraw.isPending}
      disabled={words.trim() === ''}
      onConfirm={() =>
        withdraw.mutate(
          { params, body: { keyid: account.keyid!, why, words: words.trim() } },
          { onSuccess: onClose },
        )
      }
      onClose={onClose}
    >
      <p>{say('accounts.withdraw.words', { who: account.name })}</p>
      <SelectField
        label={say('accounts.withdraw.why')}
        value={why}
        onChange={(e) => setWhy(e.target.value as typeof why)}
      >
        {whyWithdrawn.map((w) => (
          <option key={w} value={w}>
            {say(`whyWithdrawn.${w}`)}
          </option>
        ))}
      </SelectField>
      <TextArea
        label={say('accounts.withdraw.inWords')}
        rows={3}
        value={words}
        onChange={(e) => setWords(e.target.value)}
        required
      />
      <Why of={withdraw.error} />
    </Confirm>
  );
}
