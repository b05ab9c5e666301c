import { describe, expect, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import { call, defineRoutes, openapi, roles, routes, type Route } from './index.ts';

const all = Object.entries(routes as Readonly<Record<string, Route>>);

describe('every route', () => {
  test('names at least one role, and only roles there are', () => {
    for (const [name, { roles: may }] of all) {
      expect(may.length, name).toBeGreaterThan(0);
      for (const role of may) expect(roles, name).toContain(role);
    }
  });
  test('has a place of its own, and declares every name in its path', () => {
    const places = all.map(([, r]) => `${r.method} ${r.path}`);
    expect(new Set(places).size).toBe(places.length);
    for (const [name, { path, params }] of all)
      expect(Object.keys(params?.shape ?? {}), name).toEqual(
        [...path.matchAll(/\{(\w+)\}/g)].map((m) => m[1]),
      );
  });
  test('that changes something is no GET, and a GET has no body', () => {
    for (const [name, r] of all)
      if (r.method === 'GET') expect([r.body, r.file], name).toEqual([undefined, undefined]);
  });
});

describe('OpenAPI', () => {
  const document = openapi(routes, '0.1.0');
  test('has every route, each body required', () => {
    const operations = Object.values(document.paths).flatMap((p) => Object.values(p)) as {
      operationId: string;
      requestBody?: { required: boolean };
    }[];
    expect(operations.map((o) => o.operationId).toSorted()).toEqual(all.map(([n]) => n).toSorted());
    for (const o of operations) if (o.requestBody !== undefined) expect(o.requestBody.required).toBe(true);
    expect(operations.filter((o) => o.requestBody !== undefined)).toHaveLength(
      all.filter(([, r]) => r.body !== undefined || r.file !== undefined).length,
    );
  });
  test('is JSON', () => {
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });
});

describe('call', () => {
  const few = defineRoutes({
    greet: {
      method: 'POST',
      path: '/api/{who}',
      summary: '',
      roles: ['public'],
      params: z.object({ who: z.string() }),
      query: z.object({ loud: z.boolean().optional() }),
      body: z.object({ words: z.string() }),
      response: z.object({ said: z.string() }),
    },
  });
  const client = (status: number, answer: unknown) => {
    const seen: Request[] = [];
    const fetch = (path: string, init: RequestInit) => {
      seen.push(new Request(`http://desk.example${path}`, init));
      return Response.json(answer, { status });
    };
    return { seen, fetch, csrf: 'token' };
  };
  const input = { params: { who: 'Ann/Lee' }, query: { loud: true }, body: { words: 'hi' } };

  test('puts everything in its place and gives back what the contract says', async () => {
    const c = client(200, { said: 'hi Ann' });
    const answer = await call(c, few.greet, input);
    expect(answer.ok && answer.value).toEqual({ said: 'hi Ann' });
    if (answer.ok) expectTypeOf(answer.value).toEqualTypeOf<{ said: string }>();
    expect(c.seen[0]!.url).toBe('http://desk.example/api/Ann%2FLee?loud=true');
    expect(c.seen[0]!.headers.get('x-csrf-token')).toBe('token');
    expect(await c.seen[0]!.json()).toEqual({ words: 'hi' });
    // @ts-expect-error: a body is required
    void (() => call(c, few.greet, { params: { who: '' }, query: {} }));
  });
  test('a refusal is a value; an answer of another shape is a fault of the server', async () => {
    const refused = await call(client(409, { code: 'second-seed' }), few.greet, input);
    expect(refused).toMatchObject({ ok: false, status: 409, problem: { code: 'second-seed' } });
    expect(await call(client(502, 'gateway'), few.greet, input)).toMatchObject({
      problem: { code: 'no-answer-of-ours' },
    });
    await expect(call(client(200, { said: 5 }), few.greet, input)).rejects.toThrow();
  });
});
