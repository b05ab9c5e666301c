// Two small whole records, published, for the tests that tamper with them: a conducted one (a sealed body, one that was opened, acts signed
// by the state's key, a witness's cosignature) and a reconstructed one. And what a forger does who holds keys: rebuild a log that suits him.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { canonicalJson, toBase64, toUtf8 } from '@opencanvass/evidence/bytes';
import type { ReportedResults } from '@opencanvass/evidence/counts';
import { votes } from '@opencanvass/evidence/election';
import { writeHandCountTable, writeResultsTable } from '@opencanvass/evidence/formats';
import { actPayloadType, readBundle } from '@opencanvass/evidence/log';
import type { HandCount } from '@opencanvass/evidence/paper';
import {
  bodyDigest,
  recordFromZip,
  type Act,
  type Entry,
  type SaltedBody,
} from '@opencanvass/evidence/record';
import { nodeSha256, type SigningKey } from '../src/crypto.ts';
import { createRecord, type Beginning, type Draft, type Keeper } from '../src/keeper.ts';
import { cosign, GrowingTree, signCheckpoint, signDsse, verifierKey, writeTiles } from '../src/log/index.ts';
import { publishZip } from '../src/publish.ts';
import { openSqlite } from '../src/sqlite.ts';
import { ann, authoriseState, bibb, boardKey, bob, clarke, contest, counted, election, fileRef, incident, joined, origin, seededKey, state, ticking } from './smallElection.ts'; // prettier-ignore

export const logSigner = { name: origin, key: seededKey(1) };
export const logKey = verifierKey(logSigner, 'ed25519');
export const witness = { name: 'witness.example', key: seededKey(5) };
export const witnessKey = verifierKey(witness, 'cosignature');

export type Files = Map<string, Uint8Array>;

const results: ReportedResults = {
  contest,
  choices: [ann, bob],
  status: 'certified',
  rows: [
    { jurisdiction: bibb, voteType: '', votes: [votes(41), votes(23)] },
    { jurisdiction: clarke, voteType: '', votes: [votes(15), votes(39)] },
  ],
};
const handCount: HandCount = {
  contest,
  granularity: 'batch',
  columns: [
    { kind: 'choice', choice: ann },
    { kind: 'choice', choice: bob },
  ],
  jurisdictions: [bibb, clarke],
  jurisdictionOf: Uint16Array.from([0, 0, 1]),
  names: ['b1', 'b2', 'c1'],
  types: ['Election Day', 'Absentee', 'Election Day'],
  tallies: Uint32Array.from([21, 12, 20, 11, 15, 39]),
};

const resultsReported = (): Draft => {
  const bytes = writeResultsTable(results);
  return {
    kind: 'results reported',
    author: state,
    about: { contest },
    body: { contest, choices: [ann, bob], status: 'certified', table: fileRef('results.json', bytes) },
    files: [bytes],
  };
};
const handCountReported = (jurisdiction: typeof bibb, totals: readonly number[], batches: number): Draft => {
  const bytes = writeHandCountTable(handCount, jurisdiction);
  const { columns } = handCount;
  const table = fileRef(`${jurisdiction}.json`, bytes);
  const body = { contest, granularity: 'batch', columns, totals, batches, table };
  return {
    kind: 'hand count reported',
    author: state,
    about: { contest, jurisdiction },
    body,
    files: [bytes],
  };
};
const counts = (): Draft[] => [handCountReported(bibb, [41, 23], 2), handCountReported(clarke, [15, 39], 1)];
const signed = (kind: Draft['kind'], body: unknown, more: Partial<Draft> = {}): Draft => ({
  kind,
  author: state,
  body,
  signers: [boardKey],
  ...more,
});
const manifest = toUtf8('Batch Name,Number of Ballots\nb1,33\nb2,31\n');
const contact = toUtf8('the audit board of Bibb, by telephone');

const conductedActs = (): Draft[] => [
  authoriseState(),
  joined(bibb, 'Bibb'),
  joined(clarke, 'Clarke'),
  signed('manifest sealed', { table: fileRef('manifest.csv', manifest) }, { access: 'sealed', about: { jurisdiction: bibb }, files: [manifest] }), // prettier-ignore
  resultsReported(),
  {
    kind: 'contests and risk limits announced',
    author: state,
    body: { contests: [{ contest, riskLimit: '5%' }] },
  },
  signed('seed drawn', {
    seed: '62849510372615849302',
    how: 'twenty ten-sided dice',
    witnesses: ['Dee Fox'],
  }),
  { kind: 'full hand count ordered', author: state, about: { contest }, body: { why: 'the margin' } },
  ...counts(),
  { kind: 'seal opened', author: state, about: { entries: [5] }, body: {} },
  {
    kind: 'incident noted',
    author: state,
    access: 'sealed',
    body: { file: fileRef('contact.txt', contact) },
    files: [contact],
  },
  signed('certificate signed', { contest, winner: ann }, { done: '2026-11-20' }),
];

export const conducted = (): Promise<Files> => published('conducted', conductedActs());
export const reconstructed = (): Promise<Files> =>
  published('reconstructed', [resultsReported(), ...counts()]);

/** With so many entries that a bundle is full and a tile stands above the first. */
export const wide = (): Promise<Files> =>
  published(
    'conducted',
    Array.from({ length: 300 }, (_, n) => incident(n)),
  );

async function published(record: Beginning['record'], acts: readonly Draft[]): Promise<Files> {
  const folder = await mkdtemp(join(tmpdir(), 'whole-'));
  const world = { storage: await openSqlite(folder), signer: logSigner, clock: ticking(), random: counted() };
  const keeper: Keeper = await createRecord(world, { record, election, author: state });
  const answer = await keeper.append(...acts);
  if (!answer.ok) throw new Error(JSON.stringify(answer.refusals));
  const cosigned = cosign(await keeper.checkpoint(), { logKey, proof: [] }, witness, 1_795_000_000);
  if (!cosigned.ok) throw new Error(cosigned.fault.code);
  await keeper.keepCosigned(cosigned.note);
  const zip = recordFromZip(await buffer(publishZip(keeper)));
  await keeper.close();
  await rm(folder, { recursive: true, force: true });
  if (!zip.ok) throw new Error(zip.code);
  return new Map(zip.files.list()!.map((path) => [path, zip.files.read(path)!]));
}

// ── a forger who rebuilds ───────────────────────────────────────────────────────────────────────────────────────────

export interface Parts {
  entries: Entry[];
  /** By position; absent where sealed. */
  bodies: Map<number, SaltedBody>;
}

export function partsOf(files: Files): Parts {
  const bundle = [...files].find(([path]) => path.startsWith('tile/entries/'))![1];
  const reading = readBundle(bundle);
  if (!reading.ok) throw new Error(reading.code);
  const entries = reading.entries.map((leaf) => JSON.parse(new TextDecoder().decode(leaf)) as Entry);
  const bodies = new Map<number, SaltedBody>();
  for (const { position } of entries) {
    const body = files.get(`bodies/${position}.json`);
    if (body !== undefined) bodies.set(position, JSON.parse(new TextDecoder().decode(body)) as SaltedBody);
  }
  return { entries, bodies };
}

/** The record with other entries: tiles written anew, and the checkpoint signed anew if there is a key. */
export function rebuilt(files: Files, { entries, bodies }: Parts, key?: SigningKey): Files {
  const forged: Files = new Map(
    [...files].filter(([path]) => path === 'checkpoint' || path.startsWith('files/')),
  );
  const leaves = entries.map((e) => canonicalJson(e));
  const tree = new GrowingTree();
  for (const leaf of leaves) tree.append(leaf);
  for (const { path, bytes } of writeTiles(tree, (i) => leaves[i]!)) forged.set(path, bytes);
  for (const [position, salted] of bodies) forged.set(`bodies/${position}.json`, canonicalJson(salted));
  if (key !== undefined)
    forged.set(
      'checkpoint',
      signCheckpoint({ origin, size: leaves.length, root: tree.root() }, { name: origin, key }),
    );
  return forged;
}

/** An entry with another body, its digest made right, signed by these keys. */
export function withBody(
  parts: Parts,
  position: number,
  body: unknown,
  signers: readonly SigningKey[] = [],
): Parts {
  const salt = nodeSha256(toUtf8('forged'));
  const { act } = parts.entries[position]!;
  const forged: Act = { ...act, body: { ...act.body, digest: bodyDigest(salt, body) } };
  const signatures = signDsse(actPayloadType, canonicalJson(forged), signers);
  return {
    entries: parts.entries.with(position, { ...parts.entries[position]!, act: forged, signatures }),
    bodies: new Map(parts.bodies).set(position, { salt: toBase64(salt), body }),
  };
}

/** Entries in another order or number, each given the position where it now stands. */
export function renumbered(parts: Parts, order: readonly number[]): Parts {
  const bodies = new Map<number, SaltedBody>();
  for (const [now, before] of order.entries()) {
    const body = parts.bodies.get(before);
    if (body !== undefined) bodies.set(now, body);
  }
  return { entries: order.map((before, now) => ({ ...parts.entries[before]!, position: now })), bodies };
}
