// The election record as it grows: every entry in plain words. From here a correction is signed and, at the end, a seal opened.
import { routes } from '@opencanvass/contract';
import type { Entry } from '@opencanvass/evidence/record';
import { useState } from 'react';
import { ask, useAct, useAnswer } from '../api.ts';
import { bodyInWords, kindInWords, type Named } from '../components/actWords.ts';
import { Why } from '../components/Alert.tsx';
import { Answered } from '../components/Answered.tsx';
import { Button } from '../components/Button.tsx';
import { SelectField, TextArea, TextField } from '../components/fields.tsx';
import { Page } from '../components/Page.tsx';
import { SignAct } from '../components/SignAct.tsx';
import { Table } from '../components/Table.tsx';
import { Tag } from '../components/Tag.tsx';
import { useSignedIn } from '../session.ts';
import { useWords } from '../words.tsx';
import type { Key } from '../words/english.ts';

/** Groups of kinds that somebody looks for. */
const groups = {
  all: undefined,
  corrections: 'correction',
  objections: 'challenge filed,challenge decided',
  explanations: 'discrepancy explained',
  seals: 'manifest sealed,CVRs sealed,seal opened',
  seed: 'seed drawn,sample drawn',
  results: 'round assessed,full hand count ordered,hand count reported,certificate signed',
  incidents: 'incident noted',
  keys: 'key authorised,key withdrawn',
} as const;
type Group = keyof typeof groups;

interface Shown {
  readonly entry: Entry;
  readonly body: unknown;
}

export default function Record() {
  const { say } = useWords();
  const { role } = useSignedIn();
  const [group, setGroup] = useState<Group>('all');
  const [from, setFrom] = useState(0);
  const kinds = groups[group];
  const status = useAnswer(routes.status, {}).data;
  const answer = useAnswer(
    routes.entries,
    { query: { from, ...(kinds === undefined ? {} : { kinds }) } },
    { every: 15 },
  );
  return (
    <Page title={say('record.title')} lead={say('record.lead')}>
      <SelectField
        label={say('record.show')}
        value={group}
        onChange={(e) => {
          setGroup(e.target.value as Group);
          setFrom(0);
        }}
      >
        {Object.keys(groups).map((g) => (
          <option key={g} value={g}>
            {say(`record.group.${g as Group}`)}
          </option>
        ))}
      </SelectField>
      <Answered by={answer}>
        {({ size, entries }) => {
          const rows = entries.map(({ entry, body }): Shown => ({ entry: entry as Entry, body }));
          const next = (rows.at(-1)?.entry.position ?? size) + 1;
          return (
            <>
              <Entries
                rows={rows}
                mayOpen={role === 'state administrator'}
                named={status ?? { contests: [], counties: [] }}
              />
              <div className="acts">
                <Button look="outline" disabled={from === 0} onClick={() => setFrom(0)}>
                  {say('record.first')}
                </Button>
                <Button
                  look="outline"
                  disabled={rows.length < 200 || next >= size}
                  onClick={() => setFrom(next)}
                >
                  {say('record.next')}
                </Button>
                <span className="fine">{say('record.size', { n: size })}</span>
              </div>
              {role === 'state administrator' || role === 'county manager' ? <Correct size={size} /> : null}
            </>
          );
        }}
      </Answered>
    </Page>
  );
}

function Entries({
  rows,
  mayOpen,
  named,
}: {
  readonly rows: readonly Shown[];
  readonly mayOpen: boolean;
  readonly named: Named;
}) {
  const words = useWords();
  const { say, number } = words;
  const roleInWords = (of: string): string =>
    of === 'keeper' ? say('record.keeper') : say(`role.${of}` as Key);
  const countyOf = (id: string | undefined): string =>
    id === undefined ? '' : `, ${named.counties.find((c) => c.jurisdiction === id)?.name ?? id}`;
  const openSeal = useAct(routes.openSeal);
  return (
    <>
      <Why of={openSeal.error} />
      <Table
        stacks
        caption={say('record.caption')}
        keyOf={(r) => r.entry.position}
        rows={rows}
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
                <strong>{kindInWords(r.entry.act.kind, words)}</strong>{' '}
                {isPreview(r.body) ? <Tag tone="warn">{say('previews.tag')}</Tag> : null}
                <Body of={r} named={named} />
                {r.entry.act.body.access === 'sealed' && r.body === undefined ? (
                  <div className="row-acts">
                    <Tag tone="plain">{say('record.sealed')}</Tag>
                    {mayOpen ? (
                      <Button
                        look="unstyled"
                        busy={openSeal.isPending}
                        onClick={() => openSeal.mutate({ params: { position: r.entry.position } })}
                      >
                        {say('record.open', { n: r.entry.position })}
                      </Button>
                    ) : null}
                  </div>
                ) : null}
              </>
            ),
          },
          {
            title: say('record.who'),
            by: (r) => r.entry.act.author.name,
            cell: (r) => (
              <>
                {r.entry.act.author.name}
                <div className="fine">
                  {roleInWords(r.entry.act.author.role)}
                  {countyOf(r.entry.act.author.jurisdiction)}
                </div>
              </>
            ),
          },
          {
            title: say('record.when'),
            by: (r) => r.entry.appended,
            cell: (r) => <time dateTime={r.entry.appended}>{words.time(r.entry.appended)}</time>,
          },
        ]}
      />
    </>
  );
}

const isPreview = (body: unknown): boolean => typeof body === 'object' && body !== null && 'preview' in body;

function Body({ of: { entry, body }, named }: { readonly of: Shown; readonly named: Named }) {
  const words = useWords();
  const lines = bodyInWords(entry.act, body, words, named);
  if (lines.length === 0) return null;
  return (
    <details>
      <summary>{words.say('record.details')}</summary>
      <dl className="lines">
        {lines.map(({ name, value, asWritten }, i) => (
          <div key={`${i} ${name}`}>
            <dt>{name}</dt>
            <dd {...(asWritten ? { lang: '' } : {})}>
              {value.length > 2000 ? `${value.slice(0, 2000)} …` : value}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

function Correct({ size }: { readonly size: number }) {
  const { say } = useWords();
  const [entries, setEntries] = useState('');
  const [reason, setReason] = useState('');
  const [done, setDone] = useState(false);
  const named = entries.split(/[\s,]+/).filter((e) => e !== '');
  const isWell = named.length > 0 && named.every((e) => /^\d+$/.test(e) && Number(e) < size);
  return (
    <>
      <h2>{say('correct.title')}</h2>
      <p>{say('correct.lead')}</p>
      <TextField
        label={say('correct.entries')}
        hint={say('correct.entriesHint')}
        value={entries}
        error={entries !== '' && !isWell ? say('correct.entriesWrong', { last: size - 1 }) : undefined}
        onChange={(e) => setEntries(e.target.value)}
      />
      <TextArea
        label={say('correct.reason')}
        rows={4}
        value={reason}
        onChange={(e) => setReason(e.target.value)}
      />
      {done ? <p role="status">{say('correct.done')}</p> : null}
      <SignAct
        label={say('correct.sign')}
        disabled={!isWell || reason.trim() === ''}
        prepare={() => ask(routes.correct, { body: { entries: named.map(Number), reason } })}
        meaning={<p>{say('correct.meaning')}</p>}
        onSigned={() => {
          setDone(true);
          setEntries('');
          setReason('');
        }}
      />
    </>
  );
}
