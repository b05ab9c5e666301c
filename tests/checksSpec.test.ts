// specs/checks.md is what its script writes.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { allChecks } from '@opencanvass/evidence/checks';
import { checksSpec, path } from '../scripts/write-checks-spec.ts';

test('specs/checks.md says what the checks say (else: node scripts/write-checks-spec.ts)', () => {
  const written = readFileSync(path, 'utf8');
  expect(written).toBe(checksSpec());
  for (const { id } of allChecks) expect(written).toContain(`### \`${id}\``);
});
