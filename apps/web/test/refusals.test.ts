// Every code that the server refuses with has words on the pages. The sources are read for codes, so that one added later is missed by nobody.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { english } from '../src/words/english.ts';
import { spanish } from '../src/words/spanish.ts';

const server = fileURLToPath(new URL('../../server/src/', import.meta.url));

/** Said on the command line, of backups, and never to a page. */
const neverRefused = new Set([
  'another-version',
  'digest-differs',
  'log-differs',
  'no-backup',
  'no-desk',
  'not-empty',
]);

/** `code: 'a'`, `code: x ? 'a' : 'b'`, `no('a', …)`, `fault('a', …)`. */
const codesIn = (text: string): string[] =>
  [...text.matchAll(/\bcode: ([^,;})]*)|\b(?:no|fault)\(\s*('[^']+')/g)].flatMap(([, named, given]) =>
    [...(named ?? given!).matchAll(/'([a-z0-9]+(?:-[a-z0-9]+)*)'/g)].map((m) => m[1]!),
  );

test('every refusal of the server has words in both languages', () => {
  const codes = new Set(
    readdirSync(server, { recursive: true, encoding: 'utf8' })
      .filter((f) => f.endsWith('.ts'))
      .flatMap((f) => codesIn(readFileSync(`${server}${f}`, 'utf8'))),
  );
  expect(codes.size).toBeGreaterThan(120);
  const without = [...codes].filter((c) => !neverRefused.has(c));
  for (const words of [english, spanish])
    expect(without.filter((c) => !(`problem.${c}` in words)).sort()).toEqual([]);
});

/** What a refusal of this code is given as `expected`, as it stands in the sources: `code: 'a', expected: 'b'`, `no('a', 'b')`. */
const expectedIn = (text: string): [code: string, expected: string][] =>
  [
    ...text.matchAll(/\bcode: '([a-z0-9-]+)',(?:\s*(?:file|field)[^,]*,)*\s*expected: ('[^']*'|`[^`]*`)/g),
    ...text.matchAll(/\b(?:no|fault)\(\s*'([a-z0-9-]+)',\s*('[^']*'|`[^`]*`)/g),
  ].map(([, code, expected]) => [code!, expected!]);

/** Prose of the server's own, whatever is filled into it besides. */
const isProse = (written: string): boolean => /[a-z]/i.test(written.replaceAll(/\$\{[^}]*\}/g, ''));

test('no sentence repeats prose of the server, which is in English: what it fills in are names and numbers', () => {
  const given = readdirSync(server, { recursive: true, encoding: 'utf8' })
    .filter((f) => f.endsWith('.ts'))
    .flatMap((f) => expectedIn(readFileSync(`${server}${f}`, 'utf8')));
  expect(given.length).toBeGreaterThan(30);
  const repeated = given.filter(
    ([code, expected]) =>
      isProse(expected) &&
      (spanish as Readonly<Record<string, string>>)[`problem.${code}`]?.includes('{expected}'),
  );
  expect(repeated).toEqual([]);
  expect(expectedIn("{ code: 'a', file, expected: `${n} at most` }, no(\n  'b', 'two')")).toEqual([
    ['a', '`${n} at most`'],
    ['b', "'two'"],
  ]);
});

test('codes are found wherever they stand', () => {
  expect(
    codesIn(
      "{ code: a ? 'not-signed-in' : 'session-over' }, no(\n  'seats', '3'), { code: 'x1', found: 'y' }",
    ),
  ).toEqual(['not-signed-in', 'session-over', 'seats', 'x1']);
});
