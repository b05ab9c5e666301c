// The passkeys of an account: made on this device, listed with the names that their owner gave them, ended one by one.
import { routes, type Output } from '@opencanvass/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useAct, useAnswer } from '../../api.ts';
import { Alert, Why } from '../../components/Alert.tsx';
import { Button } from '../../components/Button.tsx';
import { Confirm } from '../../components/Dialog.tsx';
import { TextField } from '../../components/fields.tsx';
import { Table } from '../../components/Table.tsx';
import { addPasskey } from '../../passkey.ts';
import { useWords } from '../../words.tsx';

type Passkey = Output<typeof routes.me>['passkeys'][number];

export function Passkeys({ passkeys }: { readonly passkeys: readonly Passkey[] }) {
  const { say, why, time } = useWords();
  const ways = useAnswer(routes.signInWays, {}).data;
  const [ending, setEnding] = useState<Passkey>();
  return (
    <section aria-labelledby="passkeys">
      <h2 id="passkeys">{say('account.passkeys')}</h2>
      <p>{say('account.passkeys.lead')}</p>
      {passkeys.length === 0 ? (
        <p>{say('account.passkeys.none')}</p>
      ) : (
        <Table
          caption={say('account.passkeys.caption')}
          keyOf={(p) => p.id}
          rows={passkeys}
          columns={[
            { title: say('account.passkeys.name'), cell: (p) => p.name, by: (p) => p.name },
            { title: say('account.passkeys.created'), cell: (p) => time(p.created), by: (p) => p.created },
            {
              title: say('account.passkeys.used'),
              cell: (p) => (p.used === undefined ? '–' : time(p.used)),
              by: (p) => p.used ?? '',
            },
            {
              title: say('accounts.acts'),
              cell: (p) => (
                <Button look="unstyled" onClick={() => setEnding(p)}>
                  {say('account.passkeys.remove')}
                </Button>
              ),
            },
          ]}
        />
      )}
      {ways === undefined ? null : ways.whyNot === undefined ? (
        <NewPasskey />
      ) : (
        <Alert kind="info">{why({ code: ways.whyNot })}</Alert>
      )}
      {ending === undefined ? null : <Ending passkey={ending} onClose={() => setEnding(undefined)} />}
    </section>
  );
}

function NewPasskey() {
  const { say } = useWords();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const adding = useMutation({
    mutationFn: addPasskey,
    onSuccess: () => {
      setName('');
      return queries.invalidateQueries();
    },
  });
  return (
    <form
      className="usa-form"
      onSubmit={(e) => {
        e.preventDefault();
        adding.mutate(name.trim());
      }}
    >
      <TextField
        label={say('account.passkeys.newName')}
        hint={say('account.passkeys.newNameHint')}
        required
        maxLength={60}
        pattern=".*\S.*"
        autoComplete="off"
        value={name}
        onChange={(e) => setName(e.target.value)}
      />
      <div className="acts">
        <Button type="submit" busy={adding.isPending}>
          {say('account.passkeys.add')}
        </Button>
      </div>
      <Why of={adding.error} />
    </form>
  );
}

function Ending({ passkey, onClose }: { readonly passkey: Passkey; readonly onClose: () => void }) {
  const { say } = useWords();
  const remove = useAct(routes.removePasskey);
  return (
    <Confirm
      title={say('account.passkeys.remove.ask', { name: passkey.name })}
      act={say('account.passkeys.remove')}
      busy={remove.isPending}
      onConfirm={() => remove.mutate({ params: { passkey: passkey.id } }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>{say('account.passkeys.remove.words')}</p>
      <Why of={remove.error} />
    </Confirm>
  );
}
