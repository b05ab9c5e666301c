// From data to a PDF: Typst, run in a thread of its own so that nobody at the desk waits for it. The data goes in as JSON and is never part of
// the source; PDF/UA-1, so that a screen reader reads what is printed; the time is the record's, so that the same data gives the same bytes.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';

export type Paper = 'retrieval-list' | 'placeholders' | 'labels' | 'tally-sheets' | 'board-credential';

export type Typeset =
  | { readonly ok: true; readonly pdf: Uint8Array<ArrayBuffer> }
  /** 'no-typesetter': this machine's platform has none. */
  | { readonly ok: false; readonly code: 'no-typesetter' };

export interface Job {
  readonly paper: Paper;
  readonly data: Readonly<Record<string, unknown>>;
  /** RFC 3339. */
  readonly made: string;
}

export async function typeset({ paper, data, made }: Job): Promise<Typeset> {
  if (!haveTypst()) return { ok: false, code: 'no-typesetter' };
  const fonts = fontFolders();
  const job = {
    main: `${paper}.typ`,
    data: JSON.stringify({
      ...data,
      fonts: [...(fonts.length > 0 ? ['Public Sans'] : []), 'Libertinus Serif'],
      fixed: 'DejaVu Sans Mono',
    }),
    made: Math.floor(Date.parse(made) / 1000),
    fonts,
  };
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./typesetter.ts', import.meta.url), { workerData: job });
    worker.once('message', (pdf: Uint8Array<ArrayBuffer>) => resolve({ ok: true, pdf }));
    worker.once('error', reject);
  });
}

const require = createRequire(import.meta.url);

/** Typst is a program of the platform: there is none for some. */
function haveTypst(): boolean {
  try {
    require('@myriaddreamin/typst-ts-node-compiler');
    return true;
  } catch {
    return false;
  }
}

/** Public Sans, the typeface of American public offices, where it is installed; else Typst's own. */
function fontFolders(): string[] {
  try {
    const folder = join(dirname(require.resolve('@uswds/uswds')), '../fonts/public-sans');
    return existsSync(folder) ? [folder] : [];
  } catch {
    return [];
  }
}
