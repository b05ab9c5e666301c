// The seed: thrown with dice before witnesses, read back digit by digit, and signed.
import { routes } from '@opencanvass/contract';
import { useState } from 'react';
import { ask, useAnswer } from '../../api.ts';
import { Alert } from '../../components/Alert.tsx';
import { Answered } from '../../components/Answered.tsx';
import { Dice } from '../../components/Dice.tsx';
import { TextArea, TextField } from '../../components/fields.tsx';
import { Page } from '../../components/Page.tsx';
import { SignAct } from '../../components/SignAct.tsx';
import { useWords } from '../../words.tsx';

const leastDigits = 20;

export default function Seed() {
  const { say } = useWords();
  const status = useAnswer(routes.status, {});
  const [digits, setDigits] = useState('');
  const [how, setHow] = useState(() => say('seed.howUsual'));
  const [witnesses, setWitnesses] = useState('');
  const names = witnesses
    .split('\n')
    .map((w) => w.trim())
    .filter((w) => w !== '');
  const ready = digits.length >= leastDigits && how.trim() !== '' && names.length > 0;
  return (
    <Page title={say('seed.title')} lead={say('seed.lead')}>
      <Answered by={status}>
        {(s) =>
          s.seed !== undefined ? (
            <>
              <h2>{say('seed.drawn')}</h2>
              <Dice digits={s.seed.seed} label={say('seed.digits')} />
              <p>
                {s.seed.how}. {say('seed.witnessed', { who: s.seed.witnesses.join(', ') })}
              </p>
              <Alert kind="info">{say('seed.once')}</Alert>
            </>
          ) : s.step !== 'draw the seed' ? (
            <Alert kind="info">{say('seed.early')}</Alert>
          ) : (
            <>
              <ol>
                <li>{say('seed.rule1')}</li>
                <li>{say('seed.rule2')}</li>
                <li>{say('seed.rule3')}</li>
              </ol>
              <TextField
                label={say('seed.digits')}
                hint={say('seed.digitsHint', { n: digits.length, all: leastDigits })}
                inputMode="numeric"
                autoComplete="off"
                maxLength={100}
                value={digits}
                onChange={(e) => setDigits(e.target.value.replaceAll(/\D/g, ''))}
              />
              {digits === '' ? null : <Dice digits={digits} label={say('seed.digits')} />}
              <TextArea
                label={say('seed.how')}
                value={how}
                rows={3}
                onChange={(e) => setHow(e.target.value)}
              />
              <TextArea
                label={say('seed.witnesses')}
                hint={say('seed.witnessesHint')}
                rows={4}
                value={witnesses}
                onChange={(e) => setWitnesses(e.target.value)}
              />
              <SignAct
                label={say('seed.sign')}
                disabled={!ready}
                prepare={() =>
                  ask(routes.seed, { body: { seed: digits, how: how.trim(), witnesses: names } })
                }
                meaning={
                  <>
                    <p>{say('seed.meaning')}</p>
                    <Dice digits={digits} label={say('seed.digits')} />
                  </>
                }
              />
            </>
          )
        }
      </Answered>
    </Page>
  );
}
