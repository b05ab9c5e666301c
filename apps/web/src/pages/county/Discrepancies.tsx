// Where paper and machine differ in this county: how much beside the margin, which way, why; what was looked at; and everything that was ever read there.
// Known once a round is assessed: nobody who counts can know before what the machine said.
import { routes, whyDiffer, type Output } from '@opencanvass/contract';
import { useState } from 'react';
import { useAct, useAnswer } from '../../api.ts';
import { Alert, Why } from '../../components/Alert.tsx';
import { Answered } from '../../components/Answered.tsx';
import { Button } from '../../components/Button.tsx';
import { SelectField, TextArea } from '../../components/fields.tsx';
import { Page } from '../../components/Page.tsx';
import { Tag } from '../../components/Tag.tsx';
import { useWords } from '../../words.tsx';
import { History } from '../History.tsx';
import { ReadAnew } from '../ReadAnew.tsx';
import { useCounty, type Status } from './useCounty.ts';

type Found = Output<typeof routes.discrepancies>['discrepancies'][number];
type Contest = Status['contests'][number];

export default function DiscrepanciesPage() {
  const { say } = useWords();
  const { id, status } = useCounty();
  const assessed = (status?.contests ?? []).filter((c) => c.rounds.some((r) => r.outcome !== undefined));
  return (
    <Page title={say('differ.title')} lead={say('differ.lead')}>
      {status !== undefined && assessed.length === 0 ? <p>{say('differ.notYet')}</p> : null}
      {assessed.map((c) => (
        <OfContest key={c.contest} contest={c} county={id} />
      ))}
      {(status?.contests ?? []).filter(mayReadAgain).map((c) => (
        <ReadAnew key={c.contest} contest={c} county={id} />
      ))}
    </Page>
  );
}

/** Is a sample of it drawn that is not yet assessed? */
const mayReadAgain = ({ ending, rounds }: Contest): boolean =>
  !ending.startsWith('full hand count') && rounds.some((r) => r.outcome === undefined);

function OfContest({ contest, county }: { readonly contest: Contest; readonly county: string }) {
  const { say } = useWords();
  const answer = useAnswer(routes.discrepancies, { params: { contest: contest.contest } });
  return (
    <section aria-label={contest.name}>
      <h2>{contest.name}</h2>
      <Answered by={answer}>
        {({ margin, discrepancies }) => {
          const mine = discrepancies.filter((d) => d.jurisdiction === county);
          return (
            <>
              {margin === undefined ? null : <p>{say('differ.margin', { n: margin })}</p>}
              {mine.length === 0 ? <Alert kind="success">{say('differ.none')}</Alert> : null}
              {mine.map((d) => (
                <Difference key={d.unit} found={d} contest={contest} county={county} />
              ))}
            </>
          );
        }}
      </Answered>
    </section>
  );
}

function Difference({
  found,
  contest,
  county,
}: {
  readonly found: Found;
  readonly contest: Contest;
  readonly county: string;
}) {
  const { say, number } = useWords();
  const explain = useAct(routes.explain);
  const investigate = useAct(routes.investigate);
  const [reason, setReason] = useState<(typeof whyDiffer)[number]>('not known');
  const [words, setWords] = useState('');
  const [history, setHistory] = useState(false);
  const params = { county };
  // All of them are of this county.
  const place = found.unit.slice(county.length + 1).replaceAll('/', ', ');
  const told = { onSuccess: () => setWords('') };
  return (
    <article className="difference" aria-label={place}>
      <h3>
        {place} <Tag tone={found.status === 'open' ? 'warn' : 'good'}>{say(`differ.${found.status}`)}</Tag>
      </h3>
      <p>
        {say('differ.votes', { n: Math.abs(found.votes) })} {say(`differ.${found.direction}`)}
      </p>
      <div className="wide" role="region" aria-label={say('differ.both', { unit: place })} tabIndex={0}>
        <table className="usa-table usa-table--borderless">
          <thead>
            <tr>
              <td />
              {contest.choices.map((c) => (
                <th scope="col" key={c.id} className="figure-cell">
                  {c.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {(['paper', 'machine'] as const).map((side) => (
              <tr key={side}>
                <th scope="row">{say(`differ.${side}`)}</th>
                {found[side] === undefined ? (
                  <td colSpan={contest.choices.length}>
                    {side === 'paper' ? found.paperSays : found.machineSays}
                  </td>
                ) : (
                  found[side].map((n, i) => (
                    <td key={contest.choices[i]?.id} className="figure-cell">
                      {number(n)}
                    </td>
                  ))
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {found.reasons.map((r) => (
        <p key={r.position}>
          <strong>{inWords(r.reason, say)}</strong>: {r.words} ({r.by.join(', ')})
        </p>
      ))}
      {found.notes.map((n) => (
        <p key={n.position}>
          {say('differ.note', { by: n.by })}: {n.words}
        </p>
      ))}
      <details>
        <summary>{say('differ.write')}</summary>
        <SelectField
          label={say('differ.reason')}
          value={reason}
          onChange={(e) => setReason(e.target.value as typeof reason)}
        >
          {whyDiffer.map((w) => (
            <option key={w} value={w}>
              {say(`whyDiffer.${w}`)}
            </option>
          ))}
        </SelectField>
        <TextArea label={say('differ.words')} value={words} onChange={(e) => setWords(e.target.value)} />
        <Why of={explain.error ?? investigate.error} />
        <div className="acts">
          <Button
            busy={explain.isPending}
            disabled={words.trim() === ''}
            onClick={() =>
              explain.mutate(
                { params, body: { contest: contest.contest, entries: [found.position], reason, words } },
                told,
              )
            }
          >
            {say('differ.explain')}
          </Button>
          <Button
            look="outline"
            busy={investigate.isPending}
            disabled={words.trim() === ''}
            onClick={() =>
              investigate.mutate(
                { params, body: { contest: contest.contest, unit: found.unit, words } },
                told,
              )
            }
          >
            {say('differ.investigate')}
          </Button>
        </div>
      </details>
      <details onToggle={(e) => setHistory(e.currentTarget.open)}>
        <summary>{say('differ.history')}</summary>
        {history ? <History contest={contest} unit={found.unit} /> : null}
      </details>
    </article>
  );
}

const inWords = (reason: string, say: ReturnType<typeof useWords>['say']): string => {
  const known = whyDiffer.find((w) => w === reason);
  return known === undefined ? reason : say(`whyDiffer.${known}`);
};
