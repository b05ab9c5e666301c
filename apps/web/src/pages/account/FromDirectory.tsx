// Where the state's directory sends the browser back to: the sign-in ends here, once.
import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { Why } from '../../components/Alert.tsx';
import { Page } from '../../components/Page.tsx';
import { useBegin } from '../../session.ts';
import { useWords } from '../../words.tsx';
import { comeBack } from './directory.ts';

export default function FromDirectory() {
  const { say } = useWords();
  const begin = useBegin();
  const navigate = useNavigate();
  const entering = useMutation({
    mutationFn: comeBack,
    onSuccess: (begun) => {
      begin(begun);
      void navigate({ to: '/', replace: true });
    },
  });
  const asked = useRef(false);
  const { mutate } = entering;
  useEffect(() => {
    if (asked.current) return;
    asked.current = true;
    mutate(window.location.search);
  }, [mutate]);
  return (
    <Page title={say('signIn.title')}>
      {entering.error === null ? (
        <p role="status">{say('loading')}</p>
      ) : (
        <>
          <Why of={entering.error} />
          <p>
            <Link to="/sign-in">{say('signIn.again')}</Link>
          </p>
        </>
      )}
    </Page>
  );
}
