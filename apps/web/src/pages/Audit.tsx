// The whole audit on one page.
import { routes } from '@opencanvass/contract';
import { useAnswer } from '../api.ts';
import { Answered } from '../components/Answered.tsx';
import { Page } from '../components/Page.tsx';
import { useWords } from '../words.tsx';

export default function Audit() {
  const { say } = useWords();
  const status = useAnswer(routes.status, {}, { every: 10 });
  return (
    <Page title={say('audit.title')} lead={say('audit.lead')}>
      <Answered by={status}>{(s) => <p>{say(`step.${s.step}`)}</p>}</Answered>
    </Page>
  );
}
