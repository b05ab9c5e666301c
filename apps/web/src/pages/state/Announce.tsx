// Which contests are audited, by which method, to which risk limit; beside each choice, how much paper it is expected to take.
import { methods, routes, rulesOf } from '@opencanvass/contract';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Refused, useAct, useAnswer } from '../../api.ts';
import { Alert, Why } from '../../components/Alert.tsx';
import { Answered } from '../../components/Answered.tsx';
import { Button } from '../../components/Button.tsx';
import { Confirm } from '../../components/Dialog.tsx';
import { Checkbox, Choices, SelectField, TextField } from '../../components/fields.tsx';
import { Page } from '../../components/Page.tsx';
import type { ContestState } from '../../outcome.ts';
import { limitOf } from '../../riskLimit.ts';
import { useWords } from '../../words.tsx';
import { usePlan } from '../plan.ts';

type Method = (typeof methods)[number];
type Rule = (typeof rulesOf)[Method][number];

interface Chosen {
  readonly method: Method | undefined;
  /** In percent, as typed. */
  readonly limit: string;
  readonly doubleEntry: boolean;
  /** The method's usual risk function where none is picked. */
  readonly rule: Rule | undefined;
  /** How many cards hold the contest, as typed; empty where nobody knows. */
  readonly cards: string;
  /** Of a ranked contest that is counted in full: whom the reported result elects. */
  readonly reported: string;
}

const nothingYet: Chosen = {
  method: undefined,
  limit: '5',
  doubleEntry: false,
  rule: undefined,
  cards: '',
  reported: '',
};

/** Figures of batches can be entered twice; cards are read by both at once. */
const isOfBatches = (method: Method | undefined): boolean =>
  method === 'batch comparison' || method === 'full hand count';

/** Only where cards have records can it be said which cards hold a contest. */
const hasRecords = (method: Method | undefined): boolean =>
  method === 'card comparison' || method === 'ONEAudit';

const isCount = (typed: string): boolean => /^[1-9]\d{0,8}$/.test(typed);

/** First choices say nobody's election: of a ranked contest that is counted in full it is asked. */
const asksReported = (contest: ContestState | undefined, { method }: Chosen): boolean =>
  contest?.ranked === true && method === 'full hand count';

const isWhole = (contest: ContestState | undefined, chosen: Chosen): boolean =>
  isWholeMethod(chosen) && (!asksReported(contest, chosen) || chosen.reported !== '');

const isWholeMethod = ({ method, limit, cards }: Chosen): boolean =>
  method !== undefined &&
  (method === 'full hand count' || limitOf(limit) !== undefined) &&
  (!hasRecords(method) || cards === '' || isCount(cards));

export default function Announce() {
  const { say, percent, method } = useWords();
  const status = useAnswer(routes.status, {});
  const announce = useAct(routes.announce);
  const navigate = useNavigate();
  const [chosen, setChosen] = useState<Readonly<Record<string, Chosen>>>({});
  const [asking, setAsking] = useState(false);
  const [sought, setSought] = useState('');
  const picked = Object.entries(chosen);
  const contestOf = (id: string) => status.data?.contests.find((c) => c.contest === id);
  const whole = picked.every(([id, c]) => isWhole(contestOf(id), c));
  const body = {
    contests: picked.map(([contest, { method, limit, doubleEntry, rule, cards, reported }]) => ({
      contest,
      method: method!,
      ...(method === 'full hand count' ? {} : { riskLimit: limitOf(limit) ?? '0' }),
      ...(doubleEntry && isOfBatches(method) ? { doubleEntry } : {}),
      ...(rule === undefined ? {} : { rule }),
      ...(hasRecords(method) && cards !== '' ? { cards: Number(cards) } : {}),
      ...(contestOf(contest)?.ranked === true && method === 'full hand count'
        ? { reported: [reported] }
        : {}),
    })),
  };
  return (
    <Page title={say('announce.title')} lead={say('announce.lead')}>
      <Answered by={status}>
        {(s) =>
          s.step !== 'announce contests and risk limits' && !announce.isPending ? (
            <Alert kind="info">
              {say(s.contests.some((c) => c.method !== undefined) ? 'announce.done' : 'announce.early')}
            </Alert>
          ) : (
            <>
              {s.contests.length > few ? (
                <TextField
                  label={say('announce.find')}
                  type="search"
                  autoComplete="off"
                  value={sought}
                  onChange={(e) => setSought(e.target.value)}
                />
              ) : null}
              {byOffice(s.contests, sought, chosen).map(({ office, contests }) => {
                const list = contests.map((c) => (
                  <Contest
                    key={c.contest}
                    contest={c}
                    chosen={chosen[c.contest]}
                    onChange={(next) => {
                      const { [c.contest]: _, ...others } = chosen;
                      setChosen(next === undefined ? others : { ...others, [c.contest]: next });
                    }}
                  />
                ));
                return office === undefined ? (
                  list
                ) : (
                  <details className="office" key={office}>
                    <summary>
                      {say('announce.office', {
                        office,
                        n: contests.length,
                        chosen: contests.filter((c) => chosen[c.contest] !== undefined).length,
                      })}
                    </summary>
                    {list}
                  </details>
                );
              })}
              <div className="acts">
                <Button disabled={picked.length === 0 || !whole} onClick={() => setAsking(true)}>
                  {say('announce.act', { n: picked.length })}
                </Button>
              </div>
              {asking ? (
                <Confirm
                  title={say('announce.confirm')}
                  act={say('announce.act', { n: picked.length })}
                  busy={announce.isPending}
                  onClose={() => setAsking(false)}
                  onConfirm={() => announce.mutate({ body }, { onSuccess: () => void navigate({ to: '/' }) })}
                >
                  <p>{say('announce.confirmWords')}</p>
                  <ul>
                    {body.contests.map((c) => (
                      <li key={c.contest}>
                        {s.contests.find((k) => k.contest === c.contest)?.name}: {method(c.method)}
                        {'riskLimit' in c
                          ? `, ${say('announce.limitOf', { limit: percent(Number(c.riskLimit), 4) })}`
                          : ''}
                        {'rule' in c ? `, ${say(`rule.${c.rule}`)}` : ''}
                        {'reported' in c
                          ? `, ${say('announce.reportedOf', { name: nameIn(contestOf(c.contest), c.reported?.[0]) })}`
                          : ''}
                        {'cards' in c ? `, ${say('announce.cardsOf', { n: c.cards })}` : ''}
                        {'doubleEntry' in c ? `, ${say('announce.doubleOf')}` : ''}
                      </li>
                    ))}
                  </ul>
                  <Why of={announce.error} />
                </Confirm>
              ) : null}
            </>
          )
        }
      </Answered>
    </Page>
  );
}

/** So many contests are found by looking. */
const few = 12;

/**
 * Contests of one office, which differ by their number or district alone ("State House District 12", "District Attorney - Tifton"), together where there are
 * three or more. Whoever looks for a contest is shown those found, and what is chosen besides.
 */
function byOffice(
  contests: readonly ContestState[],
  sought: string,
  chosen: Readonly<Record<string, Chosen>>,
): readonly { readonly office?: string; readonly contests: readonly ContestState[] }[] {
  const words = sought.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  if (words.length > 0)
    return [
      {
        contests: contests.filter(
          (c) =>
            chosen[c.contest] !== undefined || words.every((w) => c.name.toLocaleLowerCase().includes(w)),
        ),
      },
    ];
  const officeOf = ({ name }: ContestState): string => name.split(/\s+-\s|\s*[#(\d]/)[0]!.trim();
  const together = Map.groupBy(contests, officeOf);
  return contests.flatMap((c) => {
    const office = officeOf(c);
    const alike = together.get(office)!;
    if (contests.length <= few || alike.length < 3) return [{ contests: [c] }];
    return alike[0] === c ? [{ office, contests: alike }] : [];
  });
}

const nameIn = (contest: ContestState | undefined, id: string | undefined): string =>
  contest?.choices.find((c) => c.id === id)?.name ?? '';

function Contest({
  contest,
  chosen,
  onChange,
}: {
  readonly contest: ContestState;
  readonly chosen: Chosen | undefined;
  readonly onChange: (chosen: Chosen | undefined) => void;
}) {
  const { say, number, why, method } = useWords();
  const limit = chosen === undefined ? undefined : limitOf(chosen.limit);
  const plan = usePlan(contest.contest, limit, chosen !== undefined);
  const reported = plan.data?.reported ?? [];
  const of = (method: Method) => plan.data?.methods.find((m) => m.method === method);
  const hint = (method: Method): string => {
    const planned = of(method);
    if (planned === undefined) {
      if (plan.error instanceof Refused) return why(plan.error.problem).join(' ');
      return plan.data === undefined
        ? say('loading')
        : say(plan.data.computing && method !== 'ONEAudit' ? 'announce.computing' : 'announce.planNone');
    }
    if (planned.problem !== undefined) return why(planned.problem).join(' ');
    const { expected, p90 } = planned.size!;
    return method === 'batch comparison'
      ? say('announce.planBatches', {
          expected: Math.ceil(expected),
          p90: Math.ceil(p90),
          cards: Math.ceil(planned.cards!),
        })
      : method === 'full hand count'
        ? say('announce.planAll', { cards: Math.ceil(expected) })
        : say('announce.planCards', { expected: Math.ceil(expected), p90: Math.ceil(p90) });
  };
  return (
    <section className={`contest-choice${chosen === undefined ? '' : ' chosen'}`}>
      <Checkbox
        label={contest.name}
        hint={contest.choices.map((c) => c.name).join(' · ')}
        checked={chosen !== undefined}
        onChange={(e) => onChange(e.target.checked ? nothingYet : undefined)}
      />
      {chosen === undefined ? null : (
        <>
          {plan.data === undefined ? null : (
            <p className="fine">
              {say('announce.reported', {
                votes: contest.choices.map((c, i) => `${c.name} ${number(reported[i] ?? 0)}`).join(' · '),
                cards: plan.data.cards,
              })}
            </p>
          )}
          <Choices
            legend={say('announce.method')}
            name={`method ${contest.contest}`}
            value={chosen.method}
            onPick={(m) => onChange({ ...chosen, method: m, rule: undefined })}
            of={methods.map((m) => ({
              value: m,
              label: method(m),
              hint: hint(m),
              disabled: of(m)?.problem !== undefined || (contest.ranked && m === 'ONEAudit'),
            }))}
          />
          {isOfBatches(chosen.method) ? (
            <Checkbox
              label={say('announce.double')}
              hint={say('announce.doubleHint')}
              checked={chosen.doubleEntry}
              onChange={(e) => onChange({ ...chosen, doubleEntry: e.target.checked })}
            />
          ) : null}
          {asksReported(contest, chosen) ? (
            <SelectField
              label={say('announce.elects')}
              hint={say('announce.electsHint')}
              required
              value={chosen.reported}
              onChange={(e) => onChange({ ...chosen, reported: e.target.value })}
            >
              <option value="">{say('announce.electsPick')}</option>
              {contest.choices.map((c) => (
                <option key={c.id} value={c.id}>
                  {c.name}
                </option>
              ))}
            </SelectField>
          ) : null}
          {chosen.method === 'full hand count' ? null : (
            <TextField
              label={say('announce.limit')}
              hint={say('announce.limitHint')}
              inputMode="decimal"
              value={chosen.limit}
              error={limit === undefined ? say('announce.limitWrong') : undefined}
              onChange={(e) => onChange({ ...chosen, limit: e.target.value })}
            />
          )}
          {chosen.method === undefined || chosen.method === 'full hand count' ? null : (
            <details>
              <summary>{say('announce.more')}</summary>
              <SelectField
                label={say('announce.rule')}
                hint={say('announce.ruleHint')}
                value={chosen.rule ?? ''}
                onChange={(e) =>
                  onChange({ ...chosen, rule: rulesOf[chosen.method!].find((r) => r === e.target.value) })
                }
              >
                <option value="">
                  {say('announce.ruleUsual', { rule: say(`rule.${rulesOf[chosen.method][0]!}`) })}
                </option>
                {rulesOf[chosen.method].slice(1).map((r) => (
                  <option key={r} value={r}>
                    {say(`rule.${r}`)}
                  </option>
                ))}
              </SelectField>
              {hasRecords(chosen.method) ? (
                <TextField
                  label={say('announce.cards')}
                  hint={say('announce.cardsHint')}
                  inputMode="numeric"
                  value={chosen.cards}
                  error={
                    chosen.cards === '' || isCount(chosen.cards) ? undefined : say('announce.cardsWrong')
                  }
                  onChange={(e) => onChange({ ...chosen, cards: e.target.value })}
                />
              ) : null}
            </details>
          )}
        </>
      )}
    </section>
  );
}
