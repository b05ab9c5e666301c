// What a script cannot show: an address, the network's faults, JSON, the files of the claims, a terminal's colours, and changed records.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { claimFiles } from '../src/claimPages.ts';
import { run } from '../src/main.ts';
import { verifyRecord } from '../src/verify.ts';
import { diskFiles } from '../src/world.ts';
import type { World } from '../src/world.ts';
import { testWorld } from './testWorld.ts';

const record = fileURLToPath(new URL('../../../cases/georgia-2020/record', import.meta.url));
const paths = readdirSync(record, { recursive: true, withFileTypes: true })
  .filter((e) => e.isFile())
  .map((e) => relative(record, join(e.parentPath, e.name)));

/** A web server that holds the record at https://example.org/georgia/, with changes. */
const web =
  (changes: Readonly<Record<string, Uint8Array<ArrayBuffer> | number>> = {}): World['fetch'] =>
  (address) => {
    const path = address.slice('https://example.org/georgia/'.length);
    const changed = changes[path];
    if (typeof changed === 'number') return Promise.resolve(new Response('', { status: changed }));
    if (changed !== undefined) return Promise.resolve(new Response(changed));
    if (!paths.includes(path)) return Promise.resolve(new Response('', { status: 404 }));
    return Promise.resolve(new Response(readFileSync(join(record, path))));
  };

interface Json {
  status: number;
  findings: { check: string; word: string; statement: string }[];
  answers: { statement: { id: string }; word: string }[];
}
const findingsOf = (text: string): string[] =>
  (JSON.parse(text) as Json).findings.map((f) => `${f.check}: ${f.word}`);

describe('an address', () => {
  test('gives what the folder gives, but for files that nobody can list', async () => {
    const folder = testWorld();
    expect(await run(['verify', record, '--json'], folder.world)).toBe(1);
    const address = testWorld({ fetch: web() });
    expect(await run(['verify', 'https://example.org/georgia', '--json'], address.world)).toBe(1);
    const differ = findingsOf(folder.stdout()).filter((f) => !findingsOf(address.stdout()).includes(f));
    expect(differ.every((f) => f.startsWith('files-match') || f.startsWith('log-tree'))).toBe(true);
    expect(findingsOf(address.stdout()).some((f) => f.startsWith('same-winner: holds'))).toBe(true);
  });

  test('a changed byte is found', async () => {
    const [path] = paths.filter((p) => p.startsWith('files/')).sort();
    const bytes = new Uint8Array(readFileSync(join(record, path!)));
    bytes[40]! ^= 1;
    const { world, stdout } = testWorld({ fetch: web({ [path!]: bytes }) });
    expect(await run(['verify', 'https://example.org/georgia/', '--json'], world)).toBe(2);
    expect(findingsOf(stdout())).toContain('files-match: fails');
  });

  test('without a record, with a server fault, without a network: a sentence', async () => {
    const none = testWorld({ fetch: () => Promise.resolve(new Response('', { status: 404 })) });
    expect(await run(['verify', 'https://example.org/georgia'], none.world)).toBe(66);
    expect(none.stderr()).toContain('a file named checkpoint');
    const fault = testWorld({ fetch: web({ checkpoint: 500 }) });
    expect(await run(['verify', 'https://example.org/georgia'], fault.world)).toBe(66);
    expect(fault.stderr()).toContain('answered HTTP 500 where 200 was expected');
    const down = testWorld();
    expect(await run(['verify', 'https://example.org/georgia.zip'], down.world)).toBe(66);
    expect(down.stderr()).toContain('could not be fetched: no network in this test');
  });
});

test('a folder with a changed, a missing, an added file: exit status 2, said first', async () => {
  const path = paths.find((p) => p.startsWith('bodies/'));
  const changes: Record<string, World['files']> = {
    changed: { ...diskFiles, read: (p) => (p.endsWith(path!) ? new Uint8Array(9) : diskFiles.read(p)) },
    missing: { ...diskFiles, listAll: (f) => diskFiles.listAll(f).filter((p) => p !== path) },
    added: { ...diskFiles, listAll: (f) => [...diskFiles.listAll(f), 'files/slipped-in'].sort(), read: (p) => (p.endsWith('slipped-in') ? new Uint8Array(3) : diskFiles.read(p)) },
  }; // prettier-ignore
  for (const [what, files] of Object.entries(changes)) {
    const { world, stdout } = testWorld({ files });
    expect(await run(['verify', record], world), what).toBe(2);
    expect(stdout().split('\n')[0], what).toContain('This record does not hold');
  }
});

test('on a terminal there is colour, elsewhere none', async () => {
  const plain = testWorld();
  await run(['verify', record], plain.world);
  expect(plain.stdout()).not.toContain('\u001B');
  let out = '';
  const terminal = testWorld({ stdout: { isTerminal: true, columns: 80, write: (t) => void (out += t) } });
  await run(['verify', record], terminal.world);
  expect(out).toContain('\u001B[31m');
});

test('each claim has a page, a ClaimReview and a label, and none of them runs or fetches anything', async () => {
  const verification = await verifyRecord(testWorld().world, record);
  const files = claimFiles(verification, {
    base: 'https://example.org/claims/',
    publisher: 'Example County',
  });
  expect(verification.answers.length).toBeGreaterThanOrEqual(10);
  expect(files).toHaveLength(1 + 4 * verification.answers.length);
  for (const { statement, word } of verification.answers) {
    const text = (end: string): string => files.find((f) => f.path === `${statement.id}${end}`)!.text;
    const review = JSON.parse(text('.jsonld')) as Record<string, never> & {
      reviewRating: { ratingValue?: number; alternateName: string };
      isBasedOn: { identifier?: string }[];
    };
    expect(review).toMatchObject({
      '@context': 'https://schema.org',
      '@type': 'ClaimReview',
      url: `https://example.org/claims/${statement.id}.html`,
      claimReviewed: statement.words,
      itemReviewed: { '@type': 'Claim', datePublished: statement.when, author: { name: statement.who } },
    });
    expect(review.reviewRating.ratingValue !== undefined).toBe(
      ['contradict', 'partly', 'support'].includes(word),
    );
    expect(review.isBasedOn[0]!.identifier).toContain(verification.record!.root);
    expect(text('.html')).not.toMatch(/<script(?! type="application\/ld\+json")|\son\w+=|<link|<iframe/);
    expect(text('.svg')).toMatch(/^<svg [\s\S]*<a href="https:\/\/example\.org\/claims\//);
    expect(text('.embed.html')).toContain(`${statement.id}.svg`);
  }
});

test('words that look like HTML stay words', async () => {
  const verification = await verifyRecord(testWorld().world, record);
  const [answer] = verification.answers;
  const nasty = '</script><img src=x onerror=alert(1)>"\'&';
  const files = claimFiles(
    {
      ...verification,
      answers: [{ ...answer!, statement: { ...answer!.statement, words: nasty, who: nasty, where: nasty } }],
    },
    { base: '', publisher: nasty },
  );
  for (const { path, text } of files)
    if (!path.endsWith('.jsonld')) expect(text, path).not.toContain('<img src=x');
});
