// A full hand count in this county: which batches are in, which are not, and its report once all are.
import { routes } from '@opencanvass/contract';
import { useAct, useAnswer } from '../../api.ts';
import { Alert, Why } from '../../components/Alert.tsx';
import { Answered } from '../../components/Answered.tsx';
import { Button } from '../../components/Button.tsx';
import { Page } from '../../components/Page.tsx';
import { Progress } from '../../components/Progress.tsx';
import { Table } from '../../components/Table.tsx';
import { Tag } from '../../components/Tag.tsx';
import { useWords } from '../../words.tsx';
import { CorrectHandCount } from './CorrectHandCount.tsx';
import { useCounty } from './useCounty.ts';

export default function HandCountPage() {
  const { say } = useWords();
  const { id, state, status } = useCounty();
  const answer = useAnswer(routes.handCountWork, {}, { every: 20 });
  const report = useAct(routes.reportHandCount);
  return (
    <Page title={say('handCount.title')} lead={say('handCount.lead')}>
      <Answered by={answer}>
        {({ contests }) =>
          contests.length === 0 ? (
            <p>{say('handCount.none')}</p>
          ) : (
            contests.map((of) => {
              const { contest, name, batches } = of;
              const done = batches.filter((b) => b.done).length;
              const isReported = state?.handCounts.includes(contest) === true;
              return (
                <section key={contest} aria-label={name}>
                  <h2>{name}</h2>
                  <Progress label={name} done={done} of={batches.length} />
                  {isReported ? (
                    <>
                      <Alert kind="success">{say('handCount.reported')}</Alert>
                      {status?.step === 'signed off' ? null : <CorrectHandCount county={id} contest={of} />}
                    </>
                  ) : null}
                  {isReported ? null : (
                    <div className="acts">
                      <Button
                        disabled={done < batches.length}
                        busy={report.isPending}
                        onClick={() => report.mutate({ params: { county: id, contest } })}
                      >
                        {say('handCount.report')}
                      </Button>
                    </div>
                  )}
                  <Why of={report.error} />
                  <Table
                    caption={say('handCount.batches', { contest: name })}
                    rows={batches}
                    keyOf={(b) => b.unit}
                    columns={[
                      {
                        title: say('handCount.batch'),
                        cell: (b) => say('board.place', { tabulator: b.tabulator, batch: b.batch }),
                        by: (b) => `${b.tabulator} ${b.batch}`,
                      },
                      { title: say('handCount.size'), cell: (b) => b.size, by: (b) => b.size, figure: true },
                      {
                        title: say('handCount.standing'),
                        cell: (b) => (
                          <Tag tone={b.done ? 'good' : b.differed > 0 ? 'warn' : 'plain'}>
                            {say(
                              b.done
                                ? 'standing.done'
                                : b.entries > 0
                                  ? 'standing.entered once'
                                  : b.differed > 0
                                    ? 'standing.count again'
                                    : 'standing.to do',
                            )}
                          </Tag>
                        ),
                        by: (b) => (b.done ? 2 : b.entries + b.differed),
                      },
                    ]}
                  />
                </section>
              );
            })
          )
        }
      </Answered>
    </Page>
  );
}
