// The HTTP side of the desk: the contract's routes, registered, and in front of them everything that a stranger's request must pass. Deny by
// default: a route that names no role, or has no handler, keeps the whole server from starting.
import { roles as allRoles, openapi } from '@opencanvass/contract';
import type { Output, Role, Route } from '@opencanvass/contract';
import { refusalInWords } from '@opencanvass/evidence/sentences';
import { storageFault } from '@opencanvass/keeper';
import { Hono, type Context } from 'hono';
import type { z } from 'zod';
import { note } from './attempts.ts';
import type { Desk } from './desk.ts';
import type { OpenId } from './openId.ts';
import { onDisk, type FileOnDisk } from './onDisk.ts';
import type { Problem } from './sampling.ts';
import { isCsrf, whoIs, type Who } from './signIn.ts';

export const cookieName = '__Host-session';

/** Bytes of a JSON body, and of a file. */
export interface Bounds {
  readonly json: number;
  readonly file: number;
  /** Of a file that is never whole in memory; absent: 8 GiB. */
  readonly large?: number;
  /** Requests in a minute from one address or session. */
  readonly perMinute: number;
}
export const usualBounds: Bounds = { json: 8 << 20, file: 256 << 20, perMinute: 600 };
/** A state's largest county exports a few gigabytes of cast vote records. */
const mostLarge = 2 ** 33;

/** How the desk is reached from outside. */
export interface Outside {
  /** 'https://audit.example.gov': requests for another host are refused. Absent: this machine's own names only. */
  readonly origin?: string;
  /** Addresses of proxies, whose last word in X-Forwarded-For is believed. */
  readonly proxies?: readonly string[];
  readonly openId?: OpenId;
}

export class Refusal extends Error {
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 421 | 422 | 429 | 501;
  readonly problem: Problem;
  constructor(status: Refusal['status'], problem: Refusal['problem']) {
    super(problem.code);
    this.status = status;
    this.problem = problem;
  }
}

type Read<T> = T extends z.ZodType ? z.output<T> : undefined;
export interface Call<R extends Route> {
  readonly desk: Desk;
  readonly who: R['roles'][number] extends 'public' ? Who | undefined : Who | undefined;
  readonly params: Read<R['params']>;
  readonly query: Read<R['query']>;
  readonly body: Read<R['body']>;
  readonly file: R['file'] extends true ? Uint8Array : R['file'] extends 'large' ? FileOnDisk : undefined;
  readonly address: string;
  /** Where the browser finds the desk: 'https://audit.example.gov'. */
  readonly origin: string;
  readonly openId: OpenId | undefined;
  readonly setCookie: (value: string) => void;
}
export type Handlers<R extends Readonly<Record<string, Route>>> = {
  readonly [K in keyof R]: (call: Call<R[K]>) => Promise<Output<R[K]>>;
};

export function createApp<R extends Readonly<Record<string, Route>>>(
  desk: Desk,
  routes: R,
  handlers: Handlers<R>,
  bounds: Bounds = usualBounds,
  { origin, proxies = [], openId }: Outside = {},
): Hono {
  const app = new Hono();
  const addressOf = (c: Context): string => addressOfRequest(c, proxies);
  const within = rateLimit(bounds.perMinute, () => desk.now().getTime());

  app.use(async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(securityHeaders)) c.header(name, value);
    if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store');
  });

  const byPath = new Map<string, Route[]>();
  for (const [name, route] of Object.entries(routes)) {
    const handler = handlers[name] as ((call: unknown) => Promise<unknown>) | undefined;
    if (!Array.isArray(route.roles) || route.roles.length === 0)
      throw new Error(`the route ${name} names no role: the server does not start`);
    for (const role of route.roles)
      if (!allRoles.includes(role)) throw new Error(`the route ${name} names the unknown role ${role}`);
    if (handler === undefined) throw new Error(`the route ${name} has no handler`);
    const path = route.path.replaceAll(/\{(\w+)\}/g, ':$1');
    byPath.set(path, [...(byPath.get(path) ?? []), route]);
    app.on(route.method, path, (c) => answer(c, route, handler));
  }
  const document = openapi(routes, '0.1.0');
  app.get('/openapi.json', (c) => c.json(document));
  for (const [path, here] of byPath)
    app.all(path, (c) =>
      refused(
        c,
        undefined,
        new Refusal(405, {
          code: 'method-not-allowed',
          expected: here.map((r) => r.method).join(', '),
          found: c.req.method,
        }),
      ),
    );
  app.notFound((c) => refused(c, undefined, new Refusal(404, { code: 'not-found', found: c.req.path })));
  return app;

  async function answer(
    c: Context,
    route: Route,
    handler: (call: unknown) => Promise<unknown>,
  ): Promise<Response> {
    let who: Who | undefined;
    try {
      const here = atOrigin(c, origin);
      const token = cookieOf(c);
      who = token === undefined ? undefined : await whoIs(desk.db, token, desk.now());
      const role: Role = who?.role ?? 'public';
      if (!within(who?.tokenHash ?? addressOf(c))) throw new Refusal(429, { code: 'too-many-requests' });
      if (!route.roles.includes(role))
        throw who === undefined
          ? new Refusal(401, { code: token === undefined ? 'not-signed-in' : 'session-over' })
          : new Refusal(403, { code: 'role-not-allowed', expected: route.roles.join(', '), found: role });
      if (route.method !== 'GET') {
        sameOrigin(c, here);
        if (who !== undefined && !isCsrf(who, c.req.header('x-csrf-token')))
          throw new Refusal(403, { code: 'csrf-token-differs' });
      }
      const params = shaped(route.params, c.req.param(), 'params');
      // A county's own people, and nobody else's, act for a county.
      const county = (params as { county?: string } | undefined)?.county;
      if (county !== undefined && who?.role === 'county manager' && county !== who.jurisdiction)
        throw new Refusal(403, {
          code: 'another-county',
          expected: who.jurisdiction ?? 'none',
          found: county,
        });
      const call = {
        desk,
        who,
        params,
        query: shaped(route.query, c.req.query(), 'query'),
        body: route.body === undefined ? undefined : shaped(route.body, await jsonOf(c, bounds.json), 'body'),
        file: route.file === true ? await fileOf(c, bounds.file) : undefined,
        address: addressOf(c),
        origin: here,
        openId,
        setCookie: (value: string) => c.header('set-cookie', value),
      };
      const value =
        route.file === 'large'
          ? await onDisk(largeFileOf(c), bounds.large ?? mostLarge, (file) => handler({ ...call, file }))
          : await handler(call);
      if (value === 'too big')
        throw new Refusal(413, {
          code: 'body-too-big',
          expected: `${bounds.large ?? mostLarge}`,
        });
      if (route.pdf === true)
        return c.body((value as Uint8Array<ArrayBuffer>).slice(), 200, {
          'content-type': 'application/pdf',
          // Saved, not shown: under our own policy a browser's viewer shows nothing.
          'content-disposition': `attachment; filename="${c.req.path
            .split('/')
            .at(-1)!
            .replaceAll(/[^a-z-]/g, '')}.pdf"`,
        });
      // What is not in the contract does not go out.
      return c.json(route.response.parse(value) as object);
    } catch (fault) {
      if (fault instanceof Refusal) return refused(c, who, fault);
      const kind = storageFault(fault);
      if (kind === undefined) throw fault;
      // Whether an act was kept is not known here: sent again with the same name, it is on the record once.
      c.header('retry-after', '5');
      return kind === 'full' ? c.json({ code: 'disk-full' }, 507) : c.json({ code: 'database-away' }, 503);
    }
  }

  /** Says why, and notes the attempt. */
  async function refused(c: Context, who: Who | undefined, { status, problem }: Refusal): Promise<Response> {
    // Every page asks first whether somebody is signed in: that nobody is, is an answer, and was no attempt at anything.
    const isAnswer =
      problem.code === 'not-signed-in' && c.req.path === '/api/session' && cookieOf(c) === undefined;
    // Beyond the rate no row is written either: a flood must not fill the disk.
    if (!isAnswer && status !== 429 && (who !== undefined || within(`refused ${addressOf(c)}`)))
      await note(desk.db, desk.now(), 'refused', {
        who: who?.account ?? who?.name ?? null,
        role: who?.role ?? 'public',
        address: addressOf(c),
        method: c.req.method,
        path: c.req.path,
        code: problem.code,
        ...(problem.found === undefined ? {} : { found: problem.found.slice(0, 300) }),
      }).catch((fault: unknown) => {
        // Refused is refused, with room to note it or without.
        if (storageFault(fault) === undefined) throw fault;
        console.error(`a refused attempt could not be noted: ${problem.code} ${c.req.path}`);
      });
    return c.json(inLanguageOf(c, problem), status);
  }
}

/** What a reader says of a file is said in Spanish to whoever asks for that first; everything else of a problem is a code, for the client's own words. */
function inLanguageOf(c: Context, problem: Problem): Problem {
  if (!/^\s*es\b/i.test(c.req.header('accept-language') ?? '')) return problem;
  const spoken = refusalInWords(problem, 'es');
  const { problems } = problem;
  return problems === undefined ? spoken : { ...spoken, problems: problems.map((p) => inLanguageOf(c, p)) };
}

// ── what a request must pass ──

const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
};

const cookieOf = (c: Context): string | undefined =>
  new RegExp(`(?:^|;\\s*)${cookieName}=([\\w-]{20,100})(?:;|$)`).exec(c.req.header('cookie') ?? '')?.[1];

export const sessionCookie = (token: string): string =>
  `${cookieName}=${token}; Path=/; HttpOnly; Secure; SameSite=Strict`;
export const noCookie = `${cookieName}=; Path=/; HttpOnly; Secure; SameSite=Strict; Max-Age=0`;

function addressOfRequest(c: Context, proxies: readonly string[]): string {
  const env = c.env as { incoming?: { socket?: { remoteAddress?: string } } } | undefined;
  const direct = env?.incoming?.socket?.remoteAddress?.replace(/^::ffff:/, '') ?? 'unknown';
  if (!proxies.includes(direct)) return direct;
  // What stands before the last word was written by whoever asked the proxy.
  return c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() ?? direct;
}

/** The desk's own address, if that is what was asked for: another name that somebody made point here reads and does nothing (DNS rebinding). */
function atOrigin(c: Context, origin: string | undefined): string {
  const host = c.req.header('host') ?? new URL(c.req.url).host;
  const asked = URL.canParse(`http://${host}`) ? new URL(`http://${host}`) : undefined;
  const expected = origin === undefined ? undefined : new URL(origin).host;
  const isHere =
    expected === undefined
      ? asked !== undefined && ['localhost', '127.0.0.1', '[::1]'].includes(asked.hostname)
      : host === expected;
  if (!isHere)
    throw new Refusal(421, {
      code: 'another-host',
      expected: expected ?? 'localhost; or start the desk with --origin',
      found: host,
    });
  return origin ?? `http://${host}`;
}

/** A browser says from where a request comes. Another site's page may not act here, whatever cookies go with it. */
function sameOrigin(c: Context, here: string): void {
  const origin = c.req.header('origin');
  const site = c.req.header('sec-fetch-site');
  if (
    (origin !== undefined && origin !== here) ||
    (site !== undefined && site !== 'same-origin' && site !== 'none')
  )
    throw new Refusal(403, { code: 'another-origin', expected: here, found: origin ?? site ?? '' });
}

function shaped(shape: z.ZodType | undefined, value: unknown, where: string): unknown {
  if (shape === undefined) return undefined;
  const read = shape.safeParse(value);
  if (read.success) return read.data;
  const [first] = read.error.issues;
  throw new Refusal(422, {
    code: 'wrong-shape',
    expected: first?.message ?? '',
    found: [where, ...(first?.path ?? [])].join('.'),
  });
}

async function jsonOf(c: Context, most: number): Promise<unknown> {
  if (!/^application\/json\b/.test(c.req.header('content-type') ?? ''))
    throw new Refusal(415, {
      code: 'not-json',
      expected: 'application/json',
      found: c.req.header('content-type') ?? 'no content type',
    });
  const text = new TextDecoder('utf-8', { fatal: true });
  try {
    return JSON.parse(text.decode(await bounded(c, most)));
  } catch (fault) {
    if (fault instanceof Refusal) throw fault;
    throw new Refusal(422, { code: 'not-json', expected: 'JSON in UTF-8', found: 'something else' });
  }
}

/** The body as it comes. */
function largeFileOf(c: Context): AsyncIterable<Uint8Array> {
  refuseOtherThanFile(c);
  return piecesOf(c);
}

async function fileOf(c: Context, most: number): Promise<Uint8Array> {
  refuseOtherThanFile(c);
  return bounded(c, most);
}

function refuseOtherThanFile(c: Context): void {
  if (c.req.header('content-type') !== 'application/octet-stream')
    throw new Refusal(415, {
      code: 'not-a-file',
      expected: 'application/octet-stream',
      found: c.req.header('content-type') ?? 'no content type',
    });
}

/** The body, if it has at most so many bytes; reading stops at the first too many. */
async function bounded(c: Context, most: number): Promise<Uint8Array> {
  const tooBig = new Refusal(413, { code: 'body-too-big', expected: `${most}` });
  if (Number(c.req.header('content-length') ?? 0) > most) throw tooBig;
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of piecesOf(c)) {
    length += piece.length;
    if (length > most) throw tooBig;
    pieces.push(piece);
  }
  return new Uint8Array(Buffer.concat(pieces));
}

/** The body as it comes; one that breaks off is none. */
async function* piecesOf(c: Context): AsyncGenerator<Uint8Array> {
  const reader = (c.req.raw.body as ReadableStream<Uint8Array> | null)?.getReader();
  let length = 0;
  try {
    for (;;) {
      const next = await reader?.read().catch(() => {
        throw new Refusal(400, {
          code: 'body-cut-off',
          expected: 'the whole body',
          found: `${length} bytes`,
        });
      });
      if (next === undefined || next.done) return;
      length += next.value.length;
      yield next.value;
    }
  } finally {
    // Whoever stopped listening wants no more of it.
    await reader?.cancel().catch(() => undefined);
  }
}

/** At most so many a minute by key, in this process. */
function rateLimit(most: number, now: () => number): (key: string) => boolean {
  let minute = 0;
  let counts = new Map<string, number>();
  return (key) => {
    const current = Math.floor(now() / 60_000);
    if (current !== minute) [minute, counts] = [current, new Map()];
    const n = (counts.get(key) ?? 0) + 1;
    counts.set(key, n);
    return n <= most;
  };
}
