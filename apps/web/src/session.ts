// Who is signed in: asked of the desk when a page opens, as the cookie itself cannot be read here.
import { routes, type Output } from '@opencanvass/contract';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ask, Refused, setCsrf } from './api.ts';

export type Session = Output<typeof routes.whoAmI>;
const key = ['session'];

let acting: Session | null | undefined;
/** In whose name this page asks at this moment; null: nobody's; undefined until the desk has answered. */
export const actingAs = (): Session | null | undefined => acting;

function act(as: Session | null): void {
  acting = as;
  setCsrf(as?.csrf);
}

/** The session; null where nobody is signed in; undefined until the desk has answered. */
export function useSession(): Session | null | undefined {
  return useQuery<Session | null>({
    queryKey: key,
    queryFn: whoAmI,
    staleTime: 60_000,
    // A page that was loaded without a network asks until it knows: without the session's token nothing that waits is taken.
    refetchInterval: ({ state }) => (state.data === undefined ? 3000 : false),
  }).data;
}

/** The session of a page that is shown only to those who are signed in. */
export function useSignedIn(): Session {
  const session = useSession();
  if (session === null || session === undefined) throw new Error('nobody is signed in');
  return session;
}

/** Takes over a session that has begun, or its end. */
export function useBegin(): (session: Session | null) => void {
  const queries = useQueryClient();
  return (session) => {
    act(session);
    queries.clear();
    queries.setQueryData(key, session);
  };
}

async function whoAmI(): Promise<Session | null> {
  try {
    const session = await ask(routes.whoAmI, {});
    act(session);
    return session;
  } catch (fault) {
    if (fault instanceof Refused && fault.status === 401) {
      act(null);
      return null;
    }
    throw fault;
  }
}
