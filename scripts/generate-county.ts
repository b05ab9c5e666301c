// Makes up a county and writes its cast vote records: `node scripts/generate-county.ts dominion-csv OUT --cards 500000`.
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { clearBallotCsv, county, dominionCsv, dominionJson, manifestCsv } from '../bench/generate/county.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    cards: { type: 'string', default: '10000' },
    contests: { type: 'string', default: '20' },
    choices: { type: 'string', default: '4' },
    seed: { type: 'string', default: '1' },
  },
});
const [format, out] = positionals;
const formats = ['dominion-csv', 'dominion-json', 'clear-ballot-csv', 'manifest'];
if (format === undefined || out === undefined || !formats.includes(format)) {
  console.error(
    `usage: node scripts/generate-county.ts ${formats.join('|')} OUT [--cards N] [--contests N] [--choices N] [--seed N]`,
  );
  process.exit(64);
}
const of = county({
  cards: Number(values.cards),
  contests: Number(values.contests),
  choices: Number(values.choices),
  seed: Number(values.seed),
});

function write(path: string, blocks: Iterable<Uint8Array>): void {
  const file = openSync(path, 'w');
  for (const block of blocks) writeSync(file, block);
  closeSync(file);
}
if (format === 'dominion-json') {
  mkdirSync(out, { recursive: true });
  for (const { name, bytes } of dominionJson(of)) write(join(out, name), bytes());
} else if (format === 'dominion-csv') write(out, dominionCsv(of));
else if (format === 'clear-ballot-csv') write(out, clearBallotCsv(of));
else write(out, manifestCsv(of));
