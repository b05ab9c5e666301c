// The specification is enough for a stranger: a verifier in another language, written from it, comes to the same answer as ours, on the
// record that ships and on copies of it that somebody has tampered with.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { run } from '../apps/cli/src/main.ts';
import { testWorld } from '../apps/cli/test/testWorld.ts';
import { openSeals, published, rewritten, type Files } from '../apps/server/test/published.ts';
import {
  announce,
  begin,
  boards,
  contest,
  readAll,
  rollDice,
  sealAll,
  TestDesk,
} from '../apps/server/test/testDesk.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const record = join(root, 'cases/georgia-2020/record');
const python = (script: string, ...words: readonly string[]) =>
  spawnSync('python3', ['-B', join(root, 'specs/second-verifier', script), ...words], { encoding: 'utf8' });

const version = spawnSync('python3', ['-c', 'import sys; print(sys.version_info >= (3, 9))'], {
  encoding: 'utf8',
});
const lacking = version.stdout?.trim() !== 'True';

interface Second {
  readonly faults: readonly (readonly [code: string, where: string | number, ...unknown[]])[];
  readonly checks: Record<string, readonly [check: string, word: string, figures: Record<string, unknown>][]>;
}
interface Ours {
  readonly status: number;
  readonly findings: readonly {
    readonly check: string;
    readonly of: string;
    readonly word: string;
    readonly figures: readonly { readonly name: string; readonly value: unknown }[];
    readonly units: readonly { readonly code?: string }[];
  }[];
}

/** What both say of a record: exit statuses, codes of faults of the record, and the findings. */
async function both(path: string) {
  const told = python('verify.py', path, '--json');
  const second = JSON.parse(told.stdout) as Second;
  const { world, stdout } = testWorld();
  await run(['verify', path, '--json'], world);
  const ours = JSON.parse(stdout()) as Ours;
  const failed = ours.findings.filter((f) => f.of === 'record' && f.word === 'fails');
  return {
    second: { status: told.status, codes: second.faults.map(([code]) => code).sort(), checks: second.checks },
    ours: {
      status: ours.status,
      codes: failed.flatMap((f) => f.units.map((u) => u.code ?? '')).sort(),
      findings: ours.findings,
    },
  };
}

describe.skipIf(lacking)('the second verifier (skipped where there is no python3 of 3.9 or later)', () => {
  test('answers the vectors of the log as expected', () => {
    const told = python('try_vectors.py');
    expect(told.stdout).toMatch(/as expected\n$/);
    expect(told.status).toBe(0);
  }, 60_000);

  test('finds the shipped record whole, with the figures that ours finds', async () => {
    const { second, ours } = await both(record);
    expect(second).toMatchObject({ status: 0, codes: [] });
    const checks = second.checks['president-of-the-united-states']!;
    expect(checks.length).toBe(9);
    for (const [check, word, figures] of checks) {
      const same = ours.findings.find((f) => f.check === check)!;
      expect([check, same.word]).toEqual([check, word]);
      for (const { name, value } of same.figures)
        if (name in figures) expect([check, name, figures[name]]).toEqual([check, name, value]);
    }
    // Reached by a third road: Georgia's own statement that the margin changed by less than 0.05% in 103 of 159 counties.
    expect(checks.find(([check]) => check === 'margin-variation')![2]).toMatchObject({
      below: 103,
      jurisdictions: 159,
      place: 'calhoun',
    });
  }, 60_000);

  test.each(['totals', 'cvrs'] as const)(
    'draws the sample of a conducted audit again, from the specification alone: %s',
    async (what) => {
      const folder = mkdtempSync(join(tmpdir(), 'conducted-'));
      const t = await TestDesk.open();
      try {
        const cast = await begin(t);
        await sealAll(t, cast, what);
        await announce(t, cast, what === 'totals' ? 'batch comparison' : 'card comparison');
        await rollDice(t, cast);
        await t.do(cast.state.client, 'draw', { params: { contest }, body: { draws: 40 } });
        await readAll(t, await boards(t, cast));
        await t.do(cast.state.client, 'assess', { params: { contest } });
        const { canvass } = cast;
        await t.sign(canvass, await t.do(canvass.client, 'certify', { body: { words: 'as it came to' } }));
        await openSeals(t, cast.state);
        const write = (files: Files): void => {
          for (const [path, bytes] of files) {
            mkdirSync(dirname(join(folder, path)), { recursive: true });
            writeFileSync(join(folder, path), bytes);
          }
        };
        const whole = await published(t.desk.keeper);
        write(whole);
        const drawn = ({ second, ours }: Awaited<ReturnType<typeof both>>) => {
          const theirs = second.checks[contest]!.find(([check]) => check === 'sample-drawn-again')!;
          const same = ours.findings.find((f) => f.check === 'sample-drawn-again')!;
          expect([same.word, theirs[2]]).toEqual([
            theirs[1],
            Object.fromEntries(same.figures.map((f) => [f.name, f.value])),
          ]);
          return theirs[1];
        };
        const told = await both(folder);
        expect(drawn(told)).toBe('holds');
        expect(told.second.codes).toEqual([]);
        expect(told.ours.findings.filter((f) => f.of === 'record' && f.word === 'fails')).toEqual([]);
        expect(told.ours.findings.find((f) => f.check === 'assessed-again')!.word).toBe('holds');
        // One draw exchanged for another, and the log written and signed anew.
        rmSync(folder, { recursive: true });
        write(
          rewritten(whole, ({ act }, body) => {
            if (act.kind !== 'sample drawn') return undefined;
            const { draws, ...rest } = body as { draws: readonly string[] };
            return { ...rest, draws: [draws[1], draws[0], ...draws.slice(2)] };
          }),
        );
        expect(drawn(await both(folder))).toBe('fails');
      } finally {
        await t.close();
        rmSync(folder, { recursive: true, force: true });
      }
    },
    60_000,
  );

  const bundle = 'tile/entries/000.p/186';
  const change = (path: string, from: string, to: string) => (folder: string) => {
    const bytes = readFileSync(join(folder, path), 'latin1');
    expect(bytes).toContain(from);
    writeFileSync(join(folder, path), bytes.replace(from, to), 'latin1');
  };
  test.each<[string, string, (folder: string) => void]>([
    ['a digit of a body', 'body-differs', change('bodies/7.json', '6570', '6571')],
    ['an entry', 'bundle-differs', change(bundle, '2020-11-12', '2020-11-13')],
    ['the signed root', 'signature-false', change('checkpoint', '8dlpf', '9dlpf')],
    ['an entry made longer', 'bundle-truncated', change(bundle, '"open"', '"sealed"')],
    ['a file slipped in', 'file-unknown', (f) => writeFileSync(join(f, 'files', '0'.repeat(64)), 'x')],
    ['a body removed', 'body-missing', (f) => rmSync(join(f, 'bodies/30.json'))],
  ])(
    'finds what ours finds: %s',
    async (_, code, tamper) => {
      const folder = mkdtempSync(join(tmpdir(), 'tampered-'));
      try {
        cpSync(record, folder, { recursive: true });
        tamper(folder);
        const { second, ours } = await both(folder);
        expect(second.codes).toContain(code);
        expect([second.status, second.codes]).toEqual([ours.status, ours.codes]);
        expect(second.status).toBe(2);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
    60_000,
  );
});
