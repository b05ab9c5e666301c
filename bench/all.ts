// `npm run bench`: every measurement in this folder, as one table. `npm run bench verify` runs only bench/verify.ts.
import { readdirSync } from 'node:fs';
import type { BenchRow } from './row.ts';

const asked = process.argv.slice(2);
const here = new URL('.', import.meta.url);
const names = readdirSync(here)
  .filter((f) => f.endsWith('.ts') && !['all.ts', 'row.ts'].includes(f))
  .map((f) => f.slice(0, -'.ts'.length))
  .filter((n) => asked.length === 0 || asked.includes(n));

const number = (n: number): string =>
  n.toLocaleString('en', { maximumFractionDigits: n < 10 ? 2 : n < 100 ? 1 : 0 });
for (const name of names) {
  const module = (await import(new URL(`${name}.ts`, here).href)) as { run?: () => Promise<BenchRow[]> };
  if (module.run === undefined) continue;
  console.log(`\n${name}`);
  for (const row of await module.run()) {
    const against = row.ratio === undefined ? '' : `  ${number(row.ratio)} × ${row.ratioTo}`;
    const note = row.note === undefined ? '' : `  (${row.note})`;
    console.log(`  ${row.name.padEnd(46)} ${number(row.value).padStart(10)} ${row.unit}${against}${note}`);
  }
}
