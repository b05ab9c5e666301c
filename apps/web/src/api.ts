// Asking the desk and acting at it: the contract's routes as queries and mutations. What the desk refuses is an error that carries its problem.
import { call, type Client, type Input, type Output, type Problem, type Route } from '@opencanvass/contract';
import { QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

export class Refused extends Error {
  readonly status: number;
  readonly problem: Problem;
  constructor(status: number, problem: Problem) {
    super(problem.code);
    this.status = status;
    this.problem = problem;
  }
}

let csrf: string | undefined;
/** The token of the session, sent with every act. */
export const setCsrf = (token: string | undefined): void => void (csrf = token);

const client = (): Client => ({
  // The pages say it in the language that is picked, which may not be the browser's.
  fetch: (path, init) => fetch(path, { ...init, headers: english(init.headers), credentials: 'same-origin' }),
  ...(csrf === undefined ? {} : { csrf }),
});

function english(given: RequestInit['headers']): Headers {
  const headers = new Headers(given);
  headers.set('accept-language', 'en');
  return headers;
}

/** The answer to a route; throws Refused. */
export async function ask<R extends Route>(route: R, input: Input<R>): Promise<Output<R>> {
  let answer;
  try {
    answer = await call(client(), route, input);
  } catch (fault) {
    // No connection, or an answer that is not the desk's.
    throw new Refused(0, { code: fault instanceof TypeError ? 'no-connection' : 'no-answer-of-ours' });
  }
  if (!answer.ok) throw new Refused(answer.status, answer.problem);
  return answer.value;
}

export const keyOf = (route: Route, input: unknown): unknown[] => [route.method, route.path, input];

/** What a GET route answers, kept fresh: asked again after every act, and every so many seconds, or as many as the answer wants. */
export function useAnswer<R extends Route>(
  route: R,
  input: Input<R>,
  {
    every,
    enabled = true,
  }: {
    readonly every?: number | ((answer: Output<R> | undefined) => number | undefined);
    readonly enabled?: boolean;
  } = {},
) {
  return useQuery<Output<R>, Refused>({
    queryKey: keyOf(route, input),
    queryFn: () => ask(route, input),
    enabled,
    refetchInterval: (query) =>
      1000 * ((typeof every === 'function' ? every(query.state.data) : every) ?? 0) || false,
  });
}

/** An act. When it is done, everything that is shown is asked again. */
export function useAct<R extends Route>(route: R) {
  const queries = useQueryClient();
  return useMutation<Output<R>, Refused, Input<R>>({
    mutationFn: (input) => ask(route, input),
    onSuccess: () => queries.invalidateQueries(),
  });
}

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (count, fault) => count < 2 && fault instanceof Refused && fault.status === 0,
      staleTime: 2000,
    },
    // Without a network an act fails at once, before the person who does it; it does not happen by itself when nobody looks any more.
    mutations: { retry: false, networkMode: 'always' },
  },
});
