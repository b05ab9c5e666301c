// A county's hand count put right after it was reported: what was wrong with which batches, or what the boards have entered anew. The report stays on the
// record, the whole count is told again with the reason, and the contest is assessed again.
import { routes, type Output } from '@opencanvass/contract';
import { useState } from 'react';
import { ask } from '../../api.ts';
import { CountField } from '../../components/CountField.tsx';
import { Choices, SelectField } from '../../components/fields.tsx';
import { SignAct } from '../../components/SignAct.tsx';
import { useWords } from '../../words.tsx';
import { countInWords, rankingInWords } from '../board/reading.ts';
import { isSaid, WhyFields, type WhyAgain } from '../WhyFields.tsx';

type Contest = Output<typeof routes.handCountWork>['contests'][number];
type Batch = Contest['batches'][number];
type Count = Exclude<NonNullable<Batch['reported']>, 'not found'>;
type Batches = NonNullable<Parameters<typeof ask<typeof routes.correctHandCount>>[1]['body']['batches']>;

const entryError: WhyAgain = { why: 'entry error', words: '' };

export function CorrectHandCount({
  county,
  contest,
}: {
  readonly county: string;
  readonly contest: Contest;
}) {
  const words = useWords();
  const { say } = words;
  const [from, setFrom] = useState<'boards' | 'batches'>(contest.doubleEntry ? 'boards' : 'batches');
  const [changed, setChanged] = useState<ReadonlyMap<string, Count>>(new Map());
  const [unit, setUnit] = useState('');
  const [why, setWhy] = useState(entryError);
  const counts = contest.batches.flatMap((b) => (b.reported === undefined || b.reported === 'not found' ? [] : [{ ...b, count: changed.get(b.unit) ?? b.reported }])); // oxfmt-ignore
  const picked = counts.find((b) => b.unit === unit);
  const place = (b: Batch): string => say('board.place', { tabulator: b.tabulator, batch: b.batch });
  const ready = isSaid(why) && (from === 'boards' || changed.size > 0);
  return (
    <details className="correct-count">
      <summary>{say('handCount.correct')}</summary>
      <p>{say('handCount.correctLead')}</p>
      {contest.doubleEntry ? (
        <p className="fine">{say('handCount.correctDouble')}</p>
      ) : (
        <Choices
          legend={say('handCount.correctFrom')}
          name={`from ${contest.contest}`}
          value={from}
          onPick={setFrom}
          of={[
            { value: 'batches', label: say('handCount.fromBatches') },
            { value: 'boards', label: say('handCount.fromBoards') },
          ]}
        />
      )}
      {from === 'boards' ? null : (
        <>
          <SelectField
            label={say('handCount.whichBatch')}
            value={unit}
            onChange={(e) => setUnit(e.target.value)}
          >
            <option value="">{say('handCount.pickBatch')}</option>
            {counts.map((b) => (
              <option key={b.unit} value={b.unit}>
                {place(b)}
              </option>
            ))}
          </SelectField>
          {picked === undefined ? null : (
            <Figures
              key={picked.unit}
              contest={contest}
              count={picked.count}
              onCount={(count) => setChanged(new Map([...changed, [picked.unit, count]]))}
            />
          )}
          {changed.size === 0 ? null : (
            <ul>
              {counts
                .filter((b) => changed.has(b.unit))
                .map((b) => (
                  <li key={b.unit}>
                    {place(b)}: {countInWords(b.count, contest.choices, words)}
                  </li>
                ))}
            </ul>
          )}
        </>
      )}
      <WhyFields label={say('handCount.why')} why={why} onWhy={setWhy} />
      <SignAct
        label={say('handCount.signCorrection')}
        disabled={!ready}
        prepare={() =>
          ask(routes.correctHandCount, {
            params: { county, contest: contest.contest },
            body: {
              why: why.why,
              words: why.words.trim(),
              ...(from === 'boards' ? {} : { batches: counts.map(({ tabulator, batch, count }) => ({ tabulator, batch, ...count })) as Batches }), // oxfmt-ignore
            },
          })
        }
        meaning={<p>{say('handCount.correctionMeaning')}</p>}
        onSigned={() => {
          setChanged(new Map());
          setWhy(entryError);
        }}
      />
    </details>
  );
}

/** The figures of one batch, to be put right. */
function Figures({
  contest: { choices },
  count,
  onCount,
}: {
  readonly contest: Contest;
  readonly count: Count;
  readonly onCount: (count: Count) => void;
}) {
  const { say } = useWords();
  const named = (id: string): string => choices.find((c) => c.id === id)?.name ?? id;
  const field = (label: string, n: number, set: (n: number) => Count) => (
    <CountField key={label} label={label} value={n} onCount={(typed) => onCount(set(typed ?? 0))} />
  );
  return (
    <div className="rule-fields">
      {'votes' in count
        ? choices.map((c, i) =>
            field(c.name, count.votes[i] ?? 0, (n) => ({
              ...count,
              votes: count.votes.map((was, k) => (k === i ? n : was)),
            })),
          )
        : count.rankings.map((r, i) =>
            field(rankingInWords(r.ranks, named), r.ballots, (n) => ({
              ...count,
              rankings: count.rankings.map((was, k) => (k === i ? { ...was, ballots: n } : was)),
            })),
          )}
      {field(say('votes' in count ? 'count.writeIns' : 'ranked.onlyOthers'), count.writeIns ?? 0, (n) => ({
        ...count,
        writeIns: n,
      }))}
      {field(say('count.blank'), count.blank ?? 0, (n) => ({ ...count, blank: n }))}
      {'votes' in count
        ? field(say('count.overvote'), count.overvote ?? 0, (n) => ({ ...count, overvote: n }))
        : null}
    </div>
  );
}
