// One contest's audit: what was reported, what was drawn, what the paper says so far, how the risk went, and what may be done next.
import { routes } from '@opencanvass/contract';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useAct, useAnswer } from '../api.ts';
import { Alert, Why } from '../components/Alert.tsx';
import { Answered } from '../components/Answered.tsx';
import { Button } from '../components/Button.tsx';
import { Confirm } from '../components/Dialog.tsx';
import { TextArea, TextField } from '../components/fields.tsx';
import { Figures } from '../components/Figures.tsx';
import { Page } from '../components/Page.tsx';
import { RiskChart } from '../components/RiskChart.tsx';
import { Table } from '../components/Table.tsx';
import { Tag, type Tone } from '../components/Tag.tsx';
import { drawsCards, outcomeInWords, riskText, toneOf, type ContestState, type Status } from '../outcome.ts';
import { useSignedIn } from '../session.ts';
import { useWords } from '../words.tsx';
import { Lot } from './Lot.tsx';
import { usePlan } from './plan.ts';
import { ReadAnew } from './ReadAnew.tsx';

export default function Contest() {
  const { say } = useWords();
  const { contest: id } = useParams({ strict: false }) as { contest: string };
  const status = useAnswer(routes.status, {}, { every: 10 });
  const contest = status.data?.contests.find((c) => c.contest === id);
  if (status.data !== undefined && contest === undefined)
    return (
      <Page title={say('contest.none')}>
        <Link to="/">{say('notFound.back')}</Link>
      </Page>
    );
  return (
    <Page title={contest?.name ?? say('loading')} key={contest?.name ?? ''}>
      <Answered by={status}>{(s) => <Whole contest={contest!} status={s} />}</Answered>
    </Page>
  );
}

function Whole({ contest, status }: { readonly contest: ContestState; readonly status: Status }) {
  const words = useWords();
  const { say, percent, method, ending } = words;
  const { role } = useSignedIn();
  const mayPlan = role !== 'county manager';
  const tone = toneOf(contest);
  const kinds: Readonly<Record<Tone, 'info' | 'success' | 'warning' | 'error'>> = {
    good: 'success',
    open: 'info',
    warn: 'warning',
    bad: 'error',
    plain: 'info',
  };
  return (
    <>
      <Alert kind={kinds[tone]} title={ending(contest.ending)}>
        {isStale(contest) ? say('contest.assessAgainWords') : outcomeInWords(contest, words)}
      </Alert>
      {contest.method === undefined ? null : (
        <Figures
          of={[
            { name: say('contests.method'), value: method(contest.method) },
            ...(contest.riskLimit === undefined
              ? []
              : [{ name: say('contests.limit'), value: percent(Number(contest.riskLimit), 4) }]),
          ]}
        />
      )}
      {contest.tied === undefined || contest.ending !== 'insufficient evidence' ? null : (
        <Lot contest={contest} tied={contest.tied} />
      )}
      {mayPlan ? <Reported contest={contest} /> : null}
      {contest.rounds.length === 0 ? null : <Rounds contest={contest} />}
      {role === 'state administrator' && contest.method !== undefined ? (
        <Acts contest={contest} status={status} />
      ) : null}
      {contest.rounds.some((r) => r.outcome !== undefined) ? (
        <Discrepancies contest={contest} status={status} />
      ) : null}
      {role === 'state administrator' &&
      status.step !== 'signed off' &&
      ['go on', 'confirmed'].includes(contest.ending) ? (
        <ReadAnew contest={contest} />
      ) : null}
      {contest.rounds.length === 0 ? null : <Sample contest={contest} status={status} />}
      {contest.ending.startsWith('full hand count') || contest.method === 'full hand count' ? (
        <HandCounts contest={contest} status={status} />
      ) : null}
    </>
  );
}

function Reported({ contest }: { readonly contest: ContestState }) {
  const { say, number } = useWords();
  const plan = usePlan(contest.contest, contest.riskLimit);
  if (plan.data === undefined) return null;
  const { reported, cards } = plan.data;
  return (
    <>
      <Table
        caption={say('contest.reported')}
        keyOf={(c) => c.id}
        rows={contest.choices.map((c, i) => ({ ...c, votes: reported[i] ?? 0 }))}
        columns={[
          {
            title: say('contest.choice'),
            cell: (c) => (
              <>
                {c.name}{' '}
                {contest.winners?.includes(c.id) === true ? (
                  <Tag tone="good">{say('contest.elected')}</Tag>
                ) : null}
              </>
            ),
          },
          { title: say('contest.votes'), figure: true, by: (c) => c.votes, cell: (c) => number(c.votes) },
        ]}
      />
      <p className="fine">{say('contest.cards', { cards })}</p>
    </>
  );
}

function Rounds({ contest }: { readonly contest: ContestState }) {
  const { say, number, percent, ending } = useWords();
  const points = contest.rounds.flatMap((r) =>
    r.risk === undefined ? [] : [{ round: r.round, risk: r.risk, text: riskText(r.risk, percent) }],
  );
  const limit = Number(contest.riskLimit);
  return (
    <>
      <h2>{say('contest.rounds')}</h2>
      {points.length === 0 ? null : (
        <RiskChart
          points={points}
          limit={limit}
          limitText={say('announce.limitOf', { limit: percent(limit, 4) })}
          label={say('contest.chart', {
            risks: points.map((p) => p.text).join(', '),
            limit: percent(limit, 4),
          })}
          roundName={(round) => say('round', { round })}
        />
      )}
      <Table
        caption={say('contest.roundsCaption')}
        keyOf={(r) => r.round}
        rows={contest.rounds}
        columns={[
          { title: say('contest.round'), cell: (r) => number(r.round) },
          { title: say('contest.draws'), figure: true, cell: (r) => number(r.draws) },
          {
            title: say(drawsCards(contest) ? 'contest.unitsCards' : 'contest.unitsBatches'),
            figure: true,
            cell: (r) => number(r.units),
          },
          { title: say('contest.read'), figure: true, cell: (r) => number(r.read) },
          {
            title: say('contests.risk'),
            figure: true,
            cell: (r) => (r.risk === undefined ? '–' : riskText(r.risk, percent)),
          },
          {
            title: say('contests.ending'),
            cell: (r) => (r.outcome === undefined ? '–' : ending(r.outcome)),
          },
        ]}
      />
    </>
  );
}

/** Where paper and machine differ, beside the margin, each with the reasons that a county recorded. */
function Discrepancies({ contest, status }: { readonly contest: ContestState; readonly status: Status }) {
  const { say } = useWords();
  const placeOf = ({
    unit,
    jurisdiction,
  }: {
    readonly unit: string;
    readonly jurisdiction: string;
  }): string => {
    const county = status.counties.find((c) => c.jurisdiction === jurisdiction)?.name ?? jurisdiction;
    return [county, ...unit.slice(jurisdiction.length + 1).split('/')].join(', ');
  };
  const answer = useAnswer(routes.discrepancies, { params: { contest: contest.contest } });
  return (
    <>
      <h2>{say('differ.title')}</h2>
      <Answered by={answer}>
        {({ margin, discrepancies }) => (
          <>
            {margin === undefined ? null : <p>{say('differ.margin', { n: margin })}</p>}
            {discrepancies.length === 0 ? (
              <p>{say('differ.none')}</p>
            ) : (
              <Table
                caption={say('differ.title')}
                keyOf={(d) => d.unit}
                rows={discrepancies}
                columns={[
                  { title: say('contest.what'), by: placeOf, cell: placeOf },
                  {
                    title: say('contest.votes'),
                    by: (d) => Math.abs(d.votes),
                    cell: (d) => (
                      <>
                        {say('differ.votes', { n: Math.abs(d.votes) })}{' '}
                        <span className="fine">{say(`differ.${d.direction}`)}</span>
                      </>
                    ),
                  },
                  {
                    title: say('differ.reason'),
                    by: (d) => d.status,
                    cell: (d) => (
                      <>
                        <Tag tone={d.status === 'open' ? 'warn' : 'good'}>{say(`differ.${d.status}`)}</Tag>
                        {d.reasons.map((r) => (
                          <div key={r.position}>
                            {r.words} <span className="fine">({r.by.join(', ')})</span>
                          </div>
                        ))}
                      </>
                    ),
                  },
                ]}
              />
            )}
          </>
        )}
      </Answered>
    </>
  );
}

/** A reading was corrected after its round was assessed: what was assessed no longer holds. */
const isStale = ({ rounds }: ContestState): boolean => rounds.some((r) => r.stale === true);

// ── what the state administrator may do ──

function Acts({ contest, status }: { readonly contest: ContestState; readonly status: Status }) {
  const { say } = useWords();
  const ended = ['confirmed', 'full hand count agrees', 'full hand count corrects'].includes(contest.ending);
  if (ended) return null;
  const isCounted = contest.method === 'full hand count' || contest.ending === 'full hand count ordered';
  const ordered = contest.ending === 'full hand count ordered' || contest.ending === 'insufficient evidence';
  const last = contest.rounds.at(-1);
  const isAllRead = last !== undefined && contest.rounds.every((r) => r.read === r.units);
  const mayAssess = isCounted ? ordered : isAllRead && (last.outcome === undefined || isStale(contest));
  const mayDraw =
    !isCounted &&
    !isStale(contest) &&
    status.seed !== undefined &&
    (last === undefined || last.outcome !== undefined);
  return (
    <section className="panel">
      <h2>{say('contest.next')}</h2>
      {!isCounted && status.seed === undefined ? <p>{say('contest.needsSeed')}</p> : null}
      {mayDraw ? <Draw contest={contest} /> : null}
      {!isCounted && last !== undefined && last.outcome === undefined && !isAllRead ? (
        <p>{say('contest.reading', { done: last.read, all: last.units })}</p>
      ) : null}
      {mayAssess ? <Assess contest={contest} isCounted={isCounted} /> : null}
      {status.seed === undefined && !isCounted ? <Preview contest={contest} /> : null}
      {ordered || (status.seed === undefined && !isCounted) ? null : <OrderHandCount contest={contest} />}
    </section>
  );
}

function Draw({ contest }: { readonly contest: ContestState }) {
  const { say } = useWords();
  const draw = useAct(routes.draw);
  const plan = usePlan(contest.contest, contest.riskLimit);
  const [typed, setTyped] = useState<string>();
  const planned =
    contest.rounds.at(-1)?.next ?? plan.data?.methods.find((m) => m.method === contest.method)?.size;
  const drawn = contest.rounds.reduce((n, r) => n + r.draws, 0);
  const suggested = planned === undefined ? undefined : Math.max(1, Math.ceil(planned.p90) - drawn);
  const draws = Number(typed ?? suggested ?? Number.NaN);
  const isNumber = Number.isInteger(draws) && draws > 0 && draws <= 5000;
  return (
    <form
      className="usa-form"
      onSubmit={(e) => {
        e.preventDefault();
        if (isNumber) draw.mutate({ params: { contest: contest.contest }, body: { draws } });
      }}
    >
      <TextField
        label={say(drawsCards(contest) ? 'contest.howManyCards' : 'contest.howManyDraws', {
          round: contest.rounds.length + 1,
        })}
        hint={
          planned === undefined
            ? plan.data?.computing === true
              ? say('contest.computing')
              : undefined
            : say('contest.planned', {
                expected: Math.ceil(planned.expected),
                p90: Math.ceil(planned.p90),
                drawn,
              })
        }
        inputMode="numeric"
        value={typed ?? suggested ?? ''}
        error={typed !== undefined && !isNumber ? say('contest.drawsWrong') : undefined}
        onChange={(e) => setTyped(e.target.value)}
      />
      <div className="acts">
        <Button type="submit" disabled={!isNumber} busy={draw.isPending}>
          {say('contest.draw', { round: contest.rounds.length + 1 })}
        </Button>
      </div>
      <Why of={draw.error} />
    </form>
  );
}

function Assess({ contest, isCounted }: { readonly contest: ContestState; readonly isCounted: boolean }) {
  const { say } = useWords();
  const assess = useAct(routes.assess);
  return (
    <>
      <p>
        {say(
          isCounted
            ? 'contest.assessCountWords'
            : isStale(contest)
              ? 'contest.assessAgainWords'
              : 'contest.assessWords',
        )}
      </p>
      <div className="acts">
        <Button
          busy={assess.isPending}
          onClick={() => assess.mutate({ params: { contest: contest.contest } })}
        >
          {say('contest.assess')}
        </Button>
      </div>
      <Why of={assess.error} />
    </>
  );
}

/** A draw with a made-up seed: on the record as a preview, for good. */
function Preview({ contest }: { readonly contest: ContestState }) {
  const { say } = useWords();
  const preview = useAct(routes.preview);
  const [seed, setSeed] = useState('');
  const [draws, setDraws] = useState('10');
  return (
    <details>
      <summary>{say('previews.try')}</summary>
      <p>{say('previews.lead')}</p>
      <form
        className="usa-form"
        onSubmit={(e) => {
          e.preventDefault();
          preview.mutate({ body: { seed, contest: contest.contest, draws: Number(draws) } });
        }}
      >
        <TextField
          label={say('previews.seed')}
          required
          inputMode="numeric"
          value={seed}
          onChange={(e) => setSeed(e.target.value)}
        />
        <TextField
          label={say('contest.draws')}
          required
          inputMode="numeric"
          pattern="[1-9]\d{0,3}"
          value={draws}
          onChange={(e) => setDraws(e.target.value)}
        />
        <div className="acts">
          <Button type="submit" look="outline" busy={preview.isPending}>
            {say('previews.act')}
          </Button>
        </div>
      </form>
      <Why of={preview.error} />
      {preview.data === undefined ? null : (
        <>
          <Alert kind="warning" title={say('previews.tag')}>
            {say('previews.noted', { n: preview.data.position })}
          </Alert>
          <Units caption={say('previews.caption')} units={preview.data.units} />
        </>
      )}
    </details>
  );
}

function OrderHandCount({ contest }: { readonly contest: ContestState }) {
  const { say } = useWords();
  const order = useAct(routes.orderHandCount);
  const [why, setWhy] = useState('');
  const [asking, setAsking] = useState(false);
  const isPlanned = contest.method === 'full hand count';
  const close = () => setAsking(false);
  return (
    <>
      <div className="acts">
        <Button look={isPlanned ? 'big' : 'outline'} onClick={() => setAsking(true)}>
          {say('order.act')}
        </Button>
      </div>
      {asking ? (
        <Confirm
          title={say('order.title', { contest: contest.name })}
          act={say('order.act')}
          busy={order.isPending}
          onClose={close}
          onConfirm={() =>
            order.mutate({ params: { contest: contest.contest }, body: { why } }, { onSuccess: close })
          }
        >
          <p>{say('order.words')}</p>
          <TextArea label={say('order.why')} rows={3} value={why} onChange={(e) => setWhy(e.target.value)} />
          <Why of={order.error} />
        </Confirm>
      ) : null}
    </>
  );
}

// ── what was drawn, what was counted ──

interface Unit {
  readonly id: string;
  readonly jurisdiction: string;
  readonly tabulator: string;
  readonly batch: string;
  readonly card?: number | undefined;
  readonly draws: number;
  readonly round: number;
}

function Sample({ contest, status }: { readonly contest: ContestState; readonly status: Status }) {
  const { say } = useWords();
  const sample = useAnswer(routes.sample, { params: { contest: contest.contest } });
  return (
    <>
      <h2>{say('contest.sample')}</h2>
      <Answered by={sample}>
        {({ units }) => (
          <Units caption={say('contest.sampleCaption')} units={units} counties={status.counties} />
        )}
      </Answered>
    </>
  );
}

/** Of many, the first: a table of thousands of rows is of no use to anybody. */
const mostShown = 200;

function Units({
  caption,
  units,
  counties = [],
}: {
  readonly caption: string;
  readonly units: readonly Unit[];
  readonly counties?: Status['counties'];
}) {
  const { say, number } = useWords();
  const [all, setAll] = useState(false);
  const nameOf = (id: string) => counties.find((c) => c.jurisdiction === id)?.name ?? id;
  const hasCards = units.some((u) => u.card !== undefined);
  return (
    <>
      <Table
        caption={caption}
        keyOf={(u) => u.id}
        rows={all ? units : units.slice(0, mostShown)}
        columns={[
          {
            title: say('counties.county'),
            by: (u) => nameOf(u.jurisdiction),
            cell: (u) => nameOf(u.jurisdiction),
          },
          { title: say('contest.tabulator'), by: (u) => u.tabulator, cell: (u) => u.tabulator },
          { title: say('contest.batch'), by: (u) => u.batch, cell: (u) => u.batch },
          ...(hasCards
            ? [
                {
                  title: say('contest.card'),
                  figure: true,
                  by: (u: Unit) => u.card ?? 0,
                  cell: (u: Unit) => number(u.card ?? 0),
                },
              ]
            : [
                {
                  title: say('contest.times'),
                  figure: true,
                  by: (u: Unit) => u.draws,
                  cell: (u: Unit) => number(u.draws),
                },
              ]),
          { title: say('contest.round'), figure: true, by: (u) => u.round, cell: (u) => number(u.round) },
        ]}
      />
      {units.length > mostShown && !all ? (
        <Button look="outline" onClick={() => setAll(true)}>
          {say('showAll', { n: units.length })}
        </Button>
      ) : null}
    </>
  );
}

function HandCounts({ contest, status }: { readonly contest: ContestState; readonly status: Status }) {
  const { say } = useWords();
  return (
    <Table
      caption={say('contest.handCounts')}
      keyOf={(c) => c.jurisdiction}
      rows={status.counties}
      columns={[
        { title: say('counties.county'), by: (c) => c.name, cell: (c) => c.name },
        {
          title: say('counties.state'),
          by: (c) => Number(c.handCounts.includes(contest.contest)),
          cell: (c) =>
            c.handCounts.includes(contest.contest) ? (
              <Tag tone="good">{say('counties.count.all')}</Tag>
            ) : (
              <Tag tone="plain">{say('counties.count.none')}</Tag>
            ),
        },
      ]}
    />
  );
}
