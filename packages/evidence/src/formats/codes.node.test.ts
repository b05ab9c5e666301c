// specs/formats.md lists every code that the readers it describes can give: whoever adds a refusal writes it down there.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const readers = [
  'auditReport.ts', 'cells.ts', 'clarity.ts', 'countyBallots.ts', 'csv.ts', 'detect.ts', 'resultsCsv.ts', 'table.ts', 'text.ts',
  'xml.ts', 'zip.ts', 'xlsx.ts', 'clearBallot.ts', 'csvRows.ts', 'essXlsx.ts', 'genericRankedCsv.ts', 'hart.ts', 'nistCvr.ts', 'jsonElements.ts', 'raire.ts',
  '../audit/pairing.ts',
]; // prettier-ignore

test('every code is in the specification', () => {
  const spec = readFileSync(new URL('../../../../specs/formats.md', import.meta.url), 'utf8');
  const codes = new Set(
    readers.flatMap((file) => {
      const source = readFileSync(new URL(file, import.meta.url), 'utf8');
      const given =
        /(?:\b(?:refuse|remark|fail|fault)\(\s*|\bcode(?:: | =\s*)|\bcut \? |^\s+[:?] |return )'([a-z0-9]+(?:-[a-z0-9]+)+)'/gm;
      return [...source.matchAll(given)].map((m) => m[1]!);
    }),
  );
  expect(codes.size).toBeGreaterThan(50);
  expect([...codes].filter((code) => !spec.includes(`\`${code}\``))).toEqual([]);
});
