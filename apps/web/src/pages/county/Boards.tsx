// The county's audit boards and everything that is printed for them. A code is shown once, on the screen and on its paper.
import { papers, routes } from '@opencanvass/contract';
import { useState } from 'react';
import { ask, useAct, useAnswer } from '../../api.ts';
import { Alert, Why } from '../../components/Alert.tsx';
import { Answered } from '../../components/Answered.tsx';
import { Button } from '../../components/Button.tsx';
import { Choices, SelectField, TextField } from '../../components/fields.tsx';
import { Page } from '../../components/Page.tsx';
import { Progress } from '../../components/Progress.tsx';
import { useWords } from '../../words.tsx';
import { useCounty, type Status } from './useCounty.ts';

export default function BoardsPage() {
  const { say, time } = useWords();
  const { id, status, state } = useCounty();
  const boards = useAnswer(routes.boards, { params: { county: id } });
  return (
    <Page title={say('boards.title')} lead={say('boards.lead')}>
      {state === undefined || state.toRead === 0 ? null : (
        <Progress label={say('county.do.read')} done={state.read} of={state.toRead} />
      )}
      <NewBoard county={id} />
      <section aria-labelledby="boards">
        <h2 id="boards">{say('boards.all')}</h2>
        <Answered by={boards}>
          {({ boards: all }) =>
            all.length === 0 ? (
              <p>{say('boards.none')}</p>
            ) : (
              <ul>
                {all.map(({ name, created }) => (
                  <li key={`${name} ${created}`}>
                    <strong>{name}</strong>, {time(created)}
                  </li>
                ))}
              </ul>
            )
          }
        </Answered>
      </section>
      {status === undefined ? null : <Papers county={id} status={status} />}
    </Page>
  );
}

function NewBoard({ county }: { readonly county: string }) {
  const { say, language } = useWords();
  const create = useAct(routes.createBoard);
  const [name, setName] = useState('');
  const [fault, setFault] = useState<unknown>();
  const made = create.data;
  const print = async (code: string) => {
    const body = { code, origin: location.origin, language };
    await save(`${made!.name}.pdf`, () => ask(routes.boardPaper, { params: { county }, body })).then(
      () => setFault(undefined),
      setFault,
    );
  };
  return (
    <section aria-labelledby="new-board">
      <h2 id="new-board">{say('boards.new')}</h2>
      <form
        onSubmit={(e) => {
          e.preventDefault();
          create.mutate(
            { params: { county }, body: { name: name.trim() } },
            { onSuccess: () => setName('') },
          );
        }}
      >
        <TextField
          label={say('boards.name')}
          hint={say('boards.nameHint')}
          value={name}
          onChange={(e) => setName(e.target.value)}
          maxLength={60}
          required
        />
        <div className="acts">
          <Button type="submit" busy={create.isPending}>
            {say('boards.create')}
          </Button>
        </div>
      </form>
      <Why of={create.error} />
      {made === undefined ? null : (
        <Alert kind="success" title={say('boards.made', { board: made.name })}>
          <p>{say('boards.once')}</p>
          <p className="board-code">{made.code}</p>
          <div className="acts">
            <Button onClick={() => void print(made.code)}>{say('boards.print')}</Button>
          </div>
          <Why of={fault} />
        </Alert>
      )}
    </section>
  );
}

function Papers({ county, status }: { readonly county: string; readonly status: Status }) {
  const { say, language } = useWords();
  const ordered = status.contests.filter((c) => c.ending === 'full hand count ordered');
  const drawn = status.contests.filter((c) => c.rounds.length > 0);
  const [round, setRound] = useState('');
  const [way, setWay] = useState<'sort and stack' | 'read and mark'>('sort and stack');
  const [fault, setFault] = useState<unknown>();
  const rounds = Math.max(0, ...drawn.map((c) => c.rounds.length));
  const give = async (paper: (typeof papers)[number], contest?: string) => {
    const query = {
      language,
      way,
      ...(contest === undefined ? {} : { contest }),
      ...(round === '' ? {} : { round: Number(round) }),
    };
    await save(`${county} ${paper}.pdf`, () => ask(routes.papers, { params: { county, paper }, query })).then(
      () => setFault(undefined),
      setFault,
    );
  };
  return (
    <section aria-labelledby="papers">
      <h2 id="papers">{say('papers.title')}</h2>
      {rounds === 0 && ordered.length === 0 ? <p>{say('papers.none')}</p> : null}
      {rounds > 1 ? (
        <SelectField label={say('papers.round')} value={round} onChange={(e) => setRound(e.target.value)}>
          <option value="">{say('papers.allRounds')}</option>
          {Array.from({ length: rounds }, (_, r) => (
            <option key={r} value={r + 1}>
              {say('papers.roundN', { n: r + 1 })}
            </option>
          ))}
        </SelectField>
      ) : null}
      {rounds > 0 || ordered.length > 0 ? (
        <Choices
          legend={say('count.way')}
          name="way"
          value={way}
          onPick={setWay}
          of={[
            { value: 'sort and stack', label: say('count.way.stack') },
            { value: 'read and mark', label: say('count.way.mark') },
          ]}
        />
      ) : null}
      <div className="acts">
        {rounds === 0
          ? null
          : papers
              .filter((p) => p !== 'hand-count-sheets')
              .map((paper) => (
                <Button key={paper} look="outline" onClick={() => void give(paper)}>
                  {say(`papers.${paper}`)}
                </Button>
              ))}
        {ordered.map((c) => (
          <Button key={c.contest} look="outline" onClick={() => void give('hand-count-sheets', c.contest)}>
            {say('papers.hand-count-sheets', { contest: c.name })}
          </Button>
        ))}
      </div>
      <Why of={fault} />
    </section>
  );
}

/** Gives a file to whoever sits at the browser. */
async function save(name: string, made: () => Promise<Uint8Array>): Promise<void> {
  const bytes = await made();
  const address = URL.createObjectURL(
    new Blob([bytes as Uint8Array<ArrayBuffer>], { type: 'application/pdf' }),
  );
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
