// The whole audit on one page: where it stands, what is missing and by whom, and how far every county and contest is.
import { routes, steps, type Role } from '@opencanvass/contract';
import { Link } from '@tanstack/react-router';
import { useAnswer } from '../api.ts';
import { Answered } from '../components/Answered.tsx';
import { CountyMap, type Look } from '../components/CountyMap.tsx';
import { Dice } from '../components/Dice.tsx';
import { Figures } from '../components/Figures.tsx';
import { Page } from '../components/Page.tsx';
import { Progress } from '../components/Progress.tsx';
import { StepIndicator } from '../components/StepIndicator.tsx';
import { Table } from '../components/Table.tsx';
import { Tag } from '../components/Tag.tsx';
import { outcomeInWords, toneOf, riskText, type CountyState, type Status } from '../outcome.ts';
import { useSignedIn } from '../session.ts';
import { useWords, type Words } from '../words.tsx';
import type { Key } from '../words/english.ts';

export default function Audit() {
  const { say, date } = useWords();
  const status = useAnswer(routes.status, {}, { every: 10 });
  const election = status.data?.election;
  return (
    <Page
      title={election === undefined ? say('audit.title') : election.name}
      lead={election === undefined ? say('audit.lead') : `${date(election.date)}. ${say('audit.lead')}`}
    >
      <Answered by={status}>{(s) => <Whole status={s} />}</Answered>
    </Page>
  );
}

function Whole({ status }: { readonly status: Status }) {
  const words = useWords();
  const { say } = words;
  const shown: readonly Status['step'][] = steps.filter(
    (s) => s !== 'signed off' && (s !== 'full hand count' || isHandCounted(status)),
  );
  const current = shown.indexOf(status.step);
  return (
    <>
      <StepIndicator
        label={say('audit.steps')}
        steps={shown.map((s) => say(`step.${s}`))}
        current={current === -1 ? shown.length : current}
      />
      <Now status={status} />
      {status.election === undefined ? null : (
        <>
          <Sums status={status} />
          {status.contests.some((c) => c.method !== undefined) ? <Contests status={status} /> : null}
          <Counties status={status} />
          {status.seed === undefined ? null : (
            <>
              <h2>{say('seed.drawn')}</h2>
              <Dice digits={status.seed.seed} label={say('seed.digits')} />
              <p>
                {status.seed.how}. {say('seed.witnessed', { who: status.seed.witnesses.join(', ') })}
              </p>
            </>
          )}
          {status.previews.length === 0 ? null : (
            <>
              <h2>{say('previews.title')}</h2>
              <p>{say('previews.lead')}</p>
              <ul>
                {status.previews.map((p) => (
                  <li key={p.position}>
                    <Tag tone="warn">{say('previews.tag')}</Tag> <code>{p.seed}</code>{' '}
                    {say('entry', { n: p.position })}
                  </li>
                ))}
              </ul>
            </>
          )}
        </>
      )}
    </>
  );
}

const isHandCounted = ({ contests }: Status): boolean =>
  contests.some((c) => c.method === 'full hand count' || c.ending.startsWith('full hand count'));

// ── what is missing, and by whom ──

interface Missing {
  readonly words: string;
  readonly by: Role;
  readonly to?: string;
  readonly act?: Key;
}

function Now({ status }: { readonly status: Status }) {
  const words = useWords();
  const { say } = words;
  const { role } = useSignedIn();
  const missing = missingNow(status, words);
  return (
    <section className={`panel${status.step === 'signed off' ? ' closed' : ''}`}>
      <h2>{say(`now.${status.step}`)}</h2>
      <ul className="todo">
        {missing.map((m) => (
          <li key={m.words}>
            {m.words} <span className="fine">({say(`role.${m.by}`)})</span>
            {m.by === role && m.to !== undefined && m.act !== undefined ? (
              <div className="acts">
                <Link to={m.to} className="usa-button">
                  {say(m.act)}
                </Link>
              </div>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

function missingNow({ step, counties, contests }: Status, { say }: Words): Missing[] {
  const named = (of: readonly CountyState[]): string => {
    const names = of.slice(0, 8).map((c) => c.name);
    return of.length > 8 ? say('andMore', { names: names.join(', '), n: of.length - 8 }) : names.join(', ');
  };
  const state = 'state administrator' as const;
  const open = contests.filter((c) => c.method !== undefined && !hasEnded(c.ending));
  const toContest = (id: string) => `/contests/${encodeURIComponent(id)}`;
  switch (step) {
    case 'set up':
      return [{ words: say('missing.setUp'), by: state, to: '/set-up', act: 'setUp.title' }];
    case 'seal the inputs': {
      const waiting = counties.filter((c) => !c.sealed);
      return [
        {
          words: say('missing.seals', { n: waiting.length, names: named(waiting) }),
          by: 'county manager',
          to: '/county',
          act: 'nav.county',
        },
        { words: say('missing.accounts'), by: state, to: '/accounts', act: 'accounts.title' },
      ];
    }
    case 'announce contests and risk limits':
      return [{ words: say('missing.announcement'), by: state, to: '/announcement', act: 'announce.title' }];
    case 'draw the seed':
      return [{ words: say('missing.seed'), by: state, to: '/seed', act: 'seed.title' }];
    case 'draw the sample':
      return open
        .filter((c) => c.ending !== 'full hand count ordered')
        .map((c) => ({
          words: say(c.method === 'full hand count' ? 'missing.order' : 'missing.draw', { contest: c.name }),
          by: state,
          to: toContest(c.contest),
          act: 'contest.open' as const,
        }));
    case 'read the paper': {
      const waiting = counties.filter((c) => c.read < c.toRead);
      return [
        {
          words: say('missing.readings', {
            n: waiting.reduce((n, c) => n + c.toRead - c.read, 0),
            names: named(waiting),
          }),
          by: 'audit board',
        },
      ];
    }
    case 'assess the round':
      return open.map((c) => ({
        words: say('missing.assessment', { contest: c.name }),
        by: state,
        to: toContest(c.contest),
        act: 'contest.open' as const,
      }));
    case 'full hand count':
      return open.flatMap((c): Missing[] => {
        const at = { to: toContest(c.contest), act: 'contest.open' as const };
        if (c.ending === 'not begun' || c.ending === 'go on')
          return [{ words: say('missing.order', { contest: c.name }), by: state, ...at }];
        const waiting = counties.filter((k) => !k.handCounts.includes(c.contest));
        return waiting.length === 0
          ? [{ words: say('missing.assessment', { contest: c.name }), by: state, ...at }]
          : [
              {
                words: say('missing.handCounts', {
                  contest: c.name,
                  n: waiting.length,
                  names: named(waiting),
                }),
                by: 'county manager',
                to: '/county',
                act: 'nav.county',
              },
              { words: say('missing.assessmentAfter', { contest: c.name }), by: state, ...at },
            ];
      });
    case 'sign off':
      return [
        {
          words: say('missing.certificate'),
          by: 'canvass board',
          to: '/certificate',
          act: 'certificate.title',
        },
      ];
    case 'signed off':
      return [];
    default:
      return step satisfies never;
  }
}

const hasEnded = (ending: string): boolean =>
  ['confirmed', 'full hand count agrees', 'full hand count corrects'].includes(ending);

// ── how far ──

function Sums({ status: { counties, contests, entries } }: { readonly status: Status }) {
  const { say, number } = useWords();
  const sum = (of: (c: CountyState) => number): number => counties.reduce((n, c) => n + of(c), 0);
  const toRead = sum((c) => c.toRead);
  return (
    <Figures
      of={[
        {
          name: say('sums.sealed'),
          value: say('progress', { done: counties.filter((c) => c.sealed).length, all: counties.length }),
        },
        {
          name: say('sums.paper'),
          value: number(sum((c) => c.manifest?.size ?? 0)),
          note: say('sums.paperNote'),
        },
        {
          name: say('sums.contests'),
          value: number(contests.filter((c) => c.method !== undefined).length),
          note: say('sums.contestsNote', { n: contests.length }),
        },
        ...(toRead === 0
          ? []
          : [{ name: say('sums.read'), value: say('progress', { done: sum((c) => c.read), all: toRead }) }]),
        { name: say('sums.entries'), value: number(entries) },
      ]}
    />
  );
}

function Contests({ status }: { readonly status: Status }) {
  const words = useWords();
  const { say, percent, number, method, ending } = words;
  return (
    <Table
      stacks
      caption={say('contests.title')}
      keyOf={(c) => c.contest}
      rows={status.contests.filter((c) => c.method !== undefined)}
      columns={[
        {
          title: say('contests.contest'),
          by: (c) => c.name,
          cell: (c) => (
            <Link to="/contests/$contest" params={{ contest: c.contest }}>
              {c.name}
            </Link>
          ),
        },
        { title: say('contests.method'), by: (c) => c.method ?? '', cell: (c) => method(c.method ?? '') },
        {
          title: say('contests.limit'),
          figure: true,
          cell: (c) => (c.riskLimit === undefined ? '–' : percent(Number(c.riskLimit), 2)),
        },
        {
          title: say('contests.rounds'),
          figure: true,
          by: (c) => c.rounds.length,
          cell: (c) => number(c.rounds.length),
        },
        {
          title: say('contests.risk'),
          figure: true,
          cell: (c) => {
            const risk = c.rounds.findLast((r) => r.risk !== undefined)?.risk;
            return risk === undefined ? '–' : riskText(risk, percent);
          },
        },
        {
          title: say('contests.ending'),
          by: (c) => c.ending,
          cell: (c) => (
            <>
              <Tag tone={toneOf(c)}>{ending(c.ending)}</Tag>
              <div className="fine">{outcomeInWords(c, words)}</div>
            </>
          ),
        },
      ]}
    />
  );
}

function Counties({ status }: { readonly status: Status }) {
  const { say, number } = useWords();
  const { counties, election, contests } = status;
  const counted = contests.filter((c) => c.ending.startsWith('full hand count'));
  const phase = counted.length > 0 ? 'count' : counties.some((c) => c.toRead > 0) ? 'read' : 'seal';
  const lookOf = new Map(
    counties.map((c) => {
      const look = lookIn(
        c,
        phase,
        counted.map((k) => k.contest),
      );
      return [c.jurisdiction, { look, title: `${c.name}: ${say(`counties.${phase}.${look}`)}` }] as const;
    }),
  );
  const word = (c: CountyState) => say(`counties.${phase}.${lookOf.get(c.jurisdiction)!.look}`);
  const tones = { none: 'plain', some: 'open', all: 'good' } as const;
  const table = (
    <Table
      caption={say('counties.caption')}
      keyOf={(c) => c.jurisdiction}
      rows={counties}
      columns={[
        { title: say('counties.county'), by: (c) => c.name, cell: (c) => c.name },
        {
          title: say('counties.state'),
          by: (c) => word(c),
          cell: (c) => <Tag tone={tones[lookOf.get(c.jurisdiction)!.look]}>{word(c)}</Tag>,
        },
        {
          title: say('counties.batches'),
          figure: true,
          by: (c) => c.manifest?.batches ?? 0,
          cell: (c) => (c.manifest === undefined ? '–' : number(c.manifest.batches)),
        },
        {
          title: say('counties.size'),
          figure: true,
          by: (c) => c.manifest?.size ?? 0,
          cell: (c) => (c.manifest === undefined ? '–' : number(c.manifest.size)),
        },
        ...(phase === 'read'
          ? [
              {
                title: say('counties.read'),
                by: (c: CountyState) => (c.toRead === 0 ? 0 : c.read / c.toRead),
                cell: (c: CountyState) =>
                  c.toRead === 0 ? '–' : <Progress label={c.name} done={c.read} of={c.toRead} />,
              },
            ]
          : []),
      ]}
    />
  );
  const looks = ['none', 'some', 'all'] as const;
  return (
    <>
      <h2>{say('counties.title')}</h2>
      {election?.state === undefined ? (
        table
      ) : (
        <div className="two">
          <CountyMap
            state={election.state}
            label={say('counties.map')}
            lookOf={lookOf}
            legend={[
              ...looks.map((look) => ({ look: look as Look, words: say(`counties.${phase}.${look}`) })),
              { look: 'outside', words: say('counties.outside') },
            ]}
          />
          {table}
        </div>
      )}
    </>
  );
}

function lookIn(
  c: CountyState,
  phase: 'seal' | 'read' | 'count',
  counted: readonly string[],
): 'none' | 'some' | 'all' {
  if (phase === 'seal')
    return c.sealed ? 'all' : c.manifestGiven || c.cvrs || c.totals.length > 0 ? 'some' : 'none';
  if (phase === 'read') return c.toRead === 0 ? 'none' : c.read === c.toRead ? 'all' : 'some';
  const done = counted.filter((id) => c.handCounts.includes(id)).length;
  return done === 0 ? 'none' : done === counted.length ? 'all' : 'some';
}
