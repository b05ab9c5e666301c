// Writes vectors/record/*.json: one whole record that holds, and damage done to it. The faults of each are stated here, by hand, from specs/record.md
// and specs/log.md, never taken from a verifier. Keys, clock and salts are fixed: the same bytes at every run. node scripts/make-record-vectors.ts
//
// The record that holds went through the keeper. What the keeper refuses is written by `cheat`: the same parts, and nobody who says no.
import { deepStrictEqual } from 'node:assert';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  canonicalJson,
  concatBytes,
  fromUtf8,
  sha256,
  toBase64,
  toHex,
  toUtf8,
} from '../packages/evidence/src/bytes/index.ts';
import { contestId, choiceId, jurisdictionId } from '../packages/evidence/src/election/index.ts';
import { actPayloadType } from '../packages/evidence/src/log/index.ts';
import { bodyDigest, filesNamed } from '../packages/evidence/src/record/index.ts';
import type {
  About,
  ActSignature,
  Entry,
  EntryKind,
  FileRef,
  SaltedBody,
} from '../packages/evidence/src/record/index.ts';
import {
  authorisation, cosign, createRecord, GrowingTree, openSqlite, publishedFiles, signCheckpoint, signDsse, signingKeyFromSeed, verifierKey,
  verifierKeyText, writeTiles, type Draft, type Signer,
} from '../packages/keeper/src/index.ts'; // prettier-ignore

type Files = ReadonlyMap<string, Uint8Array>;

const signerOf = (name: string, seed = name): Signer => ({
  name,
  key: signingKeyFromSeed(sha256(toUtf8(`opencanvass test key ${seed}`))),
});
const log = signerOf('elections.example/2024-general');
const impostor = signerOf(log.name, 'an impostor');
const witness = signerOf('witness.example');
const [ann, bob, eve] = ['Ann', 'Bob', 'Eve'].map((name) => signerOf(name).key) as [
  Signer['key'],
  Signer['key'],
  Signer['key'],
];
const clock = '2024-11-05T20:00:00.000Z';
const cosigned = 1_730_900_000; // 2024-11-06

// ── The story ────────────────────────────────────────────────────────────────────────────────────────────────────────
const contest = contestId('Governor');
const [red, blue] = [choiceId('Red'), choiceId('Blue')];
const [adams, brown] = [jurisdictionId('Adams'), jurisdictionId('Brown')];
const state = { name: 'Secretary of State', role: 'state administrator' };
const county = { name: 'Adams County Clerk', role: 'county manager', jurisdiction: adams };

const fileRef = (name: string, bytes: Uint8Array): FileRef => ({
  name,
  sha256: toHex(sha256(bytes)),
  bytes: bytes.length,
});
const tableOf = (columns: readonly string[], ...rows: readonly (string | number | null)[][]): Uint8Array =>
  canonicalJson({ columns, rows });
const notice = toUtf8('Notice of the election of 5 November 2024.\n');
const manifest = toUtf8('batch,ballots\nA-1,60\nA-2,40\n');
const resultsTable = tableOf(
  ['jurisdiction', 'vote type', red, blue],
  [adams, 'all', 60, 40],
  [brown, 'all', 30, 20],
);
const countsTable = tableOf(
  ['jurisdiction', 'ballots', 'undervotes', 'overvotes', 'votes for choices', 'other votes'],
  [adams, 100, 0, 0, 100, null],
  [brown, 50, 0, 0, 50, null],
);
const handTable = (...rows: (string | number)[][]): Uint8Array =>
  tableOf(['batch', 'type', red, blue], ...rows);
const adamsTable = handTable(['A-1', 'all', 36, 23], ['A-2', 'all', 24, 16]);
const adamsTableAgain = handTable(['A-1', 'all', 36, 24], ['A-2', 'all', 24, 16]);
const brownTable = handTable(['B-1', 'all', 30, 20]);

/** An act, by a name of ours; `entries` are names too, so that an act may be put before others. */
interface Step extends Omit<Draft, 'about'> {
  readonly name: string;
  readonly about?: Omit<About, 'entries'> & { readonly entries?: readonly string[] };
  /** What the cheating keeper does besides. */
  readonly signed?: (signatures: readonly ActSignature[]) => readonly ActSignature[];
  readonly salted?: (salted: SaltedBody) => object;
  readonly leaf?: (entry: Entry) => Uint8Array;
}
const election = {
  name: 'General Election', date: '2024-11-05', state: 'Example',
  jurisdictions: [{ id: adams, name: 'Adams' }, { id: brown, name: 'Brown' }],
  contests: [{ id: contest, name: 'Governor', choices: [{ id: red, name: 'Red' }, { id: blue, name: 'Blue' }],
    rule: { kind: 'plurality' as const, voteFor: 1, winners: 1 } }],
}; // prettier-ignore
const keeper = { name: log.name, role: 'keeper' };
const handCount = (table: Uint8Array, name: string, totals: number[], batches: number) => ({
  contest, granularity: 'batch', columns: [{ kind: 'choice', choice: red }, { kind: 'choice', choice: blue }], totals, batches,
  table: fileRef(name, table),
}); // prettier-ignore
const annSigns: EntryKind[] = [
  'manifest sealed',
  'seed drawn',
  'correction',
  'certificate signed',
  'statement made',
];

const story: readonly Step[] = [
  { name: 'definition', kind: 'election defined', author: state, body: { record: 'conducted', origin: log.name, election } },
  { name: 'keeper', kind: 'key authorised', author: keeper, body: authorisation(log.key, keeper, []) },
  { name: 'adams', kind: 'jurisdiction joined', author: state, about: { jurisdiction: adams }, body: { jurisdiction: election.jurisdictions[0] } },
  { name: 'brown', kind: 'jurisdiction joined', author: state, about: { jurisdiction: brown }, body: { jurisdiction: election.jurisdictions[1] } },
  { name: 'ann', kind: 'key authorised', author: state, body: authorisation(ann, state, annSigns) },
  { name: 'bob', kind: 'key authorised', author: state, body: authorisation(bob, county, ['manifest sealed', 'CVRs sealed']) },
  { name: 'notice', kind: 'file received', author: state, body: { file: fileRef('notice.txt', notice), from: 'Secretary of State' }, files: [notice] },
  { name: 'manifest', kind: 'manifest sealed', author: county, done: '2024-11-05T14:00:00-05:00', about: { jurisdiction: adams }, access: 'sealed', body: { manifest: fileRef('manifest.csv', manifest) }, files: [manifest], signers: [bob, ann] },
  { name: 'cvrs', kind: 'CVRs sealed', author: county, about: { jurisdiction: adams }, access: 'sealed', body: { cards: ['A-1-1', 'A-1-2'] }, signers: [bob] },
  { name: 'results', kind: 'results reported', author: state, about: { contest }, body: { contest, choices: [red, blue], status: 'certified', statedTotals: [90, 60], table: fileRef('results', resultsTable) }, files: [resultsTable] },
  { name: 'counts', kind: 'counts reported', author: state, about: { contest }, body: { contest, table: fileRef('ballots cast', countsTable) }, files: [countsTable] },
  { name: 'announced', kind: 'contests and risk limits announced', author: state, body: { contests: [{ contest, riskLimit: '5%' }] } },
  { name: 'seed', kind: 'seed drawn', author: state, done: '2024-11-06', body: { seed: '20241106123456789012', how: 'twenty ten-sided dice', witnesses: ['an observer'] }, signers: [ann] },
  { name: 'sample', kind: 'sample drawn', author: state, about: { contest, round: 1 }, body: { ballots: ['A-1-2'] } },
  { name: 'paper', kind: 'paper interpreted', author: county, about: { contest, jurisdiction: adams, round: 1 }, body: { ballot: 'A-1-2', mark: 'red' } },
  { name: 'assessed', kind: 'round assessed', author: state, about: { contest, round: 1 }, body: { decision: 'count all' } },
  { name: 'ordered', kind: 'full hand count ordered', author: state, about: { contest }, body: { by: 'law' } },
  { name: 'hand-adams', kind: 'hand count reported', author: county, about: { contest, jurisdiction: adams }, body: handCount(adamsTable, 'hand count, Adams', [60, 39], 2), files: [adamsTable] },
  { name: 'hand-brown', kind: 'hand count reported', author: state, about: { contest, jurisdiction: brown }, body: handCount(brownTable, 'hand count, Brown', [30, 20], 1), files: [brownTable] },
  { name: 'correction', kind: 'correction', author: state, about: { entries: ['hand-adams'] }, body: { reason: 'a ballot stuck to another', replacement: handCount(adamsTableAgain, 'hand count, Adams', [60, 40], 2) }, files: [adamsTableAgain], signers: [ann] },
  { name: 'certificate', kind: 'certificate signed', author: state, about: { contest }, body: { winner: red }, signers: [ann] },
  { name: 'opened', kind: 'seal opened', author: state, about: { entries: ['cvrs'] }, body: {} },
  { name: 'statement', kind: 'statement made', author: state, body: { id: 'all-counted', kind: 'official statement', who: 'Secretary of State', when: '2024-11-07', where: 'a notice', words: 'Every ballot was counted by hand.', parts: [] }, signers: [ann] },
]; // prettier-ignore
const at = (name: string): number => story.findIndex((s) => s.name === name);
const step = (name: string): Step => story[at(name)]!;
const saltOf = (name: string): Uint8Array => sha256(toUtf8(`opencanvass test salt ${name}`));
const placed = (steps: readonly Step[], { about = {} }: Step): About => {
  const { entries, ...rest } = about;
  return entries === undefined
    ? rest
    : { ...rest, entries: entries.map((n) => steps.findIndex((s) => s.name === n)) };
};

// ── The keeper, and the keeper who cheats ────────────────────────────────────────────────────────────────────────────
const cosign1 = (note: Uint8Array, signer: Signer): Uint8Array => {
  const cosigning = cosign(note, { logKey: verifierKey(signer, 'ed25519'), proof: [] }, witness, cosigned);
  if (!cosigning.ok) throw new Error(cosigning.fault.code);
  return cosigning.note;
};

async function keep(): Promise<Files> {
  const folder = mkdtempSync(join(tmpdir(), 'record-vectors-'));
  const storage = await openSqlite(folder);
  const salts = story.map((s) => saltOf(s.name));
  const world = { storage, signer: log, clock: () => new Date(clock), random: () => salts.shift()! };
  try {
    const kept = await createRecord(world, { record: 'conducted', election, author: state });
    for (const s of story.slice(2)) {
      const appended = await kept.append({ ...s, about: placed(story, s) });
      if (!appended.ok) throw new Error(JSON.stringify(appended.refusals));
    }
    const files = new Map<string, Uint8Array>();
    for await (const { path, bytes } of publishedFiles(kept)) files.set(path, bytes);
    return files.set('checkpoint', cosign1(files.get('checkpoint')!, log));
  } finally {
    await storage.close();
    rmSync(folder, { recursive: true });
  }
}

function cheat(steps: readonly Step[], signer = log): Files {
  const files = new Map<string, Uint8Array>();
  const tree = new GrowingTree();
  const leaves: Uint8Array[] = [];
  const opened = new Set(steps.flatMap((s) => (s.kind === 'seal opened' ? (s.about?.entries ?? []) : [])));
  for (const [position, s] of steps.entries()) {
    const { kind, author, done, access = 'open', body } = s;
    const salt = saltOf(s.name);
    const plain: SaltedBody = { salt: toBase64(salt), body };
    const salted = s.salted?.(plain) ?? plain;
    const digest = bodyDigest('salt' in salted ? Buffer.from(salted.salt as string, 'base64') : salt, body);
    const act = {
      kind,
      author,
      ...(done === undefined ? {} : { done }),
      about: placed(steps, s),
      body: { access, digest },
    };
    const signatures = signDsse(actPayloadType, canonicalJson(act), s.signers ?? []);
    const entry: Entry = {
      v: 1,
      position,
      appended: clock,
      act,
      signatures: s.signed?.(signatures) ?? signatures,
    };
    leaves.push(s.leaf?.(entry) ?? canonicalJson(entry));
    tree.append(leaves[position]!);
    if (access === 'sealed' && !opened.has(s.name)) continue;
    files.set(`bodies/${position}.json`, canonicalJson(salted));
    const named = new Set(filesNamed(body).map((f) => f.sha256));
    for (const bytes of s.files ?? [])
      if (named.has(toHex(sha256(bytes)))) files.set(`files/${toHex(sha256(bytes))}`, bytes);
  }
  for (const { path, bytes } of writeTiles(tree, (position) => leaves[position]!)) files.set(path, bytes);
  return files.set(
    'checkpoint',
    cosign1(signCheckpoint({ origin: signer.name, size: tree.size, root: tree.root() }, signer), signer),
  );
}

const good = await keep();
const inBase64 = (files: Files) =>
  Object.fromEntries([...files.keys()].toSorted().map((path) => [path, toBase64(files.get(path)!)]));
deepStrictEqual(inBase64(cheat(story)), inBase64(good)); // until it cheats, it writes what the keeper writes

// ── Changes of the story ─────────────────────────────────────────────────────────────────────────────────────────────
const changed = (name: string, change: Partial<Step>): Step[] =>
  story.map((s) => (s.name === name ? { ...s, ...change } : s));
const exchanged = (one: string, two: string): Step[] =>
  story.map((s) => (s.name === one ? step(two) : s.name === two ? step(one) : s));
const after = (name: string, ...more: Step[]): Step[] => story.toSpliced(at(name) + 1, 0, ...more);
const noted = (name: string): Step => ({
  name: `no ${name}`,
  kind: 'incident noted',
  author: state,
  body: {},
});
const without = (...names: string[]): Step[] =>
  story.map((s) => (names.includes(s.name) ? noted(s.name) : s));
const again = (name: string, change: Partial<Step> = {}): Step => ({
  ...step(name),
  name: `${name} again`,
  ...change,
});
const withdrawn = (key: typeof ann, name = 'withdrawn'): Step => ({
  name,
  kind: 'key withdrawn',
  author: state,
  body: { keyid: toHex(sha256(key.publicKey)), why: 'lost', words: 'the laptop was stolen' },
});
const entryAs = (change: (entry: Entry) => unknown) => (entry: Entry) => canonicalJson(change(entry));
const signedAs = (type: string, s: Step): Partial<Step> => ({
  leaf: entryAs((entry) => ({ ...entry, signatures: signDsse(type, canonicalJson(entry.act), s.signers!) })),
});

// ── Changes of the folder ────────────────────────────────────────────────────────────────────────────────────────────
const put = (...changes: readonly (readonly [path: string, bytes: Uint8Array | undefined])[]): Files => {
  const files = new Map(good);
  for (const [path, bytes] of changes)
    if (bytes === undefined) files.delete(path);
    else files.set(path, bytes);
  return files;
};
const bodyOf = (name: string): string => `bodies/${at(name)}.json`;
const fileOf = (bytes: Uint8Array): string => `files/${toHex(sha256(bytes))}`;
const textOf = (path: string): string => fromUtf8(good.get(path)!)!;
const replaced = (path: string, from: string, to: string): Files => {
  const old = Buffer.from(good.get(path)!).toString('latin1'); // a bundle is no text
  if (!old.includes(from)) throw new Error(`${path} has no ${from}`);
  return put([path, new Uint8Array(Buffer.from(old.replace(from, to), 'latin1'))]);
};
const size = story.length;
const bundle = `tile/entries/000.p/${size}`;
const tile = `tile/0/000.p/${size}`;
const [noteText, logLine, witnessLine] = textOf('checkpoint').match(/^(?:.*\n){3}\n|.+\n/gu) as [
  string,
  string,
  string,
];
const oneMore = (line: string): string => line.replace(/.(?=.=*\n)/u, (c) => (c === 'A' ? 'Q' : 'A'));
const headOf = (files: Files) => {
  const [origin, n, root] = fromUtf8(files.get('checkpoint')!)!.split('\n');
  return { origin: origin!, size: Number(n), root: Buffer.from(root!, 'base64').toString('hex') };
};
const manifestBody = canonicalJson({ salt: toBase64(saltOf('manifest')), body: step('manifest').body });

// ── The vectors ──────────────────────────────────────────────────────────────────────────────────────────────────────
interface Knows { readonly logKeys?: readonly string[]; readonly witnessKeys?: readonly string[]; readonly seen?: readonly object[] } // prettier-ignore
interface Vector { readonly name: string; readonly knows?: Knows; readonly files: Files; readonly faults: readonly string[] } // prettier-ignore

/** A vector: its faults each as 'check code place'. */
const vector = (name: string, files: Files | Step[], faults: readonly string[], knows?: Knows): Vector => ({
  name, files: Array.isArray(files) ? cheat(files) : files, faults, ...(knows === undefined ? {} : { knows }),
}); // prettier-ignore

const order = 'entries-in-order';
const inOrder = [
  vector('the election defined twice', after('statement', again('definition')), [`${order} second-definition 23`, `${order} after-certificate 23`]),
  vector('a key before the definition', exchanged('definition', 'keeper'), [`${order} before-definition 0`, `${order} second-definition 1`, 'entries-well-formed no-election 0']),
  vector('a correction that names no entry', changed('correction', { about: {} }), [`${order} names-no-earlier-entry 19`]),
  vector('a correction that names itself', changed('correction', { about: { entries: ['correction'] } }), [`${order} names-no-earlier-entry 19`]),
  vector('a correction of a later entry', changed('correction', { about: { entries: ['certificate'] } }), [`${order} names-no-earlier-entry 19`]),
  vector('an opening that names no seal, and the body is there', cheatAnd(changed('opened', { about: {} }), [bodyOf('cvrs'), good.get(bodyOf('cvrs'))!]), [`${order} names-no-earlier-entry 21`, `bodies-match sealed-body-published ${bodyOf('cvrs')}`]),
  vector('an act about a county that has not joined', without('brown'), [`${order} before-jurisdiction-joined 18`]),
  vector('contests announced before any results', exchanged('results', 'announced'), [`${order} announced-before-results 9`]),
  vector('contests announced again after the seed', after('seed', again('announced')), [`${order} announced-after-seed 13`]),
  vector('a seed without a sealed manifest', without('manifest'), [`${order} seed-before-seal 12`]),
  vector('a seed without an announcement', without('announced'), [`${order} seed-before-announcement 12`]),
  vector('a second seed', after('sample', again('seed')), [`${order} second-seed 14`]),
  vector('results reported after the seed', after('seed', again('results')), [`${order} sealed-input-changed-after-seed 13`]),
  vector('a manifest sealed after the seed', after('seed', again('manifest')), [`${order} sealed-input-changed-after-seed 13`]),
  vector('results corrected after the seed', after('seed', { name: 'late', kind: 'correction', author: state, about: { entries: ['results'] }, body: { reason: 'late ballots' }, signers: [ann] }), [`${order} sealed-input-changed-after-seed 13`]),
  vector('a sample before the seed', exchanged('seed', 'sample'), [`${order} sample-before-seed 12`]),
  vector('paper before the sample', exchanged('sample', 'paper'), [`${order} paper-before-sample 13`]),
  vector('an assessment before the paper', exchanged('paper', 'assessed'), [`${order} assessed-before-paper 14`]),
  vector('a hand count before its order', exchanged('ordered', 'hand-adams'), [`${order} hand-count-before-order 16`]),
  vector('a certificate without a result', without('assessed', 'hand-adams', 'hand-brown', 'correction'), [`${order} certified-before-result 20`]),
  vector('an open body opened', changed('opened', { about: { entries: ['results'] } }), [`${order} opened-before-sealed 21`]),
  vector('paper after the certificate', after('statement', again('paper')), [`${order} after-certificate 23`]),
]; // prettier-ignore

function cheatAnd(steps: Step[], ...changes: readonly (readonly [path: string, bytes: Uint8Array])[]): Files {
  return new Map([...cheat(steps), ...changes]);
}

const acts = 'acts-signed';
const [annSig] = signDsse('text/plain', toUtf8('x'), [ann]);
const wrongKeyId = {
  ...authorisation(bob, county, ['manifest sealed', 'CVRs sealed']),
  keyid: toHex(sha256(toUtf8('Bob'))),
};
const identity = new Uint8Array(32).fill(1, 0, 1);
const mayCertify = authorisation(bob, county, ['manifest sealed', 'CVRs sealed', 'certificate signed']);
const signed = [
  vector('a certificate signed by nobody', changed('certificate', { signers: [] }), [`${acts} signature-missing 20`]),
  vector('a manifest sealed and signed by nobody', changed('manifest', { signers: [] }), [`${acts} signature-missing 7`]),
  vector('a seed signed by nobody', changed('seed', { signers: [] }), [`${acts} signature-missing 12`]),
  vector('a forged certificate: another key, the right key id', changed('certificate', { signers: [eve], signed: ([s]) => [{ keyid: annSig!.keyid, sig: s!.sig }] }), [`${acts} signature-false 20`]),
  vector('a certificate changed after it was signed', changed('certificate', { leaf: entryAs((e) => ({ ...e, act: { ...e.act, done: '2024-11-30' } })) }), [`${acts} signature-false 20`]),
  vector('signed as another payload type', changed('certificate', signedAs('text/plain', step('certificate'))), [`${acts} signature-false 20`]),
  vector('one good signature and one false', changed('manifest', { signed: ([b, a]) => [b!, { keyid: a!.keyid, sig: b!.sig }] }), [`${acts} signature-false 7`]),
  vector('a key that the record does not know', changed('certificate', { signers: [eve] }), [`${acts} signature-of-unknown-key 20`]),
  vector('a key that may not sign this', changed('certificate', { signers: [bob] }), [`${acts} signature-of-unknown-key 20`]),
  vector('a key that a correction would let sign this', after('correction', { name: 'more for Bob', kind: 'correction', author: state, about: { entries: ['bob'] }, body: { reason: 'he may', replacement: mayCertify }, signers: [ann] }).map((s) => s.name === 'certificate' ? { ...s, signers: [bob] } : s), [`${acts} signature-of-unknown-key 21`]),
  vector('a key before it was authorised', exchanged('bob', 'manifest'), [`${acts} signature-of-unknown-key 5`]),
  vector('a signature of 63 bytes', changed('certificate', { signed: ([s]) => [{ keyid: s!.keyid, sig: toBase64(new Uint8Array(63)) }] }), [`${acts} signature-malformed 20`]),
  vector('a signature without its padding', changed('certificate', { signed: ([s]) => [{ keyid: s!.keyid, sig: s!.sig.replace(/=+$/u, '') }] }), [`${acts} signature-malformed 20`]),
  vector('one key twice', changed('certificate', { signed: ([s]) => [s!, s!] }), [`${acts} signature-repeated 20`]),
  vector('a false signature on an act that needs none', changed('sample', { signers: [eve] }), [`${acts} signature-of-unknown-key 13`]),
  vector('a key authorised twice', after('bob', again('bob')), [`${acts} key-not-authorised 6`]),
  vector('a key under the id of another', changed('bob', { body: wrongKeyId }), [`${acts} key-not-authorised 5`, `${acts} signature-of-unknown-key 7`, `${acts} signature-of-unknown-key 8`]),
  vector('a key of small order', after('bob', again('bob', { body: authorisation({ publicKey: identity }, county, []) })), [`${acts} key-not-authorised 6`]),
]; // prettier-ignore

const withdrawals = [
  vector('a key withdrawn after the last that it signed', after('cvrs', withdrawn(bob)), []),
  vector('a key that was withdrawn before', after('correction', withdrawn(ann)), [`${acts} signature-of-withdrawn-key 21`, `${acts} signature-of-withdrawn-key 23`]),
  vector('a withdrawn key authorised again', after('correction', withdrawn(ann), again('ann')), [`${acts} key-not-authorised 21`, `${acts} signature-of-withdrawn-key 22`, `${acts} signature-of-withdrawn-key 24`]),
  vector('a key withdrawn twice', after('cvrs', withdrawn(bob), withdrawn(bob, 'again')), [`${acts} key-not-withdrawn 10`]),
  vector('a key withdrawn that nobody authorised', after('bob', withdrawn(eve)), [`${acts} key-not-withdrawn 6`]),
  vector('the log’s own key withdrawn', after('bob', withdrawn(log.key)), [`${acts} key-not-withdrawn 6`]),
]; // prettier-ignore

const bodies = 'bodies-match';
const files = 'files-match';
const tables = 'tables-read-again';
const announcedMore = { contests: [{ contest, riskLimit: '5%', margin: 30 }] };
const noticeBody = step('notice').body as { file: FileRef; from: string };
const bodiesAndFiles = [
  vector('a body changed', replaced(bodyOf('announced'), '5%', '9%'), [`${bodies} body-differs ${bodyOf('announced')}`]),
  vector('a body changed, and the file that it names is then nobody’s', replaced(bodyOf('results'), '[90,60]', '[60,90]'), [`${bodies} body-differs ${bodyOf('results')}`, `${files} file-unknown ${fileOf(resultsTable)}`]),
  vector('a salt changed', replaced(bodyOf('announced'), toBase64(saltOf('announced')), toBase64(saltOf('another'))), [`${bodies} body-differs ${bodyOf('announced')}`]),
  vector('a body missing', put([bodyOf('announced'), undefined]), [`${bodies} body-missing ${bodyOf('announced')}`]),
  vector('a seal opened and the body missing', put([bodyOf('cvrs'), undefined]), [`${bodies} body-missing ${bodyOf('cvrs')}`]),
  vector('a sealed body published', put([bodyOf('manifest'), manifestBody], [fileOf(manifest), manifest]), [`${bodies} sealed-body-published ${bodyOf('manifest')}`]),
  vector('a sealed body published without its file', put([bodyOf('manifest'), manifestBody]), [`${bodies} sealed-body-published ${bodyOf('manifest')}`, `${files} file-missing ${fileOf(manifest)}`]),
  vector('the file of a sealed body published', put([fileOf(manifest), manifest]), [`${files} file-unknown ${fileOf(manifest)}`]),
  vector('a salt of 31 bytes', changed('announced', { salted: (s) => ({ ...s, salt: toBase64(saltOf('announced').slice(1)) }) }), [`${bodies} body-not-salted ${bodyOf('announced')}`]),
  vector('a body without a salt', changed('announced', { salted: ({ body }) => ({ body }) }), [`${bodies} body-not-salted ${bodyOf('announced')}`]),
  vector('a member beside body and salt', changed('announced', { salted: (s) => ({ ...s, note: '' }) }), [`${bodies} body-not-salted ${bodyOf('announced')}`]),
  vector('a space in a body', replaced(bodyOf('announced'), '{"body"', '{ "body"'), [`${bodies} body-not-canonical ${bodyOf('announced')}`]),
  vector('a body with a member too many', changed('announced', { body: announcedMore }), [`${bodies} body-of-another-shape ${bodyOf('announced')}`]),
  vector('a list where any object may stand', changed('paper', { body: ['red'] }), [`${bodies} body-of-another-shape ${bodyOf('paper')}`]),
  vector('a correction with a replacement of another shape', changed('correction', { body: { reason: 'a ballot stuck to another', replacement: { contest, totals: [60, 40] } }, files: [] }), [`${bodies} replacement-of-another-shape ${bodyOf('correction')}`]),
  vector('a file changed', put([fileOf(notice), toUtf8('Notice of the election of 6 November 2024.\n')]), [`${files} file-differs ${fileOf(notice)}`]),
  vector('a table changed', put([fileOf(resultsTable), countsTable]), [`${files} file-differs ${fileOf(resultsTable)}`]),
  vector('a file missing', put([fileOf(notice), undefined]), [`${files} file-missing ${fileOf(notice)}`]),
  vector('a file of another length than was said', changed('notice', { body: { ...noticeBody, file: { ...noticeBody.file, bytes: 44 } } }), [`${files} file-length ${fileOf(notice)}`]),
  vector('a file that the record says it does not hold', cheatAnd(changed('notice', { body: { ...noticeBody, file: { ...noticeBody.file, held: false } } }), [fileOf(notice), notice]), [`${files} file-unknown ${fileOf(notice)}`]),
  vector('a file that nothing names', put([`files/${'0'.repeat(64)}`, toUtf8('x')]), [`${files} file-unknown files/${'0'.repeat(64)}`]),
  vector('a file beside the folders', put(['README.md', toUtf8('x')]), [`${files} file-unknown README.md`]),
  vector('a body that no entry has', put([`bodies/${size}.json`, good.get(bodyOf('announced'))!]), [`${files} file-unknown bodies/${size}.json`]),
  vector('a table with the columns of another', changed('results', { body: { ...(step('results').body as object), table: fileRef('results', countsTable) } }), [`${tables} table-unreadable ${fileOf(countsTable)}`]),
  vector('a hand count of no county', changed('hand-brown', { about: { contest } }), [`${tables} no-jurisdiction 18`]),
]; // prettier-ignore

/** The results with the office's own file beside the table, which the reader of that file must give. */
const resultsFrom = (csv: string): Step[] => {
  const original = toUtf8(csv);
  const read = { file: fileRef('results.csv', original), reader: 'results CSV', version: '1', rowsRead: 4, rowsRefused: 0 };
  const { body, files: held = [] } = step('results');
  return changed('results', { body: { ...(body as object), read }, files: [...held, original] });
}; // prettier-ignore
const resultsOf = (brownBlue: number): string =>
  `contest,jurisdiction,vote type,choice,votes\n${[
    ['Adams', 'Red', 60],
    ['Adams', 'Blue', 40],
    ['Brown', 'Red', 30],
    ['Brown', 'Blue', brownBlue],
  ]
    .map(([county, choice, votes]) => `Governor,${county},all,${choice},${votes}\n`)
    .join('')}`;
const originals = [
  vector('a table that is what its reader gives', resultsFrom(resultsOf(20)), []),
  vector('a table that differs from the file it was made from', resultsFrom(resultsOf(21)), [`${tables} table-differs-from-original ${fileOf(resultsTable)}`]),
  vector('a table made from a file that cannot be read', resultsFrom('no results\n'), [`${tables} original-unreadable ${fileOf(resultsTable)}`]),
]; // prettier-ignore

const leaves = 'entries-well-formed';
const unread = [`${leaves} not-an-entry ${at('assessed')}`, `${files} file-unknown ${bodyOf('assessed')}`];
const badEntry = (name: string, change: (entry: Entry) => unknown): Vector =>
  vector(name, changed('assessed', { leaf: entryAs(change) }), unread);
const lastAt = (position: number): Step[] =>
  changed('statement', { leaf: entryAs((e) => ({ ...e, position })) });
const displaced = [`${leaves} wrong-position 22`, `${files} file-unknown bodies/22.json`];
const entries = [
  vector('a space after an entry', changed('assessed', { leaf: (e) => concatBytes(canonicalJson(e), toUtf8(' ')) }), unread),
  vector('members of an entry in another order', changed('assessed', { leaf: ({ v, ...e }) => toUtf8(`{"v":${v},${fromUtf8(canonicalJson(e))!.slice(1)}`) }), unread),
  badEntry('appended: a time without milliseconds', (e) => ({ ...e, appended: '2024-11-05T20:00:00Z' })),
  badEntry('appended: a time with an offset', (e) => ({ ...e, appended: '2024-11-05T15:00:00.000-05:00' })),
  badEntry('done: a time without an offset', (e) => ({ ...e, act: { ...e.act, done: '2024-11-05T15:00:00' } })),
  badEntry('done: words', (e) => ({ ...e, act: { ...e.act, done: 'yesterday' } })),
  badEntry('version 2', (e) => ({ ...e, v: 2 })),
  badEntry('version true', (e) => ({ ...e, v: true })),
  badEntry('a kind that nobody knows', (e) => ({ ...e, act: { ...e.act, kind: 'recount' } })),
  badEntry('a member too many', (e) => ({ ...e, act: { ...e.act, note: '' } })),
  badEntry('no list of signatures', (e) => ({ v: e.v, position: e.position, appended: e.appended, act: e.act })),
  badEntry('a position with a fraction', (e) => ({ ...e, position: 15.5 })),
  badEntry('a digest in capitals', (e) => ({ ...e, act: { ...e.act, body: { ...e.act.body, digest: 'A'.repeat(64) } } })),
  vector('an entry that says a later place', lastAt(23), displaced),
  vector('an entry that says the place of another', lastAt(21), displaced),
  vector('the first body missing', put(['bodies/0.json', undefined]), [`${bodies} body-missing bodies/0.json`, `${leaves} no-election 0`]),
  vector('the first entry cannot be read', changed('definition', { leaf: (e) => concatBytes(canonicalJson(e), toUtf8('\n')) }), [`${leaves} not-an-entry 0`, `${leaves} no-election 0`, `${files} file-unknown bodies/0.json`, ...story.slice(1).map((_, i) => `${order} before-definition ${i + 1}`)]),
]; // prettier-ignore

const check = 'checkpoint-signed';
const seenBefore = 'checkpoint-seen-before';
const earlier = cheat(story.slice(0, 20));
const otherHistory = changed('sample', { body: { ballots: ['A-1-1'] } });
const everyOther = [...good.keys()].filter((p) => p.startsWith('bodies/') || p.startsWith('files/'));
const resigned = (signer: Signer): Files => put(['checkpoint', cheat(story, signer).get('checkpoint')]);
const theLog = [
  vector('a checkpoint of another key', resigned(impostor), [`${check} log-signature-missing checkpoint`]),
  vector('a checkpoint of another key, to a verifier who knows only what the record says', resigned(impostor), [`${check} log-signature-missing checkpoint`], { logKeys: [] }),
  vector('the log’s signature missing', put(['checkpoint', toUtf8(noteText + witnessLine)]), [`${check} log-signature-missing checkpoint`]),
  vector('the log’s signature changed', put(['checkpoint', toUtf8(noteText + oneMore(logLine) + witnessLine)]), [`${check} signature-false checkpoint`, `${check} log-signature-missing checkpoint`]),
  vector('the witness’s signature missing', put(['checkpoint', toUtf8(noteText + logLine)]), ['witnesses witnesses-missing checkpoint']),
  vector('the witness’s signature changed', put(['checkpoint', toUtf8(noteText + logLine + oneMore(witnessLine))]), [`${check} signature-false checkpoint`, 'witnesses witnesses-missing checkpoint']),
  vector('the final newline missing', put(['checkpoint', good.get('checkpoint')!.slice(0, -1)]), [`${check} note-no-final-newline checkpoint`, `${leaves} no-election 0`, ...everyOther.map((p) => `${files} file-unknown ${p}`)]),
  vector('the definition is of another log', changed('definition', { body: { record: 'conducted', origin: 'other.example/log', election } }), [`${check} origin-differs checkpoint`]),
  vector('a digit of an entry changed', replaced(bundle, '20:00:00.000Z', '20:00:00.001Z'), [`log-tree bundle-differs ${bundle}`, `log-tree tile-differs ${tile}`, 'log-tree root-differs checkpoint']),
  vector('a tile of an earlier size left behind', put(['tile/0/000.p/20', earlier.get('tile/0/000.p/20')]), ['log-tree tile-unexpected tile/0/000.p/20']),
  vector('the record as it was before, to one who has seen more', earlier, [`${seenBefore} history-shorter checkpoint`], { seen: [headOf(good)] }),
  vector('another history under the same name', otherHistory, [`${seenBefore} history-differs checkpoint`], { seen: [headOf(good)] }),
  vector('another history that goes on from what was seen at another place', after('statement', again('statement')).map((s) => (s.name === 'sample' ? otherHistory[at('sample')]! : s)), [`${seenBefore} history-differs checkpoint`], { seen: [headOf(earlier), headOf(cheat(story.slice(0, 10)))] }),
  vector('a checkpoint kept of another log', good, [`${seenBefore} history-other-log checkpoint`], { seen: [{ ...headOf(good), origin: 'other.example/log' }] }),
]; // prettier-ignore

const holding = [
  vector('as the keeper published it', good, []),
  vector('to one who knows no key', good, [], { logKeys: [], witnessKeys: [] }),
  vector('to one who has seen it before', good, [], { seen: [headOf(earlier), headOf(good)] }),
  vector('before the certificate', cheat(story.slice(0, 20)), []),
  vector('cosigned by an unknown witness too', put(['checkpoint', concatBytes(good.get('checkpoint')!, toUtf8(witnessLine.replace(witness.name, 'other.example')))]), []),
]; // prettier-ignore

// ── Writing them ─────────────────────────────────────────────────────────────────────────────────────────────────────
/** What is to be done to the files of record.json, one file at a time: see `about` of the file. */
function patchOf(now: Files): object[] {
  const patch: object[] = [...good.keys()].filter((path) => !now.has(path)).map((path) => ({ path }));
  for (const [path, bytes] of now) {
    const same = [...good].find(([, b]) => Buffer.compare(b, bytes) === 0)?.[0];
    if (
      same === path ||
      (same !== undefined && good.has(path) && Buffer.compare(good.get(path)!, bytes) === 0)
    )
      continue;
    const of =
      same ??
      (good.has(path)
        ? path
        : path.startsWith('tile/entries/')
          ? bundle
          : path.startsWith('tile/0/')
            ? tile
            : path);
    const old = good.get(of) ?? new Uint8Array(0);
    const most = Math.min(old.length, bytes.length);
    let start = 0;
    while (start < most && old[start] === bytes[start]) start += 1;
    let end = 0;
    while (end < most - start && old.at(-1 - end) === bytes.at(-1 - end)) end += 1;
    const base64 = toBase64(bytes.slice(start, bytes.length - end));
    patch.push(start + end < 40 ? { path, base64: toBase64(bytes) } : { path, of, start, base64, end });
  }
  return patch;
}
const asWritten = ({ name, knows, files: now, faults }: Vector): string => {
  const stated = faults
    .map((f) => f.split(' '))
    .map(([c, code, place]) => ({ check: c, code, at: /^\d+$/u.test(place!) ? Number(place) : place }));
  return JSON.stringify({
    name,
    ...(knows === undefined ? {} : { knows }),
    put: patchOf(now),
    faults: stated,
  });
};
const folder = new URL('../vectors/record/', import.meta.url);
mkdirSync(folder, { recursive: true });
function write(file: string, head: object, vectors: readonly Vector[]): void {
  const members = Object.entries({
    ...head,
    source: 'OpenCanvass, specs/record.md and specs/log.md; made by scripts/make-record-vectors.ts',
  });
  const lines = members
    .map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)},\n`)
    .join('');
  const text = `{\n${lines}"vectors":[\n${vectors.map(asWritten).join(',\n')}\n]\n}\n`;
  if (text.length >= 60_000) throw new Error(`${file} has ${text.length} bytes`);
  writeFileSync(new URL(file, folder), text);
}
const about = (what: string) => ({
  about: `${what} Each vector is the record of record.json with \`put\` done to it; record.json says how.`,
});
write('record.json', {
  about: 'A small record that holds. `files` are its files in base64, `knows` what the verifier knows from elsewhere; a vector may know otherwise, member by member. `put` changes files, each from the files as they stand here: {path} removes the file; {path, base64} adds or replaces it; {path, of, start, base64, end} makes it of the first `start` bytes of the file `of`, those of `base64`, and the last `end` bytes of `of`. `faults` are all faults to be told, in any order: the check, the code, and the path or position. None: the record holds.',
  knows: { logKeys: [verifierKeyText(verifierKey(log, 'ed25519'))], witnessKeys: [verifierKeyText(verifierKey(witness, 'cosignature'))], seen: [] },
  files: inBase64(good),
}, holding); // prettier-ignore
const outOfOrder = about('Acts out of their order: the log written and signed anew by a keeper who cheats.');
write('order-1.json', outOfOrder, inOrder.slice(0, 11));
write('order-2.json', outOfOrder, inOrder.slice(11));
write(
  'signatures.json',
  about('Acts not signed as they must be: the log written and signed anew by a keeper who cheats.'),
  signed,
);
write(
  'withdrawn-keys.json',
  about('Keys that sign nothing any more: the log written and signed anew by a keeper who cheats.'),
  withdrawals,
);
write('bodies-and-files.json', about('Bodies and files that are not what was committed to.'), bodiesAndFiles);
write(
  'originals.json',
  about(
    'Tables beside the files that they were made from. To tell these faults a verifier needs the reader of formats.md section 5; one without it tells none of `tables-read-again` here.',
  ),
  originals,
);
write(
  'entries.json',
  about('Leaves that are no entries: the log written and signed anew by a keeper who cheats.'),
  entries,
);
write('log.json', about('The log and its checkpoint.'), theLog);
