// Makes up a county and writes its cast vote records in a vendor's format: `node scripts/generate-county.ts dominion-csv OUT --cards 500000`. An export
// of several files becomes a folder.
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { county, manifestCsv } from '../bench/generate/county.ts';
import { countyFormats } from '../bench/generate/vendors.ts';

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
const formats = [...Object.keys(countyFormats), 'manifest'];
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
if (format === 'manifest') write(out, manifestCsv(of));
else {
  const files = countyFormats[format]!(of);
  if (files.length === 1) write(out, files[0]!.bytes());
  else {
    mkdirSync(out, { recursive: true });
    for (const { name, bytes } of files) write(join(out, name), bytes());
  }
}
