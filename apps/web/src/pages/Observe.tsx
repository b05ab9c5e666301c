// What there is to watch, when, and how an objection goes on the record.
import { routes, steps } from '@opencanvass/contract';
import type { Entry } from '@opencanvass/evidence/record';
import { useState } from 'react';
import { useAct, useAnswer } from '../api.ts';
import { Alert, Why } from '../components/Alert.tsx';
import { Answered } from '../components/Answered.tsx';
import { Button } from '../components/Button.tsx';
import { Confirm } from '../components/Dialog.tsx';
import { TextArea, TextField } from '../components/fields.tsx';
import { Page } from '../components/Page.tsx';
import { Table } from '../components/Table.tsx';
import { Tag } from '../components/Tag.tsx';
import { useSignedIn } from '../session.ts';
import { useWords } from '../words.tsx';

const watched = steps.filter((s) => s !== 'set up' && s !== 'signed off');

export default function Observe() {
  const { say } = useWords();
  const status = useAnswer(routes.status, {}, { every: 15 });
  return (
    <Page title={say('observe.title')} lead={say('observe.lead')}>
      <Answered by={status}>
        {(s) => (
          <Table
            caption={say('observe.what')}
            keyOf={(step) => step}
            rows={watched}
            columns={[
              {
                title: say('observe.step'),
                cell: (step) => (
                  <>
                    {say(`step.${step}`)}{' '}
                    {s.step === step ? <Tag tone="open">{say('step.current')}</Tag> : null}
                  </>
                ),
              },
              { title: say('observe.watch'), cell: (step) => say(`observe.${step}`) },
            ]}
          />
        )}
      </Answered>
      <Objections />
      <Object />
    </Page>
  );
}

function Object() {
  const { say } = useWords();
  const challenge = useAct(routes.challenge);
  const [words, setWords] = useState('');
  const [about, setAbout] = useState('');
  const [asking, setAsking] = useState(false);
  const entries = about.split(/[\s,]+/).filter((e) => /^\d+$/.test(e));
  const close = () => setAsking(false);
  return (
    <>
      <h2>{say('objection.title')}</h2>
      <p>{say('objection.lead')}</p>
      <form
        className="usa-form"
        onSubmit={(e) => {
          e.preventDefault();
          challenge.reset();
          setAsking(true);
        }}
      >
        <TextArea
          label={say('objection.words')}
          hint={say('objection.wordsHint')}
          required
          rows={6}
          maxLength={5000}
          value={words}
          onChange={(e) => setWords(e.target.value)}
        />
        <TextField
          label={say('objection.entries')}
          hint={say('correct.entriesHint')}
          value={about}
          onChange={(e) => setAbout(e.target.value)}
        />
        <div className="acts">
          <Button type="submit">{say('objection.act')}</Button>
        </div>
      </form>
      {challenge.data === undefined ? null : (
        <Alert kind="success">{say('objection.done', { n: challenge.data.positions[0] ?? 0 })}</Alert>
      )}
      {asking ? (
        <Confirm
          title={say('objection.confirm')}
          act={say('objection.act')}
          busy={challenge.isPending}
          onClose={close}
          onConfirm={() =>
            challenge.mutate(
              { body: { words, ...(entries.length === 0 ? {} : { entries: entries.map(Number) }) } },
              {
                onSuccess: () => {
                  close();
                  setWords('');
                  setAbout('');
                },
              },
            )
          }
        >
          <p>{words}</p>
          <Why of={challenge.error} />
        </Confirm>
      ) : null}
    </>
  );
}

function Objections() {
  const { say, time, number } = useWords();
  const { who } = useSignedIn();
  const answer = useAnswer(routes.entries, { query: { kinds: 'challenge filed,challenge decided' } });
  return (
    <Answered by={answer}>
      {({ entries }) =>
        entries.length === 0 ? null : (
          <Table
            caption={say('objection.all')}
            keyOf={(r) => r.entry.position}
            rows={entries.map((e) => ({ entry: e.entry as Entry, body: e.body as { words?: string } }))}
            columns={[
              { title: say('record.position'), figure: true, cell: (r) => number(r.entry.position) },
              { title: say('record.what'), cell: (r) => r.body.words ?? '' },
              {
                title: say('record.who'),
                cell: (r) => (
                  <>
                    {r.entry.act.author.name}{' '}
                    {r.entry.act.author.name === who ? <Tag tone="plain">{say('objection.mine')}</Tag> : null}
                  </>
                ),
              },
              { title: say('record.when'), cell: (r) => time(r.entry.appended) },
            ]}
          />
        )
      }
    </Answered>
  );
}
