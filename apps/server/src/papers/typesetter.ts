// The thread of one paper: compiles it, and says what came out.
import { fileURLToPath } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { NodeCompiler, PdfStandard } from '@myriaddreamin/typst-ts-node-compiler';

const { main, data, made, fonts } = workerData as {
  readonly main: string;
  /** JSON. */
  readonly data: string;
  readonly made: number;
  readonly fonts: string[];
};
const workspace = fileURLToPath(new URL('.', import.meta.url));
const compiler = NodeCompiler.create({ workspace, fontArgs: [{ fontPaths: fonts }] });
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
parentPort!.postMessage(new Uint8Array(pdfOf(data)));

function pdfOf(json: string): Buffer {
  const compiled = compiler.compile({ mainFilePath: `${workspace}${main}`, inputs: { data: json } });
  if (compiled.hasError() || compiled.result === null)
    throw new Error(`${main}: ${JSON.stringify(compiler.fetchDiagnostics(compiled.takeError()!))}`);
  try {
    return compiler.pdf(compiled.result, { pdfStandard: PdfStandard.UA_1, creationTimestamp: made });
  } catch (fault) {
    const without = withoutUnprintable(json, String(fault));
    if (without === json) throw fault;
    return pdfOf(without);
  }
}

/**
 * PDF/UA wants a glyph for every letter, and no font has all. A letter that the fonts at hand lack is printed as its number, [U+65E5]: two
 * names that differ in it go on differing. Which they are is said by Typst, in Rust's notation of text.
 */
function withoutUnprintable(json: string, fault: string): string {
  const lacking = new Set(
    [...fault.matchAll(/the text `\\*"(.*?)\\*"` could not be displayed/g)]
      .map((m) =>
        m[1]!.replaceAll(/\\+u\{([0-9a-f]+)\}/g, (_, hex: string) => String.fromCodePoint(parseInt(hex, 16))),
      )
      .flatMap((text) => Array.from(text)),
  );
  const printable = (text: string): string =>
    Array.from(text)
      .map((c) =>
        lacking.has(c) ? `[U+${c.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}]` : c,
      )
      .join('');
  return JSON.stringify(JSON.parse(json), (_, value: unknown) =>
    typeof value === 'string' ? printable(value) : value,
  );
}
