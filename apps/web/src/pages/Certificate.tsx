// May I sign? What the audit of every contest came to, what stands against it and what explains it; then the signature.
import { routes } from '@opencanvass/contract';
import type { Entry } from '@opencanvass/evidence/record';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { ask, useAnswer } from '../api.ts';
import { bodyInWords, kindInWords } from '../components/actWords.ts';
import { Alert } from '../components/Alert.tsx';
import { Answered } from '../components/Answered.tsx';
import { TextArea } from '../components/fields.tsx';
import { Page } from '../components/Page.tsx';
import { SignAct } from '../components/SignAct.tsx';
import { Table } from '../components/Table.tsx';
import { Tag } from '../components/Tag.tsx';
import { outcomeInWords, riskText, toneOf, type ContestState, type Status } from '../outcome.ts';
import { useWords } from '../words.tsx';

export default function Certificate() {
  const { say } = useWords();
  const status = useAnswer(routes.status, {}, { every: 10 });
  return (
    <Page title={say('certificate.title')} lead={say('certificate.lead')}>
      <Answered by={status}>{(s) => <Whole status={s} />}</Answered>
    </Page>
  );
}

function Whole({ status }: { readonly status: Status }) {
  const words = useWords();
  const { say } = words;
  const [text, setText] = useState('');
  const contests = status.contests.filter((c) => c.method !== undefined);
  const open = contests.filter((c) => !isEnded(c));
  const signed = status.step === 'signed off';
  return (
    <>
      {signed ? (
        <Alert kind="success" title={say('now.signed off')}>
          {say('certificate.signed')}
        </Alert>
      ) : contests.length === 0 ? (
        <Alert kind="info">{say('certificate.early')}</Alert>
      ) : open.length > 0 ? (
        <Alert kind="warning">{say('certificate.open', { n: open.length })}</Alert>
      ) : null}
      {contests.map((c) => (
        <Ending key={c.contest} contest={c} />
      ))}
      <Exceptions status={status} />
      {signed || contests.length === 0 || open.length > 0 ? null : (
        <>
          <h2>{say('certificate.sign')}</h2>
          <TextArea
            label={say('certificate.words')}
            hint={say('certificate.wordsHint')}
            rows={5}
            value={text}
            onChange={(e) => setText(e.target.value)}
          />
          <SignAct
            label={say('certificate.sign')}
            disabled={text.trim() === ''}
            prepare={() => ask(routes.certify, { body: { words: text } })}
            meaning={
              <>
                <p>{say('certificate.meaning')}</p>
                <ul>
                  {contests.map((c) => (
                    <li key={c.contest}>
                      <strong>{c.name}</strong>: {outcomeInWords(c, words)}
                    </li>
                  ))}
                </ul>
              </>
            }
          />
        </>
      )}
    </>
  );
}

const isEnded = (c: ContestState): boolean =>
  ['confirmed', 'full hand count agrees', 'full hand count corrects'].includes(c.ending);

function Ending({ contest }: { readonly contest: ContestState }) {
  const words = useWords();
  const { say, percent, method, ending } = words;
  const risk = contest.rounds.findLast((r) => r.risk !== undefined)?.risk;
  return (
    <section className="contest-choice chosen">
      <h2>
        <Link to="/contests/$contest" params={{ contest: contest.contest }}>
          {contest.name}
        </Link>
      </h2>
      <p>
        <Tag tone={toneOf(contest)}>{ending(contest.ending)}</Tag> {outcomeInWords(contest, words)}
      </p>
      <p className="fine">
        {method(contest.method ?? '')}
        {contest.riskLimit === undefined
          ? ''
          : ` · ${say('announce.limitOf', { limit: percent(Number(contest.riskLimit), 4) })}`}
        {risk === undefined ? '' : ` · ${say('certificate.risk', { risk: riskText(risk, percent) })}`}
      </p>
    </section>
  );
}

/** What stands against it: objections, corrections, explanations; each as it is on the record. */
function Exceptions({ status }: { readonly status: Status }) {
  const words = useWords();
  const { say, number } = words;
  const kinds = 'challenge filed,challenge decided,correction,discrepancy explained';
  const answer = useAnswer(routes.entries, { query: { kinds } });
  return (
    <>
      <h2>{say('certificate.exceptions')}</h2>
      <Answered by={answer}>
        {({ entries }) =>
          entries.length === 0 ? (
            <p>{say('certificate.noExceptions')}</p>
          ) : (
            <Table
              stacks
              caption={say('certificate.exceptions')}
              keyOf={(r) => r.entry.position}
              rows={entries.map((e) => ({ entry: e.entry as Entry, body: e.body }))}
              columns={[
                {
                  title: say('record.position'),
                  figure: true,
                  by: (r) => r.entry.position,
                  cell: (r) => number(r.entry.position),
                },
                {
                  title: say('record.what'),
                  by: (r) => r.entry.act.kind,
                  cell: (r) => (
                    <>
                      <strong>{kindInWords(r.entry.act.kind, words)}</strong>
                      {bodyInWords(r.entry.act, r.body, words, status).map((l, i) => (
                        <div key={`${i} ${l.name}`}>
                          <span className="fine">{l.name}:</span>{' '}
                          <span {...(l.asWritten ? { lang: '' } : {})}>{l.value}</span>
                        </div>
                      ))}
                    </>
                  ),
                },
                {
                  title: say('record.who'),
                  by: (r) => r.entry.act.author.name,
                  cell: (r) => r.entry.act.author.name,
                },
              ]}
            />
          )
        }
      </Answered>
    </>
  );
}
