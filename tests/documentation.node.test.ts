// What the documentation shows is what happens: every `$ opencanvass …` in a console block is run, and must print what stands below it.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { run } from '../apps/cli/src/main.ts';
import { diskFiles } from '../apps/cli/src/world.ts';
import { matches, wordsOf } from '../apps/cli/test/script.ts';
import { testWorld } from '../apps/cli/test/testWorld.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const documents = [
  'README.md',
  ...['specs', 'cases/georgia-2020'].flatMap((folder) =>
    readdirSync(`${root}${folder}`)
      .filter((f) => f.endsWith('.md'))
      .map((f) => `${folder}/${f}`),
  ),
];

interface Example {
  readonly document: string;
  readonly line: number;
  readonly command: string;
  readonly expected: readonly string[];
}

/** The examples in the console blocks of a document; other commands than ours are told to the reader and not run. */
function examplesIn(document: string, text: string): Example[] {
  const examples: Example[] = [];
  let inside = false;
  for (const [i, line] of text.split('\n').entries()) {
    if (line.startsWith('```')) inside = !inside && line === '```console';
    else if (inside && line.startsWith('$ '))
      examples.push({ document, line: i + 1, command: line.slice(2), expected: [] });
    else if (inside) {
      const last = examples.pop();
      if (last === undefined) throw new Error(`${document}:${i + 1}: output without a command`);
      examples.push({ ...last, expected: [...last.expected, line] });
    }
  }
  return examples.filter((e) => e.command.startsWith('opencanvass '));
}

describe('examples in the documentation', () => {
  const examples = documents.flatMap((d) => examplesIn(d, readFileSync(`${root}${d}`, 'utf8')));

  test('there are some in the README', () => {
    expect(examples.filter((e) => e.document === 'README.md').length).toBeGreaterThanOrEqual(3);
  });

  for (const { document, line, command, expected } of examples)
    test(`${document}:${line}: ${command}`, async () => {
      // Paths in the documentation are those of the repository; what an example would write is thrown away.
      const { world, stdout, stderr } = testWorld({ files: { ...diskFiles, write: () => {} } });
      const words = wordsOf(command.slice('opencanvass '.length)).map((w) =>
        w.replace(/^(cases|apps)\//, `${root}$1/`),
      );
      const status = await run(words, world);
      const printed = stdout().replaceAll(root, '');
      if (!matches(expected, printed)) expect(printed, stderr()).toBe(`${expected.join('\n')}\n`);
      expect(status, stderr()).toBeLessThanOrEqual(1);
    });

  test('an example that prints something else is found', () => {
    const [example] = examplesIn('x.md', '```console\n$ opencanvass --version\n9.9.9\n```\n');
    expect(example).toMatchObject({ command: 'opencanvass --version', expected: ['9.9.9'] });
    expect(matches(example!.expected, '0.1.0\n')).toBe(false);
    expect(examplesIn('x.md', '```sh\n$ opencanvass x\n```\n')).toEqual([]);
  });
});

test('every link to a file of the repository leads somewhere', () => {
  const all = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile() && e.name.endsWith('.md') && !/node_modules|\/\.git\//.test(`${e.parentPath}/`))
    .map((e) => `${e.parentPath}/${e.name}`);
  expect(all.length).toBeGreaterThan(10);
  const dead = all.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)]
      .filter((m) => diskFiles.kind(fileURLToPath(new URL(m[1]!, `file://${file}`))) === undefined)
      .map((m) => `${file.slice(root.length)}: ${m[1]}`),
  );
  expect(dead).toEqual([]);
});
