import { Link } from '@tanstack/react-router';
import { Page } from '../components/Page.tsx';
import { useWords } from '../words.tsx';

export function NotFound() {
  const { say } = useWords();
  return (
    <Page title={say('notFound.title')} lead={say('notFound.lead')}>
      <Link to="/">{say('notFound.back')}</Link>
    </Page>
  );
}
