// A record of many contests, on a terminal: what cannot be told of all of them for one reason is said once, and no line is wider than the terminal.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { haveShared, sharedFile } from '../../../tests/sharedData.ts';
import { run } from '../src/main.ts';
import { testWorld } from './testWorld.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'many-contests-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const columns = 80;

async function verified(
  name: string,
  imported: readonly string[],
  published: readonly string[] = [],
): Promise<{ readonly lines: readonly string[]; readonly json: Json }> {
  const [kept, record] = [join(folder, `${name}-kept`), join(folder, name)];
  const origin = ['--origin', `example.org/${name}`, '--election', 'Many', '--date', '2024-11-05'];
  await expectRun(['import', ...imported, '--to', kept, ...origin]);
  await expectRun(['publish', kept, '--to', record, ...published]);
  let out = '';
  const terminal = testWorld({ stdout: { isTerminal: true, columns, write: (t) => void (out += t) } });
  await run(['verify', record], terminal.world);
  const { world, stdout } = testWorld();
  await run(['verify', record, '--json'], world);
  return { lines: stripVTControlCharacters(out).split('\n'), json: JSON.parse(stdout()) as Json };
}

interface Json {
  readonly verdicts: readonly { readonly contest: string; readonly sentence: string }[];
  readonly findings: readonly { readonly check: string; readonly contest?: string; readonly word: string }[];
}

async function expectRun(args: readonly string[]): Promise<void> {
  const { world, stderr } = testWorld();
  expect(await run([...args], world), stderr()).toBe(0);
}

const unbroken = (lines: readonly string[]): string => lines.join(' ').replaceAll(/\s+/g, ' ');

test.skipIf(!haveShared())(
  'San Francisco, November 2024: 53 contests without results',
  { timeout: 60_000 },
  async () => {
    const { lines, json } = await verified(
      'sf',
      [sharedFile('data/san-francisco-2024'), '--jurisdiction', 'San Francisco'],
      ['--open-cvrs', '--rare-styles-too'],
    );
    const text = unbroken(lines);
    expect(text.split('There are no results to compare')).toHaveLength(2);
    expect(text).toContain('53 contests');
    // A machine is told of each, and each is named.
    expect(json.verdicts).toHaveLength(53);
    for (const { contest } of json.verdicts) expect(text).toContain(contest);
    expect(lines.filter((l) => l.length > columns)).toEqual([]);
  },
);

test('contests with results, none of them counted by hand', { timeout: 60_000 }, async () => {
  const csv = join(folder, 'results.csv');
  const offices = ['Mayor', 'Sheriff', 'Clerk', 'Judge'];
  const rows = offices.flatMap((office, i) => [
    `Kern,${office},Ann,${50 + i}`,
    `Kern,${office},Bob,${40 - i}`,
  ]);
  writeFileSync(csv, ['jurisdiction,contest,choice,votes', ...rows, ''].join('\n'));
  const { lines, json } = await verified('kern', [csv, '--contest', ...offices]);
  const untold = json.findings.filter((f) => f.check === 'results-add-up' && f.word === 'cannot tell');
  expect(untold.map((f) => f.contest)).toEqual(['mayor', 'sheriff', 'clerk', 'judge']);
  const statement = 'the reported results add up, by county and by vote type';
  expect(unbroken(lines).split(statement)).toHaveLength(2);
  expect(lines[lines.findIndex((l) => l.endsWith(statement)) + 1]?.trim()).toMatch(/^4 contests: ./);
  // A machine is told what was reported of each; people, once, that nobody looked at the paper of any of them.
  expect(json.verdicts.map((v) => v.sentence.split('.')[0])).toEqual([
    'Reported: Ann by 10 votes',
    'Reported: Ann by 12 votes',
    'Reported: Ann by 14 votes',
    'Reported: Ann by 16 votes',
  ]);
  expect(unbroken(lines)).toContain(
    `Reported only: this record has no audit of them and no hand count of their paper. ${offices.join(' · ')}`,
  );
});
