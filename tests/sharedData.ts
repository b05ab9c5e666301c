// Where the public data sets and the published numbers lie that the slower tests read: OPENCANVASS_SHARED, or
// ../shared beside the repository. Nothing of them is in the repository. A test that needs them says so where they are absent;
// with OPENCANVASS_REQUIRE_SHARED=1 (as .ci/run sets it) their absence is a failure.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = process.env['OPENCANVASS_SHARED'] ?? fileURLToPath(new URL('../../shared', import.meta.url));

/** True if the shared data are on this machine. Throws where they are required and absent. */
export function haveShared(): boolean {
  const have = existsSync(`${root}/data`) && existsSync(`${root}/vectors`);
  if (!have && process.env['OPENCANVASS_REQUIRE_SHARED'] === '1')
    throw new Error(
      `the shared data are required (OPENCANVASS_REQUIRE_SHARED=1) and absent: no data/ and vectors/ in ${root}; set OPENCANVASS_SHARED`,
    );
  return have;
}

/** The path of a shared file: sharedFile('data/georgia-2020/counties.json'). */
export const sharedFile = (path: string): string => `${root}/${path}`;
