// The record that a desk leaves, and what a keeper who cheats could make of it: bodies changed, the log written and signed anew with a key of their own,
// so that as a record it holds, and only what it says can give the change away.
import { canonicalJson, sha256, toBase64 } from '@opencanvass/evidence/bytes';
import { checkEvidence } from '@opencanvass/evidence/checks';
import {
  bodyDigest,
  filesNamed,
  foldRecord,
  readRecord,
  recordFromMap,
  withCvrFigures,
  type Bodies,
  type Entry,
  type SaltedBody,
} from '@opencanvass/evidence/record';
import {
  authorisation,
  generateSigningKey,
  GrowingTree,
  publishedFiles,
  signCheckpoint,
  writeTiles,
  type Keeper,
} from '@opencanvass/keeper';
import { call, routes } from '@opencanvass/contract';
import type { TestDesk, Person } from './testDesk.ts';

export type Files = ReadonlyMap<string, Uint8Array>;

export async function published(keeper: Keeper): Promise<Files> {
  const files = new Map<string, Uint8Array>();
  for await (const { path, bytes } of publishedFiles(keeper)) files.set(path, bytes);
  return files;
}

/** Opens every seal: the audits have ended. */
export async function openSeals(t: TestDesk, { client }: Person): Promise<void> {
  for (const { act, position } of await t.desk.keeper.entries())
    if (act.body.access === 'sealed') {
      const answer = await call(client, routes.openSeal, { params: { position: `${position}` } });
      if (!answer.ok) throw new Error(JSON.stringify(answer.problem));
    }
}

/** `change` gives what stands in a body's place; undefined leaves it. */
export function rewritten(files: Files, change: (entry: Entry, body: unknown) => unknown): Files {
  const read = readRecord(recordFromMap(files));
  const signer = { name: read.facts.origin, key: generateSigningKey() };
  const made = new Map([...files].filter(([path]) => !path.startsWith('tile/')));
  const tree = new GrowingTree();
  const leaves: Uint8Array[] = [];
  for (const entry of read.facts.entries) {
    const { act, position } = entry;
    const old = read.bodies.get(position);
    const body =
      position === 1
        ? authorisation(signer.key, (old as Bodies['key authorised']).holder, [])
        : change(entry, old);
    if (body === undefined) leaves.push(canonicalJson(entry));
    else {
      const salt = sha256(canonicalJson(position));
      made.set(`bodies/${position}.json`, canonicalJson({ salt: toBase64(salt), body }));
      leaves.push(
        canonicalJson({ ...entry, act: { ...act, body: { ...act.body, digest: bodyDigest(salt, body) } } }),
      );
    }
    tree.append(leaves.at(-1)!);
  }
  for (const { path, bytes } of writeTiles(tree, (p) => leaves[p]!)) made.set(path, bytes);
  return made.set(
    'checkpoint',
    signCheckpoint({ origin: signer.name, size: tree.size, root: tree.root() }, signer),
  );
}

/** What the checks of the audit do not hold of a record as its keeper has it, sealed bodies and all; that an audit goes on is no fault. */
export async function notHeld(keeper: Keeper): Promise<string[]> {
  const files = recordFromMap(await published(keeper));
  const read = readRecord(files);
  const bodies = new Map<number, unknown>();
  const held = new Map(read.files);
  for (const { position, body: salted } of await keeper.storedFrom(0)) {
    const { body } = JSON.parse(salted) as SaltedBody;
    bodies.set(position, body);
    for (const { sha256: digest } of filesNamed(body)) held.set(digest, (await keeper.file(digest))!);
  }
  const inside = { ...read, bodies, files: held };
  const { evidence, facts } = await withCvrFigures(foldRecord(inside), inside, files);
  const goesOn = new Set(['not-certified', 'reading-goes-on', 'corrected-after-assessment']);
  return checkEvidence(evidence ?? facts)
    .filter((f) => auditChecks.has(f.check) && (f.word === 'fails' || f.word === 'cannot tell'))
    .filter((f) => f.word === 'fails' || !goesOn.has(f.code!))
    .map((f) => `${f.check} ${f.contest ?? ''} ${f.word}: ${f.code} ${JSON.stringify(f.units.slice(0, 3))}`);
}
const auditChecks = new Set([
  'batch-totals-equal-results',
  'sample-drawn-again',
  'only-drawn-read',
  'read-by-two-parties',
  'assessed-again',
  'certificate-says-outcome',
]);
