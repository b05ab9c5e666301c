// The first act: the election and its contests, imported from the results file and not typed.
import { routes } from '@opencanvass/contract';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useAct, useAnswer } from '../../api.ts';
import { Alert, Why } from '../../components/Alert.tsx';
import { Button } from '../../components/Button.tsx';
import { Confirm } from '../../components/Dialog.tsx';
import { SelectField, TextField } from '../../components/fields.tsx';
import { FileDrop } from '../../components/FileDrop.tsx';
import { Page } from '../../components/Page.tsx';
import { states } from '../../states.ts';
import { useWords } from '../../words.tsx';
import { areWhole, ContestRules, inWords, rulesOf, type Changed } from './ContestRules.tsx';

export default function SetUp() {
  const words = useWords();
  const { say, date } = words;
  const status = useAnswer(routes.status, {});
  const navigate = useNavigate();
  const setUp = useAct(routes.setUp);
  const read = useAct(routes.readResults);
  const [changed, setChanged] = useState<Changed>({});
  const [file, setFile] = useState<File>();
  const [given, setGiven] = useState({ election: '', date: '', state: '' });
  const [asking, setAsking] = useState(false);
  const set = (field: keyof typeof given) => ({
    value: given[field],
    onChange: (e: { target: { value: string } }) => setGiven({ ...given, [field]: e.target.value }),
  });
  if (status.data?.election !== undefined && !setUp.isPending)
    return (
      <Page title={say('setUp.title')}>
        <Alert kind="info">{say('setUp.done')}</Alert>
      </Page>
    );
  const contests = read.data?.contests;
  const isReady = file !== undefined && contests !== undefined && areWhole(contests, changed);
  const take = async (next: File | undefined) => {
    setFile(next);
    setChanged({});
    read.reset();
    if (next !== undefined)
      read.mutate({ query: { name: next.name }, file: new Uint8Array(await next.arrayBuffer()) });
  };
  const begin = async () => {
    const bytes = new Uint8Array(await file!.arrayBuffer());
    const { state, ...rest } = given;
    const rules = rulesOf(contests ?? [], changed);
    const query = {
      name: file!.name,
      ...rest,
      ...(state === '' ? {} : { state }),
      ...(rules.length === 0 ? {} : { rules: JSON.stringify(rules) }),
    };
    setUp.mutate(
      { query, file: bytes },
      {
        onSuccess: () => void navigate({ to: '/' }),
        onSettled: () => setAsking(false),
      },
    );
  };
  return (
    <Page title={say('setUp.title')} lead={say('setUp.lead')}>
      <form
        className="usa-form"
        onSubmit={(e) => {
          e.preventDefault();
          setAsking(true);
        }}
      >
        <TextField label={say('setUp.election')} required maxLength={200} {...set('election')} />
        <TextField label={say('setUp.date')} type="date" required {...set('date')} />
        <SelectField label={say('setUp.state')} hint={say('setUp.stateHint')} {...set('state')}>
          <option value="">{say('setUp.noState')}</option>
          {states.map(([code, name]) => (
            <option key={code} value={code} lang="en">
              {name}
            </option>
          ))}
        </SelectField>
        <FileDrop
          label={say('setUp.file')}
          hint={say('setUp.fileHint')}
          accept=".csv,.xml,.zip"
          file={file}
          onFile={(next) => void take(next)}
        />
        {read.isPending ? <p role="status">{say('setUp.reading')}</p> : null}
        <Why of={read.error} />
        {contests === undefined ? null : (
          <>
            <h2>{say('setUp.contests')}</h2>
            <p>{say('setUp.contestsHint', { counties: read.data!.counties })}</p>
            <ContestRules contests={contests} changed={changed} onChange={setChanged} />
          </>
        )}
        <div className="acts">
          <Button type="submit" disabled={!isReady} busy={setUp.isPending}>
            {say('setUp.act')}
          </Button>
        </div>
      </form>
      <Why of={setUp.error} />
      {asking ? (
        <Confirm
          title={say('setUp.confirm')}
          act={say('setUp.act')}
          busy={setUp.isPending}
          onConfirm={() => void begin()}
          onClose={() => setAsking(false)}
        >
          <p>
            {say('setUp.confirmWords', {
              election: given.election,
              date: date(given.date),
              file: file!.name,
            })}
          </p>
          <ul>
            {(contests ?? []).map((c) => (
              <li key={c.contest}>{inWords(c, changed, words)}</li>
            ))}
          </ul>
        </Confirm>
      ) : null}
    </Page>
  );
}
