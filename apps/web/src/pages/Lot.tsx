// A full hand count ties: whom the lot chose, how, by which statute and before whom, signed by the canvass board.
import { routes } from '@opencanvass/contract';
import { useState } from 'react';
import { ask } from '../api.ts';
import { Checkbox, TextArea, TextField } from '../components/fields.tsx';
import { SignAct } from '../components/SignAct.tsx';
import type { ContestState } from '../outcome.ts';
import { useSignedIn } from '../session.ts';
import { useWords } from '../words.tsx';

const leastWitnesses = 2;

export function Lot({ contest, tied }: { readonly contest: ContestState; readonly tied: readonly string[] }) {
  const { say } = useWords();
  const { role } = useSignedIn();
  const [winners, setWinners] = useState<readonly string[]>([]);
  const [how, setHow] = useState('');
  const [statute, setStatute] = useState('');
  const [seen, setSeen] = useState('');
  const witnesses = seen
    .split('\n')
    .map((w) => w.trim())
    .filter((w) => w !== '');
  const isElimination = contest.choosing === 'loser';
  const nameOf = (id: string): string => contest.choices.find((c) => c.id === id)?.name ?? id;
  const ready =
    (isElimination ? winners.length === 1 : winners.length > 0) &&
    how.trim() !== '' &&
    statute.trim() !== '' &&
    witnesses.length >= leastWitnesses;
  return (
    <section className="panel">
      <h2>{say('lot.title')}</h2>
      <p>{say(isElimination ? 'lot.leadEliminated' : 'lot.lead', { among: tied.map(nameOf).join(', ') })}</p>
      {role === 'canvass board' ? (
        <>
          <fieldset className="usa-fieldset">
            <legend className="usa-legend">{say(isElimination ? 'lot.eliminated' : 'lot.winners')}</legend>
            {tied.map((id) => (
              <Checkbox
                key={id}
                label={nameOf(id)}
                checked={winners.includes(id)}
                onChange={(e) =>
                  setWinners(e.target.checked ? [...winners, id] : winners.filter((w) => w !== id))
                }
              />
            ))}
          </fieldset>
          <TextField
            label={say('lot.how')}
            hint={say('lot.howHint')}
            value={how}
            onChange={(e) => setHow(e.target.value)}
          />
          <TextField
            label={say('lot.statute')}
            value={statute}
            onChange={(e) => setStatute(e.target.value)}
          />
          <TextArea
            label={say('seed.witnesses')}
            hint={say('lot.witnessesHint')}
            rows={3}
            value={seen}
            onChange={(e) => setSeen(e.target.value)}
          />
          <SignAct
            label={say('lot.sign')}
            disabled={!ready}
            prepare={() =>
              ask(routes.drawLot, {
                params: { contest: contest.contest },
                body: {
                  ...(isElimination ? { eliminated: winners[0]! } : { winners: [...winners] }),
                  how: how.trim(),
                  statute: statute.trim(),
                  witnesses,
                },
              })
            }
            meaning={<p>{say('lot.meaning')}</p>}
          />
        </>
      ) : (
        <p className="fine">{say('lot.byCanvass')}</p>
      )}
    </section>
  );
}
