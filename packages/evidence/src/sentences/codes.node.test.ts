// Every code that a check or a fault of a record can give has words. The sources are read for codes, so that one added later is missed by nobody.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { vocabularies } from './index.ts';

const room = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));
const sources = [
  ...readdirSync(room('checks')).map((f) => room(`checks/${f}`)),
  ...['read', 'fold', 'order', 'conducted', 'evidence', 'cvrFigures'].map((f) => room(`record/${f}.ts`)),
  room('audit/fullHandCount.ts'),
  room('audit/pairing.ts'),
  ...['checkLog', 'checkpoint', 'note', 'tiles', 'dsse'].map((f) => room(`log/${f}.ts`)),
].filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'));

/** Codes that no finding carries: a signature that verifies; what is wrong with a key somebody hands in. */
const neverFound = new Set([
  'signature-verified',
  'key-malformed',
  'key-type-unknown',
  'key-not-ed25519',
  'key-id-differs',
  // Why an outcome is what it is: told by sentences/audit.ts.
  'hand-count-incomplete',
  // Words of TypeScript on the same lines.
  'check',
  'code',
  'ed25519',
  'cosignature',
]);

function codesIn(text: string): string[] {
  const where = [
    /\b(?:code|why): [^;\n]*/g,
    /#fault\(\s*'[^']+',\s*'[^']+'/g,
    /(?<!#)\b(?:fault|refuse|differs|lacking|not)\('[^']+'/g,
    /\bconst code =[^;]*/g,
    /type \w+Lacking =[^;]*/g,
    /\bsaid\(\w+, '[^']+'/g,
    /\bwinners\([^;]*?, '[^']+'\)/g,
  ];
  return where
    .flatMap((pattern) => [...text.matchAll(pattern)])
    .flatMap(([match]) => [
      ...match.replace(/^#fault\(\s*'[^']+'/, '').matchAll(/'([a-z0-9]+(?:[- ][a-z0-9]+)*)'/g),
    ])
    .map((m) => m[1]!);
}

test('every code has words in both languages', () => {
  const codes = new Set(sources.flatMap((path) => codesIn(readFileSync(path, 'utf8'))));
  expect(codes.size).toBeGreaterThan(80);
  const without = [...codes].filter((c) => !neverFound.has(c) && vocabularies.en.codes[c] === undefined);
  expect(without).toEqual([]);
  const unused = Object.keys(vocabularies.en.codes).filter((c) => !codes.has(c));
  expect(unused).toEqual([]);
});
