// Makes the record of Georgia's full hand count of November 2020 from the public files.
//
//   node scripts/make-georgia-2020.ts            the county-level record that ships in cases/georgia-2020/record
//   node scripts/make-georgia-2020.ts FOLDER     the whole record, 41,881 batches and the state's files, published into FOLDER
//
// The same files and statements give the same record to the byte: the clock stands still, the salts are counted, and the log's key is made
// from a sentence. So the key is no secret and its signature says nothing of who made the record; making it again says it all.
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { toUtf8 } from '@opencanvass/evidence/bytes';
import type { About, Author, Bodies, Entry, Statement } from '@opencanvass/evidence/record';
import {
  createFolder,
  importFiles,
  nodeSha256,
  publishFolder,
  publishZip,
  signingKeyFromSeed,
  type Draft,
  type Keeper,
} from '@opencanvass/keeper';
import { haveShared, sharedFile } from '../tests/sharedData.ts';

const home = fileURLToPath(new URL('../cases/georgia-2020', import.meta.url));
const origin = 'opencanvass.example/georgia-2020';
const made = new Date('2026-11-22T00:00:00.000Z');
const author: Author = { name: 'OpenCanvass, from public files', role: 'compiler' };
const state = 'Georgia Secretary of State';

/** The state's files. Where they can be had, cases/georgia-2020/SOURCE.md says. */
const sources = [
  { name: 'machine-count-detail-2020-11-20.xml', from: state, status: 'certified' },
  { name: 'audit-report-November-3-2020-General-Election-2020-11-19.csv', from: state },
  { name: 'county-undervotes-overvotes.json', from: 'county results pages of the state, gathered by county' },
] as const;

export interface Making {
  /** 'type': counties by batch type, without the state's files. 'batch': all 41,881 batches, with them. */
  readonly granularity: 'type' | 'batch';
}

/** The record in a keeper over a temporary folder, given to `use` and then removed. */
export async function withGeorgia2020<T>(making: Making, use: (keeper: Keeper) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'georgia-2020-'));
  let salts = 0;
  const around = {
    clock: () => made,
    random: (bytes: number) => nodeSha256(toUtf8(`georgia-2020 salt ${salts++}`)).slice(0, bytes),
    key: signingKeyFromSeed(nodeSha256(toUtf8('the example record of Georgia 2020'))),
  };
  try {
    const imported = await importFiles(
      {
        files: sources.map((s) => ({
          ...s,
          bytes: readFileSync(sharedFile(`data/georgia-2020/${s.name}`)),
        })),
      },
      (election) => createFolder(folder, origin, { record: 'reconstructed', election, author }, around),
      { author, granularity: making.granularity, holdOriginals: making.granularity === 'batch' },
    );
    if (!imported.ok)
      throw new Error(`the files of Georgia were refused: ${JSON.stringify(imported.refusals)}`);
    const { keeper } = imported;
    try {
      const answer = await keeper.append(...explanations(await keeper.entries()), ...statements());
      if (!answer.ok) throw new Error(`what was said was refused: ${JSON.stringify(answer.refusals)}`);
      return await use(keeper);
    } finally {
      await keeper.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export const publishGeorgia2020 = async (making: Making, to: string): Promise<void> =>
  withGeorgia2020(making, async (keeper) => {
    const published = await publishFolder(keeper, to);
    if (!published.ok) throw new Error(`${to} holds something else: ${published.found.join(', ')}`);
  });

export const zipGeorgia2020 = async (making: Making): Promise<Uint8Array> =>
  withGeorgia2020(making, (keeper) => buffer(publishZip(keeper)));

// ── what was said ───────────────────────────────────────────────────────────────────────────────────────────────────

const readHome = <T>(name: string): T[] => JSON.parse(readFileSync(join(home, name), 'utf8')) as T[];

const statements = (): Draft[] =>
  readHome<Statement>('statements.json').map((statement) => ({
    kind: statement.kind === 'claim' ? 'claim registered' : 'statement made',
    author,
    ...(/^\d{4}-\d\d-\d\d$/.test(statement.when) ? { done: statement.when } : {}),
    about: statement.contest === undefined ? {} : { contest: statement.contest },
    body: statement,
  }));

type Explained = Bodies['discrepancy explained'] & Pick<About, 'contest' | 'jurisdiction'>;

/** Each names the entries that it explains: the county's hand count, or the results where it is of no county. */
const explanations = (entries: readonly Entry[]): Draft[] =>
  readHome<Explained>('explanations.json').map(({ contest, jurisdiction, ...body }) => {
    const explains = entries.filter(({ act: { kind, about } }) =>
      jurisdiction === undefined ? kind === 'results reported' : about.jurisdiction === jurisdiction,
    );
    const about: About = {
      ...(contest === undefined ? {} : { contest }),
      ...(jurisdiction === undefined ? {} : { jurisdiction }),
      entries: explains.map((e) => e.position),
    };
    return { kind: 'discrepancy explained', author, about, body };
  });

if (import.meta.main) {
  const [to] = process.argv.slice(2);
  if (!haveShared())
    throw new Error(
      `the state's files are not at ${sharedFile('data/georgia-2020')}; set OPENCANVASS_SHARED`,
    );
  if (to === undefined) await publishGeorgia2020({ granularity: 'type' }, join(home, 'record'));
  else await publishGeorgia2020({ granularity: 'batch' }, to);
}
