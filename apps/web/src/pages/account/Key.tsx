// One's own key: made here, told to the desk, its id read out to the state administrator who puts it on the record.
import { routes } from '@opencanvass/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ask, Refused } from '../../api.ts';
import { Alert, Why } from '../../components/Alert.tsx';
import { Button } from '../../components/Button.tsx';
import { TextField } from '../../components/fields.tsx';
import { FileDrop } from '../../components/FileDrop.tsx';
import { KeyId } from '../../components/KeyId.tsx';
import { Page } from '../../components/Page.tsx';
import { Tag } from '../../components/Tag.tsx';
import { useSignedIn } from '../../session.ts';
import { keptKey, makeKey, openKeyFile, proofFor, type SigningKey } from '../../signingKey.ts';
import { useWords } from '../../words.tsx';

export default function Key() {
  const { say } = useWords();
  const session = useSignedIn();
  const queries = useQueryClient();
  const login = session.login!;
  const here = useQuery({
    queryKey: ['kept key', login],
    queryFn: async () => (await keptKey(login)) ?? null,
  }).data;
  const tell = async (key: SigningKey): Promise<void> => {
    if (session.keyid !== key.keyid) await ask(routes.tellKey, { body: await proofFor(key) });
  };
  const telling = useMutation({ mutationFn: tell, onSettled: () => queries.invalidateQueries() });
  const fits = here !== null && here !== undefined && here.keyid === session.keyid;
  return (
    <Page title={say('key.title')} lead={say('key.lead')}>
      {here === undefined ? (
        <p role="status">{say('loading')}</p>
      ) : session.key === 'withdrawn' ? (
        <>
          <Alert kind="warning">{say('key.withdrawnLead')}</Alert>
          <MakeKey login={login} tell={tell} />
        </>
      ) : here === null ? (
        <>
          {session.key === 'authorised' ? (
            <Alert kind="warning">{say('key.elsewhere')}</Alert>
          ) : (
            <MakeKey login={login} tell={tell} />
          )}
          <OpenKey login={login} tell={tell} />
        </>
      ) : (
        <>
          <h2>{say('key.id')}</h2>
          <KeyId of={here.keyid} />
          {fits ? (
            <p>
              {session.key === 'authorised' ? (
                <Tag tone="good">{say('key.authorised')}</Tag>
              ) : (
                <Tag tone="warn">{say('key.waiting')}</Tag>
              )}
            </p>
          ) : (
            <>
              <Alert kind="warning">{say('key.another')}</Alert>
              <div className="acts">
                <Button busy={telling.isPending} onClick={() => telling.mutate(here)}>
                  {say('key.tell')}
                </Button>
              </div>
              <Why of={telling.error} />
            </>
          )}
          {fits && session.key === 'waiting' ? <p>{say('key.readOut')}</p> : null}
        </>
      )}
    </Page>
  );
}

function MakeKey({
  login,
  tell,
}: {
  readonly login: string;
  readonly tell: (key: SigningKey) => Promise<void>;
}) {
  const { say } = useWords();
  const queries = useQueryClient();
  const [passphrase, setPassphrase] = useState('');
  const [tooShort, setTooShort] = useState(false);
  const making = useMutation({
    mutationFn: async (withFile: boolean) => {
      const { key, file } = await makeKey(login, withFile ? passphrase : undefined);
      if (file !== undefined) save(`${login}.opencanvass-key.json`, file);
      await tell(key);
    },
    onSettled: () => queries.invalidateQueries(),
  });
  return (
    <>
      <h2>{say('key.make')}</h2>
      <p>{say('key.makeLead')}</p>
      <form
        className="usa-form"
        onSubmit={(e) => {
          e.preventDefault();
          setTooShort(passphrase.length < 12);
          if (passphrase.length >= 12) making.mutate(true);
        }}
      >
        <TextField
          label={say('key.passphrase')}
          hint={say('key.passphraseHint')}
          error={tooShort ? say('key.passphraseShort') : undefined}
          type="password"
          autoComplete="new-password"
          value={passphrase}
          onChange={(e) => setPassphrase(e.target.value)}
        />
        <div className="acts">
          <Button type="submit" busy={making.isPending}>
            {say('key.makeAndSave')}
          </Button>
          <Button look="outline" busy={making.isPending} onClick={() => making.mutate(false)}>
            {say('key.makeOnly')}
          </Button>
        </div>
      </form>
      <Why of={making.error} />
    </>
  );
}

function OpenKey({
  login,
  tell,
}: {
  readonly login: string;
  readonly tell: (key: SigningKey) => Promise<void>;
}) {
  const { say } = useWords();
  const queries = useQueryClient();
  const [file, setFile] = useState<File>();
  const [passphrase, setPassphrase] = useState('');
  const opening = useMutation({
    mutationFn: async () => {
      const key = await openKeyFile(login, await file!.text(), passphrase);
      if (key === undefined) throw new Refused(0, { code: 'key-file-not-opened' });
      await tell(key);
    },
    onSettled: () => queries.invalidateQueries(),
  });
  return (
    <details>
      <summary>{say('key.haveFile')}</summary>
      <form
        className="usa-form"
        onSubmit={(e) => {
          e.preventDefault();
          opening.mutate();
        }}
      >
        <FileDrop label={say('key.file')} accept=".json" file={file} onFile={setFile} />
        <TextField
          label={say('key.passphrase')}
          type="password"
          autoComplete="off"
          value={passphrase}
          onChange={(e) => setPassphrase(e.target.value)}
        />
        <div className="acts">
          <Button type="submit" busy={opening.isPending} disabled={file === undefined}>
            {say('key.open')}
          </Button>
        </div>
      </form>
      <Why of={opening.error} />
    </details>
  );
}

function save(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
