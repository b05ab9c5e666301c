// What the tests of importing share: a folder of their own for the records, and files brought into one of them.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toUtf8 } from '@opencanvass/evidence/bytes';
import { afterEach, beforeEach } from 'vitest';
import { createFolder, isRecordFolder, openFolder, type Surroundings } from '../src/folder.ts';
import {
  importFiles,
  type FileToImport,
  type Imported,
  type ImportOptions,
  type ToImportAtOnce,
} from '../src/importFiles.ts';
import { counted, seededKey, ticking } from './smallElection.ts';

export const author = { name: 'the clerk', role: 'compiler' };
export const around = (): Surroundings => ({ clock: ticking(), random: counted(), key: seededKey(1) });
export const file = (name: string, text: string): FileToImport => ({ name, bytes: toUtf8(text) });

export const done = (imported: Imported): Extract<Imported, { ok: true }> => {
  if (!imported.ok) throw new Error(JSON.stringify(imported.refusals));
  return imported;
};

/** A folder for each test, in which records are made by name. */
export class Records {
  #at = '';

  constructor() {
    beforeEach(async () => {
      this.#at = await mkdtemp(join(tmpdir(), 'import-'));
    });
    afterEach(() => rm(this.#at, { recursive: true, force: true }));
  }

  folder(name = 'r'): string {
    return join(this.#at, name);
  }

  /** Into the record that there is, or one that begins with this. */
  async take(given: ToImportAtOnce, options: Partial<ImportOptions> = {}, name = 'r'): Promise<Imported> {
    const folder = this.folder(name);
    const beginning = { record: 'reconstructed', author } as const;
    return importFiles(
      given,
      (await isRecordFolder(folder))
        ? await openFolder(folder, around())
        : (election) => createFolder(folder, 'example/import', { ...beginning, election }, around()),
      { author, ...options },
    );
  }
}
