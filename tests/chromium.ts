// Which Chromium do the browser tests use? The one named in OPENCANVASS_CHROMIUM, else the system's, else the one
// that Playwright fetched. Where there is none, the caller says which tests did not run.
import { accessSync, constants } from 'node:fs';
import { chromium, type Page } from 'playwright';

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** The path of a Chromium that can be started, or undefined where none is found. */
export function findChromium(): string | undefined {
  const named = process.env['OPENCANVASS_CHROMIUM'];
  if (named !== undefined && named !== '') {
    if (!isExecutable(named)) throw new Error(`OPENCANVASS_CHROMIUM names ${named}, which cannot be run`);
    return named;
  }
  return [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    chromium.executablePath(),
  ].find(isExecutable);
}

/** Flags under which Chromium runs headless without reaching for the network. */
export const chromiumFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** What to tell somebody whose machine has no Chromium. */
export const howToGetChromium =
  'no Chromium found: browser tests did not run. Get one with `npx playwright install chromium` or `apt-get install chromium`, or name one in OPENCANVASS_CHROMIUM';

/** A device in the page's computer that holds passkeys, and opens without being asked. */
export async function holdPasskeys(page: Page): Promise<void> {
  const devices = await page.context().newCDPSession(page);
  await devices.send('WebAuthn.enable');
  await devices.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}
