// Who signed in, and what was refused to whom: a chain whose head is on the record (decisions/0010).
import { routes } from '@opencanvass/contract';
import { useState } from 'react';
import { useAnswer } from '../../api.ts';
import { Answered } from '../../components/Answered.tsx';
import { Button } from '../../components/Button.tsx';
import { Page } from '../../components/Page.tsx';
import { Table } from '../../components/Table.tsx';
import { Tag } from '../../components/Tag.tsx';
import { useWords } from '../../words.tsx';
import { english, type Key } from '../../words/english.ts';

export default function Attempts() {
  const { say, time, number, why } = useWords();
  /** A fixed word in the reader's language; one that has no words as it stands. */
  const told = <W,>(key: string, word: W): string | W => (key in english ? say(key as Key) : word);
  const [from, setFrom] = useState(0);
  const attempts = useAnswer(routes.attempts, { query: { from } }, { every: 15 });
  return (
    <Page title={say('attempts.title')} lead={say('attempts.lead')}>
      <Answered by={attempts}>
        {({ rows }) => (
          <>
            <Table
              stacks
              caption={say('attempts.caption')}
              keyOf={(r) => r.row}
              rows={rows}
              columns={[
                { title: say('attempts.row'), figure: true, by: (r) => r.row, cell: (r) => number(r.row) },
                {
                  title: say('attempts.what'),
                  by: (r) => r.what,
                  cell: (r) => {
                    const detail = r.detail as {
                      code?: string;
                      found?: string;
                      method?: string;
                      path?: string;
                    };
                    return (
                      <>
                        <Tag tone={r.what === 'refused' ? 'warn' : 'plain'}>
                          {told(`attempt.${r.what}`, r.what)}
                        </Tag>
                        {detail.code === undefined ? null : (
                          <div>
                            {why({
                              code: detail.code,
                              ...(detail.found === undefined ? {} : { found: detail.found }),
                            }).join(' ')}
                          </div>
                        )}
                        {detail.path === undefined ? null : (
                          <code>
                            {detail.method} {detail.path}
                          </code>
                        )}
                      </>
                    );
                  },
                },
                {
                  title: say('attempts.who'),
                  cell: (r) => {
                    const { who, login, role, address } = r.detail as Record<
                      string,
                      string | null | undefined
                    >;
                    return [login ?? who, told(`role.${role}`, role), address]
                      .filter((x) => x !== null && x !== undefined)
                      .join(', ');
                  },
                },
                { title: say('record.when'), by: (r) => r.at, cell: (r) => time(r.at) },
              ]}
            />
            <div className="acts">
              <Button look="outline" disabled={from === 0} onClick={() => setFrom(0)}>
                {say('record.first')}
              </Button>
              <Button
                look="outline"
                disabled={rows.length === 0}
                onClick={() => setFrom((rows.at(-1)?.row ?? 0) + 1)}
              >
                {say('record.next')}
              </Button>
            </div>
          </>
        )}
      </Answered>
    </Page>
  );
}
