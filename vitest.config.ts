import { defineConfig } from 'vitest/config';
import { playwright } from '@vitest/browser-playwright';
import { chromiumFlags, findChromium } from './tests/chromium.ts';

// Four projects. `node`: every test but those of the next two. `browser`: the tests of evidence that need no file system (`*.test.ts`, not
// `*.node.test.ts`), run again in a real Chromium, because that is where a stranger verifies. `pages`: what is clicked or painted (the offline page,
// the desk's pages, the public site, papers, ways to sign in) and the faults of a server. `long`: thousands of simulated audits, whole audits by every
// method, kills, files larger than memory. The last two take minutes, so they are run by `npm run test:pages` and `npm run test:long`.
const chromium = findChromium();
const ignore = ['**/node_modules/**', '**/dist/**'];
const ofPages = [
  'apps/web/test/**/*.node.test.ts',
  'apps/server/test/{faults,papers,signIn,site}.node.test.ts',
  'apps/offline/page.node.test.ts',
];
const long = [
  'packages/evidence/src/audit/drills.node.test.ts',
  'apps/server/test/{backup,methods,processes,readings,setUp,verified}.node.test.ts',
  'packages/keeper/test/kill.node.test.ts',
  'tests/{boundedMemory,boundedRecord}.node.test.ts',
];

export default defineConfig({
  test: {
    pool: 'threads',
    isolate: false,
    projects: [
      {
        test: {
          name: 'node',
          pool: 'threads',
          isolate: false,
          include: ['packages/**/*.test.ts', 'apps/**/*.test.ts', 'tests/**/*.test.ts'],
          exclude: [...ignore, ...ofPages, ...long],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'long',
          pool: 'threads',
          isolate: false,
          include: long,
          exclude: ignore,
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'pages',
          pool: 'threads',
          isolate: false,
          fileParallelism: false,
          include: ofPages,
          exclude: ignore,
          // What is waited for is always something shown; these only end a test that hangs, on the slowest machine too.
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      ...(chromium === undefined
        ? []
        : [
            {
              test: {
                name: 'browser',
                include: ['packages/evidence/src/**/*.test.ts'],
                exclude: [...ignore, '**/*.node.test.ts'],
                testTimeout: 60_000,
                browser: {
                  enabled: true,
                  headless: true,
                  screenshotFailures: false,
                  provider: playwright({
                    launchOptions: {
                      executablePath: chromium,
                      args: chromiumFlags,
                    },
                  }),
                  instances: [{ browser: 'chromium' as const }],
                },
              },
            },
          ]),
    ],
  },
});
