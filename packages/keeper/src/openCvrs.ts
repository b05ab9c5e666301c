// Opens exports of cast vote records that were imported sealed. From then on every publication has them: so who opens them first hears whose vote
// could be known.
import { RareStylesFinder, type RareStyles } from '@opencanvass/evidence/disclosure';
import { filesOfZip, readCvrExport, type InputFile } from '@opencanvass/evidence/formats';
import {
  exportIn,
  type Author,
  type Entry,
  type FileRef,
  type SaltedBody,
} from '@opencanvass/evidence/record';
import type { Appended, Keeper } from './keeper.ts';

export interface SealedCvrs extends FileRef {
  readonly position: number;
}

/** The exports that no publication has yet. */
export async function sealedCvrs(keeper: Keeper): Promise<SealedCvrs[]> {
  const stored = await keeper.stored();
  const entries = stored.map(({ leaf }) => JSON.parse(leaf) as Entry);
  const opened = new Set(
    entries.filter((e) => e.act.kind === 'seal opened').flatMap((e) => e.act.about.entries ?? []),
  );
  return stored.flatMap(({ position, body }) => {
    const { act } = entries[position]!;
    const read = exportIn(act.kind, (JSON.parse(body) as SaltedBody).body);
    return read === undefined || act.body.access === 'open' || opened.has(position)
      ? []
      : [{ ...read.file, position }];
  });
}

/** `fileOf` gives a kept file from any place. `judge` hears of all exports together and throws where they are to stay sealed. */
export async function openSealedCvrs(
  keeper: Keeper,
  sealed: readonly SealedCvrs[],
  author: Author,
  fileOf: (sealed: SealedCvrs) => InputFile,
  judge: (rare: RareStyles) => void,
): Promise<Appended> {
  const rare = new RareStylesFinder();
  for (const one of sealed) {
    const files = await filesOfZip(fileOf(one));
    const reading = files.ok ? await readCvrExport(files.value, rare) : files;
    if (!reading.ok)
      throw new Error(`${one.name} could be read when it was imported: ${JSON.stringify(reading.refusals)}`);
  }
  judge(rare.result());
  return keeper.append({
    kind: 'seal opened',
    author,
    about: { entries: sealed.map((s) => s.position) },
    body: {},
  });
}
