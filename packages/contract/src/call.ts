// Calling the API by its contract: one function for all routes, typed by the route it is given. It checks what comes back, too.
import type { Input, Output, Route } from './route.ts';
import { problem, type Problem } from './shapes.ts';

export interface Client {
  /** The browser's, or app.request of a test. */
  readonly fetch: (path: string, init: RequestInit) => Response | Promise<Response>;
  /** The token of the session, sent with whatever is not a GET. */
  readonly csrf?: string;
  /** Where no browser keeps cookies. */
  readonly cookie?: string;
}

export type Answer<T> =
  | { readonly ok: true; readonly status: number; readonly value: T; readonly headers: Headers }
  | { readonly ok: false; readonly status: number; readonly problem: Problem; readonly headers: Headers };

interface Parts {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  /** A Blob is sent as it is read: a browser's file of any length. */
  readonly file?: Uint8Array | Blob;
}

export async function call<R extends Route>(
  client: Client,
  route: R,
  input: Input<R>,
): Promise<Answer<Output<R>>> {
  const { params = {}, query = {}, body, file } = input as Parts;
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(params[name])),
  );
  const search = new URLSearchParams(
    Object.entries(query).flatMap(([k, v]) => (v === undefined ? [] : [[k, String(v)] as [string, string]])),
  ).toString();
  const headers = new Headers();
  if (client.csrf !== undefined && route.method !== 'GET') headers.set('x-csrf-token', client.csrf);
  if (client.cookie !== undefined) headers.set('cookie', client.cookie);
  if (file !== undefined) headers.set('content-type', 'application/octet-stream');
  else if (body !== undefined) headers.set('content-type', 'application/json');
  const response = await client.fetch(search === '' ? path : `${path}?${search}`, {
    method: route.method,
    headers,
    ...(file !== undefined
      ? { body: file as Uint8Array<ArrayBuffer> | Blob }
      : body !== undefined
        ? { body: JSON.stringify(body) }
        : {}),
  });
  const { status } = response;
  const said: unknown =
    status === 200 && route.pdf === true
      ? new Uint8Array(await response.arrayBuffer())
      : await response.json().catch(() => undefined);
  if (status === 200)
    return { ok: true, status, value: route.response.parse(said) as Output<R>, headers: response.headers };
  const read = problem.safeParse(said);
  return {
    ok: false,
    status,
    problem: read.success ? read.data : { code: 'no-answer-of-ours', found: `status ${status}` },
    headers: response.headers,
  };
}
