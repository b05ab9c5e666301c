// The walls of the house (design: rooms of evidence, and who may import whom). Reads every import of every source file
// and refuses one that breaks the table.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** In the order in which paper becomes a conclusion: a room may import only those before it. */
export const rooms = [
  'bytes', 'risk', 'election', 'paper', 'cvr', 'counts', 'stated', 'custody', 'equipment', 'law', 'formats', 'tally',
  'assertions', 'draw', 'audit', 'disclosure', 'log', 'record', 'checks', 'claims', 'sentences',
]; // oxfmt-ignore

/** Which packages may import which: a face may use everything below it, evidence uses nobody. */
const mayImport: Record<string, readonly string[]> = {
  'packages/evidence': [],
  'packages/keeper': ['@opencanvass/evidence'],
  'packages/query': ['@opencanvass/evidence'],
  'packages/contract': ['@opencanvass/evidence'],
  'apps/cli': [
    '@opencanvass/evidence',
    '@opencanvass/keeper',
    '@opencanvass/query',
    '@opencanvass/offline',
    '@opencanvass/server',
  ],
  'apps/server': [
    '@opencanvass/evidence',
    '@opencanvass/keeper',
    '@opencanvass/query',
    '@opencanvass/contract',
    '@opencanvass/offline',
    '@opencanvass/web',
  ],
  'apps/web': ['@opencanvass/evidence', '@opencanvass/contract', '@opencanvass/offline'],
  'apps/offline': ['@opencanvass/evidence'],
};

/** Runtime dependencies of evidence: pure JavaScript, all of them. */
const pureDependencies = ['@noble/hashes', '@noble/curves', 'saxes', 'fflate'];

interface Import {
  readonly file: string;
  readonly specifier: string;
}

const importPattern =
  /(?:^|\n)\s*(?:import|export)\s[^'";]*?from\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]/g;

function importsOf(file: string, text: string): Import[] {
  return [...text.matchAll(importPattern)].map((m) => ({ file, specifier: (m[1] ?? m[2] ?? m[3])! }));
}

const isTest = (file: string): boolean => file.endsWith('.test.ts') || file.includes('/test/');

/** What is wrong with one import, or undefined. `file` is relative to the repository. */
function offence({ file, specifier }: Import): string | undefined {
  const house = Object.keys(mayImport).find((p) => file.startsWith(`${p}/`));
  if (house === undefined || isTest(file)) return undefined;
  const sister = /^(@opencanvass\/[a-z]+|opencanvass)(?:\/|$)/.exec(specifier)?.[1];
  if (sister !== undefined && !mayImport[house]!.includes(sister))
    return `${file}: ${house} may not import ${specifier}`;
  if (specifier.startsWith('.')) {
    const target = relative(root, resolve(root, dirname(file), specifier));
    if (!target.startsWith(`${house}/`))
      return `${file}: reaches out of ${house} to ${target}; import the package instead`;
  }
  if (house !== 'packages/evidence') return undefined;
  if (specifier.startsWith('node:')) return `${file}: evidence is pure, and imports ${specifier}`;
  if (!specifier.startsWith('.')) {
    return pureDependencies.some((d) => specifier === d || specifier.startsWith(`${d}/`))
      ? undefined
      : `${file}: evidence may not depend on ${specifier}`;
  }
  const roomOf = (path: string): string | undefined => /^packages\/evidence\/src\/([^/]+)\//.exec(path)?.[1];
  const from = roomOf(file);
  const to = roomOf(relative(root, resolve(root, dirname(file), specifier)));
  if (from === undefined) return undefined; // verify.ts stands above all rooms
  if (!rooms.includes(from)) return `${file}: there is no room ${from}`;
  if (to === undefined || !rooms.includes(to)) return `${file}: imports ${specifier}, which is in no room`;
  return rooms.indexOf(to) <= rooms.indexOf(from)
    ? undefined
    : `${file}: room ${from} may not import room ${to}, which comes after it`;
}

/** The sister package that a file imports and its own package does not name, or undefined. */
function undeclared({ file, specifier }: Import): string | undefined {
  const house = Object.keys(mayImport).find((p) => file.startsWith(`${p}/`));
  const sister = /^@opencanvass\/[a-z]+/.exec(specifier)?.[0];
  if (house === undefined || sister === undefined) return undefined;
  const {
    name,
    dependencies = {},
    devDependencies = {},
  } = JSON.parse(readFileSync(`${root}/${house}/package.json`, 'utf8')) as {
    readonly name: string;
    readonly dependencies?: object;
    readonly devDependencies?: object;
  };
  return sister === name || sister in dependencies || (isTest(file) && sister in devDependencies)
    ? undefined
    : `${house} imports ${sister} and does not declare it`;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(`${root}/${folder}`, { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile() && /\.tsx?$/.test(e.name))
    .map((e) => relative(root, `${e.parentPath}/${e.name}`))
    .filter((f) => !/node_modules|\/dist\//.test(f));
}

describe('the house', () => {
  test('no import breaks the walls', () => {
    const files = ['packages', 'apps'].flatMap(sourceFiles);
    const imports = files.flatMap((f) => importsOf(f, readFileSync(`${root}/${f}`, 'utf8')));
    expect(files.length).toBeGreaterThan(10);
    expect(imports.length).toBeGreaterThan(10);
    expect(imports.map(offence).filter((o) => o !== undefined)).toEqual([]);
  });

  test('what is imported is declared, and tests may import more than the source does', () => {
    const missing = ['packages', 'apps']
      .flatMap(sourceFiles)
      .flatMap((f) => importsOf(f, readFileSync(`${root}/${f}`, 'utf8')).map(undeclared))
      .filter((o) => o !== undefined);
    expect([...new Set(missing)]).toEqual([]);
  });

  test('the first test can fail', () => {
    const refused = [
      ['packages/evidence/src/risk/alpha.ts', "import { sum } from '../election/index.ts'"],
      ['packages/evidence/src/risk/alpha.ts', "import { readFileSync } from 'node:fs'"],
      ['packages/evidence/src/log/tree.ts', "import {\n  a,\n} from '../record/index.ts'"],
      ['packages/evidence/src/log/tree.ts', "import type { A } from '../record/index.ts'"],
      ['packages/evidence/src/log/tree.ts', "import pg from 'pg'"],
      ['packages/evidence/src/utils/tree.ts', "import { a } from '../bytes/index.ts'"],
      ['packages/evidence/src/log/tree.ts', "export * from '@opencanvass/keeper'"],
      ['packages/keeper/src/a.ts', "import { x } from 'opencanvass'"],
      ['packages/keeper/src/a.ts', "import { x } from '../../evidence/src/log/index.ts'"],
      ['apps/web/src/a.ts', "const k = await import('@opencanvass/keeper')"],
    ];
    for (const [file, text] of refused) {
      const found = importsOf(file!, text!);
      expect(found, text).toHaveLength(1);
      expect(offence(found[0]!), `${file}: ${text}`).toBeDefined();
    }
    expect(
      importsOf('packages/evidence/src/log/tree.ts', "import { sha256 } from '../bytes/index.ts'").map(
        offence,
      ),
    ).toEqual([undefined]);
  });
});
