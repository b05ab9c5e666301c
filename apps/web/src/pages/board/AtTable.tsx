// Around every screen of a board: who is at the table, what waits to be sent, and the board's code where it has to be given. A session that ends takes
// nothing from the screen: the code is asked for beside the work, and what was confirmed is sent afterwards.
import { routes } from '@opencanvass/contract';
import { useEffect, useState, type ReactNode } from 'react';
import { useAct } from '../../api.ts';
import { Alert, Why } from '../../components/Alert.tsx';
import { Button } from '../../components/Button.tsx';
import { TextField } from '../../components/fields.tsx';
import { Page } from '../../components/Page.tsx';
import { isOf, send, type Board, type Sending, type Waiting } from '../../outbox.ts';
import { useBegin } from '../../session.ts';
import { useWords } from '../../words.tsx';
import { nobody, TwoPeople, type People } from './TwoPeople.tsx';
import type { AtTable as Table } from './useBoard.ts';

export function AtTable({
  at,
  children,
}: {
  readonly at: Table;
  readonly children: (board: Board) => ReactNode;
}) {
  const { say } = useWords();
  const { ready, board, signedIn, waiting, sending } = at;
  if (!ready) return <p role="status">{say('loading')}</p>;
  if (board === undefined)
    return (
      <Page title={say('board.signIn')} lead={say('board.signIn.lead')}>
        <Held waiting={waiting} />
        <BoardSignIn />
      </Page>
    );
  return (
    <>
      {signedIn === false || sending === 'signed out' ? (
        <Alert kind="warning" title={say('board.sessionOver')}>
          <p>{say('board.sessionOver.lead')}</p>
          <BoardSignIn again={board} />
        </Alert>
      ) : null}
      {children(board)}
      <Outbox board={board} waiting={waiting} sending={sending} />
    </>
  );
}

// ── what waits ──

function Outbox({
  board,
  waiting,
  sending,
}: {
  readonly board: Board;
  readonly waiting: readonly Waiting[];
  readonly sending: Sending;
}) {
  const { say } = useWords();
  const mine = waiting.filter((w) => isOf(board, w));
  const unsent = mine.filter((w) => w.refused === undefined).length;
  const words =
    unsent === 0
      ? say('outbox.empty')
      : say(
          sending === 'no network'
            ? 'outbox.noNetwork'
            : sending === 'signed out'
              ? 'outbox.signedOut'
              : sending === 'later'
                ? 'outbox.later'
                : 'outbox.sending',
          { n: unsent },
        );
  return (
    <>
      <p className={`outbox ${unsent === 0 ? 'sent' : 'unsent'}`} role="status" data-unsent={unsent}>
        {words}
      </p>
      <Held waiting={waiting.filter((w) => !mine.includes(w))} />
    </>
  );
}

/** Entries of another board that lie on this device: they are sent when that board signs in here. */
function Held({ waiting }: { readonly waiting: readonly Waiting[] }) {
  const { say } = useWords();
  const unsent = waiting.filter((w) => w.refused === undefined);
  if (unsent.length === 0) return null;
  return (
    <Alert kind="warning">
      {say('outbox.another', {
        n: unsent.length,
        board: [...new Set(unsent.map((w) => w.board))].join(', '),
      })}
    </Alert>
  );
}

// ── who is at the table ──

/** The code of the paper may stand in the address behind #, where a QR puts it: there it never goes over the network by itself. */
const codeInAddress = (): string => {
  const code = decodeURIComponent(location.hash.slice(1));
  if (code !== '') history.replaceState(history.state, '', location.pathname + location.search);
  return code;
};

function BoardSignIn({ again }: { readonly again?: Board }) {
  const { say } = useWords();
  const begin = useBegin();
  const signIn = useAct(routes.boardSignIn);
  const [code, setCode] = useState('');
  useEffect(() => {
    const take = () => {
      const given = codeInAddress();
      if (given !== '') setCode(given);
    };
    take();
    // Another board's paper may be held before the screen that is open.
    addEventListener('hashchange', take);
    return () => removeEventListener('hashchange', take);
  }, []);
  const [members, setMembers] = useState<People>(again?.members ?? nobody);
  const submit = () =>
    signIn.mutate(
      { body: { code, members } },
      {
        onSuccess: (session) => {
          begin(session);
          void send();
        },
      },
    );
  return (
    <form
      className="board-sign-in"
      onSubmit={(e) => {
        e.preventDefault();
        submit();
      }}
    >
      {signIn.error?.problem.code === 'sign-in-failed' ? (
        <Alert kind="error">{say('board.codeWrong')}</Alert>
      ) : (
        <Why of={signIn.error} />
      )}
      <TextField
        label={say('board.code')}
        hint={say('board.codeHint')}
        value={code}
        onChange={(e) => setCode(e.target.value)}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        required
      />
      <TwoPeople people={members} onPeople={setMembers} />
      <Button type="submit" busy={signIn.isPending}>
        {say('board.begin')}
      </Button>
    </form>
  );
}
