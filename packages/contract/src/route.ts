// What a route of the API is: method, path, who may call it, what goes in, what comes out. The server registers these objects and nothing else;
// clients call them; OpenAPI is generated from them. So the three can never say different things.
import type { z } from 'zod';

/** Who calls. A board has a code on paper and no account; the public has neither. */
export const roles = [
  'state administrator',
  'county manager',
  'audit board',
  'canvass board',
  'observer',
  'public',
] as const;
export type Role = (typeof roles)[number];

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

export interface Route {
  readonly method: Method;
  /** '/api/counties/{county}/manifest' */
  readonly path: string;
  readonly summary: string;
  /** Who may call it. Never empty: a route without a role does not start. */
  readonly roles: readonly Role[];
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  /** JSON; required wherever it is declared. */
  readonly body?: z.ZodType;
  /** The body is a file, taken as it is; 'large': one that is never whole in memory. */
  readonly file?: true | 'large';
  /** The answer 200 is a PDF; `response` is then its bytes. */
  readonly pdf?: true;
  /** What the answer 200 holds. */
  readonly response: z.ZodType;
}

export const defineRoutes = <R extends Readonly<Record<string, Route>>>(routes: R): R => routes;

type Given<T> = T extends z.ZodType ? z.input<T> : never;
export type Input<R extends Route> = (R['params'] extends z.ZodObject
  ? { params: Given<R['params']> }
  : unknown) &
  (R['query'] extends z.ZodObject ? { query: Given<R['query']> } : unknown) &
  (R['body'] extends z.ZodType ? { body: Given<R['body']> } : unknown) &
  (R['file'] extends true | 'large' ? { file: Uint8Array | Blob } : unknown);
export type Output<R extends Route> = z.output<R['response']>;
