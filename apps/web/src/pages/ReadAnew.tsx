// A batch or card of the sample is read again, and a correction says so. Before its round is assessed the county tells it, of the two who read; afterwards
// everybody knows what the machine said, so the state signs it, before witnesses, and the round is assessed again.
import { routes, type Output } from '@opencanvass/contract';
import { useState } from 'react';
import { ask, useAct, useAnswer } from '../api.ts';
import { Alert, Why } from '../components/Alert.tsx';
import { Answered } from '../components/Answered.tsx';
import { Button } from '../components/Button.tsx';
import { CountField } from '../components/CountField.tsx';
import { Checkbox, SelectField, TextArea } from '../components/fields.tsx';
import { SignAct } from '../components/SignAct.tsx';
import type { ContestState } from '../outcome.ts';
import { useWords } from '../words.tsx';
import { ContestMarks } from './board/ContestMarks.tsx';
import { noMarks, readingOf } from './board/reading.ts';
import { counted, emptyTally, isWhole, linesOf } from './board/tally.ts';
import { nobody, TwoPeople } from './board/TwoPeople.tsx';
import { History } from './History.tsx';
import { isSaid, noWhy, WhyFields } from './WhyFields.tsx';

type Unit = Output<typeof routes.sample>['units'][number];

export function ReadAnew({
  contest,
  county,
}: {
  readonly contest: ContestState;
  /** The county that reads again, before the assessment; without it the state, afterwards. */
  readonly county?: string;
}) {
  const { say } = useWords();
  const [open, setOpen] = useState(false);
  return (
    <details className="correct-count" onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>{say('anew.title', { contest: contest.name })}</summary>
      <p>{say(county === undefined ? 'anew.leadWitnessed' : 'anew.lead')}</p>
      {open ? <Pick contest={contest} county={county} /> : null}
    </details>
  );
}

function Pick({ contest, county }: { readonly contest: ContestState; readonly county: string | undefined }) {
  const { say } = useWords();
  const sample = useAnswer(routes.sample, { params: { contest: contest.contest } });
  const [id, setId] = useState('');
  const [done, setDone] = useState(false);
  const assessed = contest.rounds.filter((r) => r.outcome !== undefined).length;
  const place = (u: Unit): string =>
    [
      ...(county === undefined ? [u.jurisdiction] : []),
      say('board.place', { tabulator: u.tabulator, batch: u.batch }),
      ...(u.card === undefined ? [] : [say('board.card', { card: u.card })]),
    ].join(', ');
  return (
    <Answered by={sample}>
      {({ units }) => {
        const mine = units.filter((u) =>
          county === undefined ? u.round <= assessed : u.jurisdiction === county && u.round > assessed,
        );
        const unit = mine.find((u) => u.id === id);
        return (
          <>
            <SelectField
              label={say('anew.unit')}
              value={id}
              onChange={(e) => {
                setId(e.target.value);
                setDone(false);
              }}
            >
              <option value="">{say('anew.pick')}</option>
              {mine.map((u) => (
                <option key={u.id} value={u.id}>
                  {place(u)}
                </option>
              ))}
            </SelectField>
            {done ? (
              <Alert kind="success">{say(county === undefined ? 'anew.doneWitnessed' : 'anew.done')}</Alert>
            ) : null}
            {unit === undefined ? null : (
              <Read
                key={unit.id}
                contest={contest}
                unit={unit}
                isWitnessed={county === undefined}
                onDone={() => {
                  setId('');
                  setDone(true);
                }}
              />
            )}
          </>
        );
      }}
    </Answered>
  );
}

function Read({
  contest,
  unit,
  isWitnessed,
  onDone,
}: {
  readonly contest: ContestState;
  readonly unit: Unit;
  readonly isWitnessed: boolean;
  readonly onDone: () => void;
}) {
  const { say } = useWords();
  const params = { contest: contest.contest };
  const position = useAnswer(routes.readings, { params, query: { unit: unit.id } }).data?.units[0]?.position;
  const tell = useAct(routes.reRead);
  const [why, setWhy] = useState(noWhy);
  const [isFound, setFound] = useState(true);
  const [marks, setMarks] = useState(noMarks);
  const [tally, setTally] = useState(() => emptyTally(contest));
  const [people, setPeople] = useState(nobody);
  const [witnesses, setWitnesses] = useState('');
  const [isConfirmed, setConfirmed] = useState(false);
  const isCard = unit.card !== undefined;
  const reading = isFound ? readingOf(marks) : { kind: 'not found' as const };
  const batch = !isFound ? ('not found' as const) : isWhole(tally) ? counted(tally, contest) : undefined;
  const anew = isCard ? reading && { contests: [{ contest: contest.contest, reading }] } : batch && { batch };
  const present = witnesses.split('\n').flatMap((w) => (w.trim() === '' ? [] : [w.trim()]));
  const isReady =
    anew !== undefined &&
    isSaid(why) &&
    people.every((p) => p.name.trim() !== '' && p.party.trim() !== '') &&
    (!isWitnessed || present.length > 0) &&
    isConfirmed;
  const body = { ...anew, why: why.why, words: why.words.trim(), by: people, confirmedByBoth: true as const };

  // Under the contest's own heading on its page, and under none on the county's.
  const Heading = isWitnessed ? 'h3' : 'h2';
  return (
    <>
      <Heading>{say('differ.history')}</Heading>
      <History contest={contest} unit={unit.id} />
      {position === undefined ? (
        <Alert kind="info">{say('anew.notRead')}</Alert>
      ) : (
        <>
          <WhyFields why={why} onWhy={setWhy} />
          <Heading>{say('anew.reading')}</Heading>
          {!isFound ? null : isCard ? (
            <ContestMarks contest={contest} marks={marks} onMarks={setMarks} hasKeys={false} />
          ) : (
            <div className="rule-fields">
              {linesOf(contest, { say }).map((name, line) => (
                <CountField
                  key={name}
                  label={name}
                  value={tally[line]}
                  onCount={(n) => setTally(tally.map((was, i) => (i === line ? n : was)))}
                />
              ))}
            </div>
          )}
          <Checkbox
            label={say(isCard ? 'read.cardNotFound' : 'count.batchNotFound')}
            checked={!isFound}
            onChange={(e) => setFound(!e.target.checked)}
          />
          <Heading>{say('anew.by')}</Heading>
          <TwoPeople people={people} onPeople={setPeople} />
          {isWitnessed ? (
            <TextArea
              label={say('seed.witnesses')}
              hint={say('seed.witnessesHint')}
              rows={3}
              value={witnesses}
              onChange={(e) => setWitnesses(e.target.value)}
            />
          ) : null}
          <Checkbox
            label={say('anew.both')}
            checked={isConfirmed}
            onChange={(e) => setConfirmed(e.target.checked)}
          />
          {isWitnessed ? (
            <SignAct
              label={say('anew.sign')}
              disabled={!isReady}
              prepare={() =>
                ask(routes.reReadAfterAssessment, {
                  params: { position },
                  body: { ...body, witnesses: present },
                })
              }
              meaning={<p>{say('anew.meaning')}</p>}
              onSigned={onDone}
            />
          ) : (
            <div className="acts">
              <Button
                disabled={!isReady}
                busy={tell.isPending}
                onClick={() => tell.mutate({ params: { position }, body }, { onSuccess: onDone })}
              >
                {say('anew.tell')}
              </Button>
            </div>
          )}
          <Why of={tell.error} />
        </>
      )}
    </>
  );
}
