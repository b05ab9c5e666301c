// Signing out. A board whose entries still wait on this device is asked first: they stay here, and are sent only once it begins here again. Whoever the desk
// could not be told of is not signed out, and is not made to believe it.
import { routes } from '@opencanvass/contract';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { createPortal } from 'react-dom';
import { ask, type Refused } from '../api.ts';
import { boardOf, isOf, useOutbox } from '../outbox.ts';
import { useBegin, useSession } from '../session.ts';
import { useWords } from '../words.tsx';
import { Why } from './Alert.tsx';
import { Confirm } from './Dialog.tsx';

export function SignOut({ waiting = 0 }: { readonly waiting?: number }) {
  const { say } = useWords();
  const begin = useBegin();
  const navigate = useNavigate();
  const [asked, setAsked] = useState(false);
  const left = () => {
    begin(null);
    void navigate({ to: '/sign-in' });
  };
  // Not one of the acts after which everything is asked again: the first thing learnt would be that nobody is signed in.
  const signOut = useMutation<object, Refused>({
    mutationFn: () => ask(routes.signOut, {}),
    onSuccess: left,
    onError: ({ status }) => (status === 401 ? left() : setAsked(true)),
  });
  const leave = () => signOut.mutate();
  return (
    <>
      <button
        type="button"
        disabled={signOut.isPending}
        onClick={waiting === 0 ? leave : () => setAsked(true)}
      >
        {say('signOut')}
      </button>
      {/* Not within the banner, whose text is white. */}
      {asked
        ? createPortal(
            <Confirm
              title={waiting === 0 ? say('signOut') : say('signOut.waiting', { n: waiting })}
              act={say(waiting === 0 ? 'signOut' : 'signOut.anyway')}
              busy={signOut.isPending}
              onConfirm={leave}
              onClose={() => setAsked(false)}
            >
              {waiting === 0 ? null : <p>{say('signOut.waitingMeans')}</p>}
              <Why of={signOut.error} />
            </Confirm>,
            document.body,
          )
        : null}
    </>
  );
}

export function SignOutOfBoard() {
  const board = boardOf(useSession());
  const { waiting } = useOutbox();
  const unsent = waiting.filter((w) => w.refused === undefined && board !== undefined && isOf(board, w));
  return <SignOut waiting={unsent.length} />;
}
