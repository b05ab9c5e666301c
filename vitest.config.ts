import { defineConfig } from 'vitest/config';
import { playwright } from '@vitest/browser-playwright';
import { chromiumFlags, findChromium } from './tests/chromium.ts';

// Two projects. `node`: every test. `browser`: the tests of evidence that need no file system (`*.test.ts`, not
// `*.node.test.ts`), run again in a real Chromium, because that is where a stranger verifies.
const chromium = findChromium();
const ignore = ['**/node_modules/**', '**/dist/**'];

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
          exclude: ignore,
          testTimeout: 30_000,
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
