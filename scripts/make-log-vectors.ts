// Writes vectors/log/*.json. The expected refusal of each vector is stated here by reason, never taken from the checker; where a
// vector is published elsewhere its file names the source. Run again only to add vectors: node scripts/make-log-vectors.ts
import { mkdirSync, writeFileSync } from 'node:fs';
import {
  concatBytes,
  fromHex,
  sha256,
  toBase64,
  toHex,
  toUtf8,
  fromUtf8,
} from '../packages/evidence/src/bytes/index.ts';
import { checkpointText, preAuthEncoding } from '../packages/evidence/src/log/index.ts';
import {
  cosign, GrowingTree, signCheckpoint, signDsse, signingKeyFromSeed, signNote, verifierKey, verifierKeyText, writeTiles,
} from '../packages/keeper/src/index.ts'; // prettier-ignore

const folder = new URL('../vectors/log/', import.meta.url);
mkdirSync(folder, { recursive: true });

function write(file: string, about: string, source: string, rest: object): void {
  writeFileSync(new URL(file, folder), `${JSON.stringify({ about, source, ...rest }, null, 1)}\n`);
}

const own = 'OpenCanvass, specs/log.md; made by scripts/make-log-vectors.ts';
const keyOf = (name: string) => ({
  name,
  key: signingKeyFromSeed(sha256(toUtf8(`opencanvass test key ${name}`))),
});
const text = (bytes: Uint8Array): string => fromUtf8(bytes)!;

// ── The tree ─────────────────────────────────────────────────────────────────────────────────────────────────────────
// Certificate Transparency's reference leaves, roots and proofs, as in github.com/transparency-dev/merkle proof/verify_test.go
// (Apache-2.0), with the kinds of damage which that file does to them.
const ct =
  'Certificate Transparency reference vectors, github.com/transparency-dev/merkle proof/verify_test.go, Apache-2.0';
const ctLeaves = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const ctRoots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const emptyRoot = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const someHash = 'abacaba000000000000000000000000000000000000000000060061e00123456';

write('tree.json', 'Leaves (hex) and the root of the first 0, 1, 2 … 8 of them.', ct, {
  leaves: ctLeaves,
  accepted: [emptyRoot, ...ctRoots].map((root, size) => ({ name: `${size} leaves`, size, root })),
  refused: [
    ...ctRoots.map((root, i) => ({
      name: `root of ${i + 1} for ${i}`,
      size: i,
      root,
      refusal: 'root-differs',
    })),
    { name: 'a last leaf doubled is another tree', size: 3, root: ctRoots[3], refusal: 'root-differs' },
    { name: 'a leaf hashed without its prefix', size: 1, root: emptyRoot, refusal: 'root-differs' },
  ],
});

interface Inclusion { index: number; size: number; leafHash: string; root: string; proof: string[] } // prettier-ignore
interface Consistency { oldSize: number; newSize: number; oldRoot: string; newRoot: string; proof: string[] } // prettier-ignore

const flipBit = (hash: string, mask: number): string =>
  toHex(fromHex(hash)!.map((b, i) => (i === 0 ? b ^ mask : b)));

/** How many hashes PATH(m, D[n]) has: RFC 6962 section 2.1.1. */
function pathLength(m: number, n: number): number {
  if (n === 1) return 0;
  let k = 1;
  while (2 * k < n) k *= 2;
  return 1 + (m < k ? pathLength(m, k) : pathLength(m - k, n - k));
}
/** How many hashes SUBPROOF(m, D[n], complete) has: RFC 6962 section 2.1.2. */
function subproofLength(m: number, n: number, complete: boolean): number {
  if (m === n) return complete ? 0 : 1;
  let k = 1;
  while (2 * k < n) k *= 2;
  return 1 + (m <= k ? subproofLength(m, k, complete) : subproofLength(m - k, n - k, false));
}
function byLength(found: number, expected: number): string {
  return found < expected ? 'proof-too-short' : found > expected ? 'proof-too-long' : 'proof-root-differs';
}
const badHash = (hashes: string[]): boolean => hashes.some((h) => h.length !== 64);

function inclusionRefusal(v: Inclusion): string {
  if (v.index < 0 || v.index >= v.size) return 'proof-range';
  if (badHash([v.leafHash, v.root, ...v.proof])) return 'proof-hash-length';
  return byLength(v.proof.length, pathLength(v.index, v.size));
}
function consistencyRefusal(v: Consistency): string {
  if (v.oldSize < 0 || v.oldSize > v.newSize) return 'proof-range';
  if (badHash([v.oldRoot, v.newRoot, ...v.proof])) return 'proof-hash-length';
  return byLength(v.proof.length, v.oldSize === 0 ? 0 : subproofLength(v.oldSize, v.newSize, true));
}

const leafHash = (leaf: string): string => toHex(sha256(concatBytes(new Uint8Array([0]), fromHex(leaf)!)));
const h = {
  leaf0: '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  leaf1: '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
  node01: 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  node23: '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
  node4to7: '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
  leaf4: 'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
  node67: 'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
  node0to3: 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  node45: '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
  leaf6: 'b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f',
};
const inclusions: Inclusion[] = ([
  [0, 1, []], [0, 8, [h.leaf1, h.node23, h.node4to7]], [5, 8, [h.leaf4, h.node67, h.node0to3]], [2, 3, [h.node01]],
  [1, 5, [h.leaf0, h.node23, h.leaf4]],
] as const).map(([index, size, proof]) => ({ index, size, leafHash: leafHash(ctLeaves[index]!), root: ctRoots[size - 1]!, proof: [...proof] })); // prettier-ignore
const consistencies: Consistency[] = ([
  [1, 1, []], [1, 8, [h.leaf1, h.node23, h.node4to7]], [6, 8, [h.node45, h.node67, h.node0to3]], [2, 5, [h.node23, h.leaf4]],
  [6, 7, [h.node45, h.leaf6, h.node0to3]],
] as const).map(([o, n, proof]) => ({ oldSize: o, newSize: n, oldRoot: ctRoots[o - 1]!, newRoot: ctRoots[n - 1]!, proof: [...proof] })); // prettier-ignore

const damagedInclusions = inclusions.flatMap((v) => {
  const { proof, root } = v;
  const damage: [string, Partial<Inclusion>][] = [
    ['index - 1', { index: v.index - 1 }], ['index + 1', { index: v.index + 1 }], ['index ^ 2', { index: v.index ^ 2 }],
    ['size * 2', { size: v.size * 2 }], ['size / 2', { size: Math.floor(v.size / 2) }],
    ['wrong leaf', { leafHash: someHash }], ['short leaf', { leafHash: v.leafHash.slice(2) }], ['empty root', { root: emptyRoot }],
    ['random root', { root: someHash }], ['no root', { root: '' }], ['trailing nothing', { proof: [...proof, ''] }],
    ['trailing root', { proof: [...proof, root] }], ['preceding nothing', { proof: ['', ...proof] }],
    ['preceding root', { proof: [root, ...proof] }],
    ...proof.map((hash, i): [string, Partial<Inclusion>] => [`hash ${i} bit 3`, { proof: proof.with(i, flipBit(hash, 8)) }]),
    ...(proof.length > 0 ? [['last hash removed', { proof: proof.slice(0, -1) }] as [string, Partial<Inclusion>]] : []),
    ...(proof.length > 1 ? [['a hash inserted', { proof: [proof[0]!, someHash, ...proof.slice(1)] }] as [string, Partial<Inclusion>]] : []),
  ]; // prettier-ignore
  return damage.map(([how, change]) => {
    const vector = Object.assign({ ...v }, change);
    const name = `leaf ${v.index} of ${v.size}: ${how}`;
    return Object.assign({ name }, vector, { refusal: inclusionRefusal(vector) });
  });
});
write('inclusion.json', 'Inclusion proofs (hashes in hex).', ct, {
  accepted: inclusions.map((v) => Object.assign({ name: `leaf ${v.index} of ${v.size}` }, v)),
  refused: damagedInclusions,
});

const damagedConsistencies = consistencies
  .filter((v) => v.proof.length > 0)
  .flatMap((v) => {
    const { proof, oldRoot, newRoot } = v;
    const damage: [string, Partial<Consistency>][] = [
    ['old size + 1', { oldSize: v.oldSize + 1 }], ['old size ^ 2', { oldSize: v.oldSize ^ 2 }], ['old size - 1', { oldSize: v.oldSize - 1 }],
    ['new size * 2', { newSize: v.newSize * 2 }], ['new size / 2', { newSize: Math.floor(v.newSize / 2) }],
    ['wrong old root', { oldRoot: someHash }], ['wrong new root', { newRoot: someHash }], ['no old root', { oldRoot: '' }],
    ['roots exchanged', { oldRoot: newRoot, newRoot: oldRoot }], ['empty proof', { proof: [] }],
    ['trailing nothing', { proof: [...proof, ''] }], ['trailing old root', { proof: [...proof, oldRoot] }],
    ['trailing new root', { proof: [...proof, newRoot] }], ['preceding nothing', { proof: ['', ...proof] }],
    ['preceding old root', { proof: [oldRoot, ...proof] }], ['preceding new root', { proof: [newRoot, ...proof] }],
    ['first hash doubled', { proof: [proof[0]!, ...proof] }], ['truncated', { proof: proof.slice(0, -1) }],
    ...proof.map((hash, i): [string, Partial<Consistency>] => [`hash ${i} bit 4`, { proof: proof.with(i, flipBit(hash, 16)) }]),
  ]; // prettier-ignore
    return damage.map(([how, change]) => {
      const vector = Object.assign({ ...v }, change);
      const name = `${v.oldSize} to ${v.newSize}: ${how}`;
      return Object.assign({ name }, vector, { refusal: consistencyRefusal(vector) });
    });
  });
write('consistency.json', 'Consistency proofs (hashes in hex).', `${ct}; the ones from the empty tree are ours`, {
  accepted: [
    ...consistencies.map((v) => Object.assign({ name: `${v.oldSize} to ${v.newSize}` }, v)),
    { name: 'from the empty tree', oldSize: 0, newSize: 8, oldRoot: emptyRoot, newRoot: ctRoots[7], proof: [] },
  ],
  refused: [
    ...damagedConsistencies,
    { name: 'back in time', oldSize: 8, newSize: 7, oldRoot: ctRoots[7], newRoot: ctRoots[6], proof: [], refusal: 'proof-range' },
    { name: 'same size, other root', oldSize: 8, newSize: 8, oldRoot: someHash, newRoot: ctRoots[7], proof: [], refusal: 'proof-root-differs' },
    { name: 'same size, with a proof', oldSize: 8, newSize: 8, oldRoot: ctRoots[7], newRoot: ctRoots[7], proof: [someHash], refusal: 'proof-too-long' },
    { name: 'from the empty tree, with a proof', oldSize: 0, newSize: 8, oldRoot: emptyRoot, newRoot: ctRoots[7], proof: [someHash], refusal: 'proof-too-long' },
    { name: 'from an empty tree of another root', oldSize: 0, newSize: 8, oldRoot: someHash, newRoot: ctRoots[7], proof: [], refusal: 'proof-root-differs' },
  ],
}); // prettier-ignore

// ── Notes and keys ───────────────────────────────────────────────────────────────────────────────────────────────────
const go = "Go's golang.org/x/mod/sumdb/note, note.go and note_test.go, BSD-3-Clause";
const peterKey = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const enochKey = 'EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop';
const wise =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const peterSig =
  '\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
const enochSig =
  '\u2014 EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n';
const peterNote = `${wise}\n${peterSig}`;
const keys = [peterKey, enochKey];
const badNote = (name: string, note: string, refusal: string) => ({ name, note, keys, refusal });

const log = keyOf('example.org/log');
const witness = keyOf('example.org/witness');
const logKey = verifierKeyText(verifierKey(log, 'ed25519'));
const witnessKey = verifierKeyText(verifierKey(witness, 'cosignature'));
const root8 = fromHex(ctRoots[7]!)!;
const signed = signCheckpoint({ origin: log.name, size: 8, root: root8 }, log);
const done = cosign(signed, { logKey: verifierKey(log, 'ed25519'), proof: [] }, witness, 1_605_139_200);
if (!done.ok) throw new Error(done.fault.code);
const cosigned = text(done.note);
const cosignLine = cosigned.slice(cosigned.lastIndexOf('\u2014'));

/** A signature line with other bytes under the same name and key id. */
function relined(line: string, change: (bytes: Uint8Array) => Uint8Array): string {
  const [dash, name, base64] = line.trimEnd().split(' ');
  return `${dash} ${name} ${toBase64(change(Uint8Array.from(atob(base64!), (c) => c.codePointAt(0)!)))}\n`;
}
const xor = (at: number) => (bytes: Uint8Array) => bytes.map((b, i) => (i === at ? b ^ 1 : b));

write('notes.json', 'Signed notes: `note` is text (UTF-8), `noteHex` bytes. Refused if it cannot be read, or if a line of a known key does not verify.', `${go}; cosignatures: ${own}`, {
  accepted: [
    { name: "Go's example", note: peterNote, keys, text: wise, verified: ['PeterNeumann'] },
    { name: 'two signatures', note: peterNote + enochSig, keys, text: wise, verified: ['PeterNeumann', 'EnochRoot'] },
    { name: 'one key unknown', note: peterNote + enochSig, keys: [enochKey], text: wise, verified: ['EnochRoot'] },
    { name: 'blank lines in the text', note: text(signNote('a\n\n\nb\n', log)), keys: [logKey], text: 'a\n\n\nb\n', verified: [log.name] },
    { name: 'cosigned checkpoint', note: cosigned, keys: [logKey, witnessKey], text: text(signed).split('\n\n')[0] + '\n', verified: [log.name, witness.name], times: { [witness.name]: 1_605_139_200 } },
  ],
  refused: [
    badNote('text alone', wise, 'note-no-signatures'),
    badNote('nothing', '', 'note-no-final-newline'),
    badNote('text and a blank line', `${wise}\n`, 'note-no-signatures'),
    badNote('no final newline', peterNote.slice(0, -1), 'note-no-final-newline'),
    badNote('blank line after the signatures', `${peterNote}\n`, 'note-no-signatures'),
    badNote('no blank line before them', wise + peterSig, 'note-no-signatures'),
    badNote('control character', `\u0001${peterNote}`, 'note-control-character'),
    badNote('carriage returns', peterNote.replaceAll('\n', '\r\n'), 'note-control-character'),
    badNote('tab', peterNote.replace(' you', '\tyou'), 'note-control-character'),
    { name: 'not UTF-8', noteHex: `ff${toHex(toUtf8(peterNote))}`, keys, refusal: 'note-not-utf8' },
    badNote('a name of two words', `${wise}\n${peterSig.replace('PeterNeumann', 'Bad Name')}`, 'note-signature-line'),
    badNote('a name with a no-break space', `${wise}\n${peterSig.replace('PeterNeumann', 'Bad\u00a0Name')}`, 'note-signature-line'),
    badNote('a name with a plus', `${wise}\n${peterSig.replace('PeterNeumann', 'Peter+Neumann')}`, 'note-signature-line'),
    badNote('no name', `${wise}\n${peterSig.replace('PeterNeumann', '')}`, 'note-signature-line'),
    badNote('a hyphen for the dash', `${wise}\n${peterSig.replace('\u2014', '-')}`, 'note-signature-line'),
    badNote('an en dash', `${wise}\n${peterSig.replace('\u2014', '\u2013')}`, 'note-signature-line'),
    badNote('a line that is no signature', `${peterNote}Unexpected line.\n`, 'note-signature-line'),
    badNote('two spaces', `${wise}\n${peterSig.replace('n x', 'n  x')}`, 'note-signature-line'),
    badNote('space at the end', peterNote.replace('AM=', 'AM= '), 'note-signature-line'),
    badNote('base64 with pad bits set', peterNote.replace('AM=', 'AN='), 'note-signature-line'),
    badNote('base64 without padding', peterNote.replace('AM=', 'AM'), 'note-signature-line'),
    badNote('base64 of the URL alphabet', peterNote.replace('go/Z', 'go_Z'), 'note-signature-line'),
    badNote('only a key id', `${wise}\n\u2014 PeterNeumann x08gow==\n`, 'note-signature-line'),
    badNote('101 signatures', `${wise}\n${peterSig.repeat(101)}`, 'note-too-many-signatures'),
    badNote('the same key twice', peterNote + peterSig, 'signature-repeated'),
    badNote('a letter of the text changed', peterNote.replace('answer', 'Answer'), 'signature-false'),
    badNote("another text's newline", `${wise}\n\n${peterSig}`, 'signature-false'),
    badNote('a byte of the signature changed', `${wise}\n${relined(peterSig, xor(40))}`, 'signature-false'),
    badNote('a signature one byte longer', `${wise}\n${relined(peterSig, (b) => concatBytes(b, new Uint8Array(1)))}`, 'signature-false'),
    badNote('four bytes inserted', `${wise}\n${peterSig.slice(0, 60)}ABCD${peterSig.slice(60)}`, 'signature-false'),
    badNote("a stranger's signature under a known name", `${wise}\n${relined(enochSig.replace('EnochRoot', 'PeterNeumann'), (b) => concatBytes(fromHex('c74f20a3')!, b.subarray(4)))}`, 'signature-false'),
    badNote('known name, other key id', `${wise}\n${relined(peterSig, xor(0))}`, 'signature-of-unknown-key'),
    badNote('known key id, other name', `${wise}\n${peterSig.replace('PeterNeumann', 'CarmenSandiego')}`, 'signature-of-unknown-key'),
    { name: 'cosignature: time changed', note: text(signed) + relined(cosignLine, xor(11)), keys: [logKey, witnessKey], refusal: 'signature-false' },
    { name: 'cosignature: cut by its time', note: text(signed) + relined(cosignLine, (b) => concatBytes(b.subarray(0, 4), b.subarray(12))), keys: [logKey, witnessKey], refusal: 'signature-false' },
    { name: 'cosignature: of another size', note: cosigned.replace('\n8\n', '\n9\n'), keys: [witnessKey], refusal: 'signature-of-unknown-key, signature-false' },
    { name: 'a plain signature where a cosignature belongs', note: text(signed) + relined(cosignLine, (b) => concatBytes(b.subarray(0, 4), new Uint8Array(8), b.subarray(12))), keys: [logKey, witnessKey], refusal: 'signature-false' },
    { name: 'cosignature: time of 2^63', note: text(signed) + relined(cosignLine, (b) => concatBytes(b.subarray(0, 4), new Uint8Array([128, 0, 0, 0, 0, 0, 0, 0]), b.subarray(12))), keys: [logKey, witnessKey], refusal: 'signature-false' },
  ],
}); // prettier-ignore

const withId = (name: string, bytes: Uint8Array): string =>
  `${name}+${toHex(sha256(concatBytes(toUtf8(`${name}\n`), bytes)).subarray(0, 4))}+${toBase64(bytes)}`;
write('verifier-keys.json', 'Verifier keys: name, key id and base64 of type and public key.', `${go}; the rest: ${own}`, {
  accepted: [
    { name: 'PeterNeumann', key: peterKey, keyName: 'PeterNeumann', keyId: 'c74f20a3', type: 1 },
    { name: 'EnochRoot', key: enochKey, keyName: 'EnochRoot', keyId: 'af0cfe78', type: 1 },
    { name: 'a witness', key: witnessKey, keyName: witness.name, keyId: verifierKey(witness, 'cosignature').keyId, type: 4 },
  ],
  refused: [
    { name: 'wrong length, with its own key id', key: 'PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==', refusal: 'key-malformed' },
    { name: 'unknown type, with its own key id', key: 'PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW', refusal: 'key-type-unknown' },
    { name: 'one byte too long', key: withId('x', concatBytes(new Uint8Array([1]), log.key.publicKey, new Uint8Array(1))), refusal: 'key-not-ed25519' },
    { name: 'one byte too short', key: withId('x', concatBytes(new Uint8Array([1]), log.key.publicKey.subarray(1))), refusal: 'key-not-ed25519' },
    { name: 'the identity', key: withId('x', fromHex(`01${'01'.padEnd(64, '0')}`)!), refusal: 'key-not-ed25519' },
    { name: 'a point of order 8', key: withId('x', fromHex('0126e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05')!), refusal: 'key-not-ed25519' },
    { name: 'key id of another name', key: peterKey.replace('Neumann', 'Newmann'), refusal: 'key-id-differs' },
    { name: 'key id changed', key: peterKey.replace('c74f', 'c74e'), refusal: 'key-id-differs' },
    { name: 'key id in upper case', key: peterKey.replace('c74f20a3', 'C74F20A3'), refusal: 'key-malformed' },
    { name: 'key id of seven digits', key: peterKey.replace('c74f20a3', 'c74f20a'), refusal: 'key-malformed' },
    { name: 'no name', key: peterKey.replace('PeterNeumann', ''), refusal: 'key-malformed' },
    { name: 'a name with a space', key: peterKey.replace('rN', 'r N'), refusal: 'key-malformed' },
    { name: 'no key', key: 'PeterNeumann+c74f20a3+', refusal: 'key-malformed' },
    { name: 'newline at the end', key: `${peterKey}\n`, refusal: 'key-malformed' },
    { name: 'a secret key', key: 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz', refusal: 'key-malformed' },
  ],
}); // prettier-ignore

const head = checkpointText({ origin: log.name, size: 8, root: root8 });
const badHead = (name: string, from: string, to: string, refusal: string) => ({
  name,
  text: head.replace(from, to),
  refusal,
});
const rootText = toBase64(root8);
write('checkpoints.json', 'The text of a checkpoint.', own, {
  accepted: [
    { name: 'eight leaves', text: head, origin: log.name, size: 8, root: ctRoots[7] },
    { name: 'empty', text: checkpointText({ origin: log.name, size: 0, root: fromHex(emptyRoot)! }), origin: log.name, size: 0, root: emptyRoot },
    { name: 'the largest', text: head.replace('\n8\n', '\n9007199254740991\n'), origin: log.name, size: 9_007_199_254_740_991, root: ctRoots[7] },
  ],
  refused: [
    badHead('leading zero', '\n8\n', '\n08\n', 'checkpoint-size'), badHead('two zeros', '\n8\n', '\n00\n', 'checkpoint-size'),
    badHead('plus', '\n8\n', '\n+8\n', 'checkpoint-size'), badHead('minus', '\n8\n', '\n-8\n', 'checkpoint-size'),
    badHead('hexadecimal', '\n8\n', '\n0x8\n', 'checkpoint-size'), badHead('fraction', '\n8\n', '\n8.0\n', 'checkpoint-size'),
    badHead('exponent', '\n8\n', '\n8e0\n', 'checkpoint-size'), badHead('space after the size', '\n8\n', '\n8 \n', 'checkpoint-size'),
    badHead('no size', '\n8\n', '\n\n', 'checkpoint-size'), badHead('2^53', '\n8\n', '\n9007199254740992\n', 'checkpoint-size'),
    badHead('digits of another script', '\n8\n', '\n\u0668\n', 'checkpoint-size'),
    badHead('an extension line', '=\n', '=\nextension\n', 'checkpoint-lines'), badHead('an extra blank line', '=\n', '=\n\n', 'checkpoint-lines'),
    badHead('a blank line first', 'example', '\nexample', 'checkpoint-lines'), badHead('no root line', `${rootText}\n`, '', 'checkpoint-lines'),
    badHead('no final newline', '=\n', '=', 'checkpoint-lines'),
    badHead('no origin', log.name, '', 'checkpoint-origin'), badHead('origin with a space', log.name, 'example org', 'checkpoint-origin'),
    badHead('origin with a plus', log.name, 'example.org+log', 'checkpoint-origin'),
    badHead('root of 31 bytes', rootText, toBase64(root8.subarray(1)), 'checkpoint-root'),
    badHead('root of 33 bytes', rootText, toBase64(concatBytes(root8, new Uint8Array(1))), 'checkpoint-root'),
    badHead('root in hex', rootText, ctRoots[7]!, 'checkpoint-root'), badHead('root without padding', '=\n', '\n', 'checkpoint-root'),
    badHead('root with pad bits set', `${rootText.slice(-2)}\n`, `${String.fromCodePoint(rootText.codePointAt(42)! + 1)}=\n`, 'checkpoint-root'),
    badHead('space before the root', rootText, ` ${rootText}`, 'checkpoint-root'),
  ],
}); // prettier-ignore

// ── Whole logs ───────────────────────────────────────────────────────────────────────────────────────────────────────
const leafAt = (i: number): Uint8Array => toUtf8(`entry ${i}`);
function publish(size: number, signer = log, leaf = leafAt): Record<string, string> {
  const tree = new GrowingTree();
  for (let i = 0; i < size; i++) tree.append(leaf(i));
  const checkpoint = {
    path: 'checkpoint',
    bytes: signCheckpoint({ origin: signer.name, size, root: tree.root() }, signer),
  };
  return Object.fromEntries(
    [checkpoint, ...writeTiles(tree, leaf)].map(({ path, bytes }) => [path, toBase64(bytes)]),
  );
}
const logs = { empty: publish(0), five: publish(5), wide: publish(300) };
const impostor = { name: log.name, key: keyOf('an impostor').key };
const stranger = keyOf('example.org/other');
const older = publish(4)['checkpoint'];
const swapped = publish(5, log, (i) => leafAt([0, 2, 1, 3, 4][i]!));
const renamed = publish(5, stranger);
const b0 = 'tile/entries/000.p/5';
const t0 = 'tile/0/000.p/5';
const put = (path: string, base64: string | undefined) => ({ path, base64 });
const base = toBase64;
const bytesOf = (files: Record<string, string>, path: string): Uint8Array =>
  Uint8Array.from(atob(files[path]!), (c) => c.codePointAt(0)!);
const five = (path: string) => bytesOf(logs.five, path);
const wide = (path: string) => bytesOf(logs.wide, path);

write('logs.json', 'Whole logs, files in base64 by path. A refused one is `log` with `put` done to it: files replaced, added, or (no base64) removed. `refusals` are all the faults to be told, each with its path where it concerns a file, in any order. `expect` is what the verifier knows from elsewhere.', own, {
  keys: [logKey],
  origin: log.name,
  logs,
  accepted: Object.keys(logs).map((name) => ({ name, log: name })),
  refused: [
    { name: 'no checkpoint', log: 'five', put: [put('checkpoint', undefined)], refusals: ['checkpoint-missing'] },
    { name: 'checkpoint cut', log: 'five', put: [put('checkpoint', base(five('checkpoint').subarray(0, 60)))], refusals: ['note-no-final-newline'] },
    { name: 'an older checkpoint', log: 'five', put: [put('checkpoint', older)], refusals: [
      'tile-missing tile/entries/000.p/4', 'tile-missing tile/0/000.p/4', `tile-unexpected ${b0}`, `tile-unexpected ${t0}`, 'root-unchecked'] },
    { name: 'no bundle', log: 'five', put: [put(b0, undefined)], refusals: [`tile-missing ${b0}`, `tile-unchecked ${t0}`, 'root-unchecked'] },
    { name: 'no tile', log: 'five', put: [put(t0, undefined)], refusals: [`tile-missing ${t0}`] },
    { name: 'a digit of an entry changed', log: 'five', put: [put(b0, base(xor(20)(five(b0))))], refusals: [`tile-differs ${t0}`, 'root-differs'] },
    { name: 'two entries exchanged', log: 'five', put: [put(b0, swapped[b0])], refusals: [`tile-differs ${t0}`, 'root-differs'] },
    { name: 'two entries exchanged and the tile made to fit', log: 'five', put: [put(b0, swapped[b0]), put(t0, swapped[t0])], refusals: ['root-differs'] },
    { name: 'the last entry removed', log: 'five', put: [put(b0, base(five(b0).subarray(0, 36)))], refusals: [`bundle-width ${b0}`, `tile-unchecked ${t0}`, 'root-unchecked'] },
    { name: 'an entry added', log: 'five', put: [put(b0, base(concatBytes(five(b0), new Uint8Array(2))))], refusals: [`bundle-width ${b0}`, `tile-unchecked ${t0}`, 'root-unchecked'] },
    { name: 'a bundle cut within an entry', log: 'five', put: [put(b0, base(five(b0).subarray(0, 44)))], refusals: [`bundle-truncated ${b0}`, `tile-unchecked ${t0}`, 'root-unchecked'] },
    { name: 'a bundle cut within a length', log: 'five', put: [put(b0, base(five(b0).subarray(0, 37)))], refusals: [`bundle-truncated ${b0}`, `tile-unchecked ${t0}`, 'root-unchecked'] },
    { name: 'lengths little-endian', log: 'five', put: [put(b0, base(five(b0).map((b, i) => (i % 9 === 0 ? 7 : i % 9 === 1 ? 0 : b))))], refusals: [`bundle-truncated ${b0}`, `tile-unchecked ${t0}`, 'root-unchecked'] },
    { name: 'a tile cut', log: 'five', put: [put(t0, base(five(t0).subarray(0, 128)))], refusals: [`tile-length ${t0}`] },
    { name: 'a tile of one byte more', log: 'five', put: [put(t0, base(concatBytes(five(t0), new Uint8Array(1))))], refusals: [`tile-length ${t0}`] },
    { name: 'a bit of a tile', log: 'five', put: [put(t0, base(xor(159)(five(t0))))], refusals: [`tile-differs ${t0}`] },
    { name: 'a partial tile of an older size left behind', log: 'five', put: [put('tile/0/000.p/4', base(five(t0).subarray(0, 128)))], refusals: ['tile-unexpected tile/0/000.p/4'] },
    { name: 'a full name for a partial tile', log: 'five', put: [put('tile/0/000', base(five(t0)))], refusals: ['tile-unexpected tile/0/000'] },
    { name: 'a tile for an empty log', log: 'empty', put: [put('tile/0/000.p/0', '')], refusals: ['tile-unexpected tile/0/000.p/0'] },
    { name: 'a higher tile changed', log: 'wide', put: [put('tile/1/000.p/1', base(xor(0)(wide('tile/1/000.p/1'))))], refusals: ['tile-differs tile/1/000.p/1'] },
    { name: 'a full bundle gone and a partial tile changed: both are told', log: 'wide', put: [put('tile/entries/000', undefined), put('tile/0/001.p/44', base(xor(7)(wide('tile/0/001.p/44'))))], refusals: [
      'tile-missing tile/entries/000', 'tile-unchecked tile/0/000', 'tile-unchecked tile/1/000.p/1', 'tile-differs tile/0/001.p/44', 'root-unchecked'] },
    { name: 'another key under the same name', log: 'five', put: [put('checkpoint', publish(5, impostor)['checkpoint'])], refusals: ['log-signature-missing'] },
    { name: 'a second log under the same name', log: 'five', put: Object.entries(publish(5, impostor, (i) => toUtf8(`other ${i}`))).map(([p, b]) => put(p, b)), refusals: ['log-signature-missing'] },
    { name: 'signed by a known key of another name', log: 'five', put: [put('checkpoint', base(signNote(text(five('checkpoint')).split('\n\n')[0] + '\n', stranger)))], expect: { alsoKeys: [verifierKeyText(verifierKey(stranger, 'ed25519'))] }, refusals: ['log-signature-missing'] },
    { name: 'another origin', log: 'five', put: [put('checkpoint', renamed['checkpoint'])], refusals: ['origin-differs', 'log-signature-missing'] },
    { name: 'the signature of another checkpoint', log: 'five', put: [put('checkpoint', base(toUtf8(text(five('checkpoint')).split('\n\n')[0] + '\n\n' + atobText(older!).split('\n\n')[1]!)))], refusals: ['signature-false', 'log-signature-missing'] },
    { name: 'a root made to fit a changed entry, unsigned', log: 'five', put: [put('checkpoint', base(toUtf8(atobText(swapped['checkpoint']!).split('\n\n')[0] + '\n\n' + text(five('checkpoint')).split('\n\n')[1]!))), put(b0, swapped[b0]), put(t0, swapped[t0])], refusals: ['signature-false', 'log-signature-missing'] },
    { name: 'shorter than a checkpoint that was kept', log: 'five', put: [], expect: { seen: { origin: log.name, size: 300, root: rootOfFiles(logs.wide) } }, refusals: ['history-shorter'] },
    { name: 'not the log whose checkpoint was kept', log: 'wide', put: [], expect: { seen: { origin: log.name, size: 5, root: rootOfFiles(swapped) } }, refusals: ['history-differs'] },
    { name: 'a kept checkpoint of another log', log: 'five', put: [], expect: { seen: { origin: stranger.name, size: 5, root: rootOfFiles(renamed) } }, refusals: ['history-other-log'] },
    { name: 'no witness where one is asked for', log: 'five', put: [], expect: { witnesses: [witnessKey], needed: 1 }, refusals: ['witnesses-missing'] },
    { name: 'a size beyond all files', log: 'five', put: [put('checkpoint', base(signCheckpoint({ origin: log.name, size: 2 ** 53 - 1, root: root8 }, log)))], refusals: ['size-beyond-files', 'root-unchecked'] },
  ],
}); // prettier-ignore

function atobText(base64: string): string {
  return text(Uint8Array.from(atob(base64), (c) => c.codePointAt(0)!));
}
function rootOfFiles(files: Record<string, string>): string {
  return toHex(
    Uint8Array.from(atob(atobText(files['checkpoint']!).split('\n')[2]!), (c) => c.codePointAt(0)!),
  );
}

// ── DSSE ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
const type = 'application/vnd.opencanvass.act+json';
const payload = '{"kind":"certificate signed"}';
const [ann, bob] = [keyOf('Ann'), keyOf('Bob')].map((s) => s.key);
const [annSig, bobSig] = signDsse(type, toUtf8(payload), [ann!, bob!]);
const acts = { payloadType: type, payload, keys: [ann!, bob!].map((k) => toHex(k.publicKey)) };
const plainSignature = signDsse('text/plain', toUtf8(payload), [ann!])[0]!;
write('dsse.json', 'Payloads (UTF-8 text) with Ed25519 signatures over their DSSE encoding; `keys` are public keys in hex. Refused if any signature is not verified.', `${own}; the first encoding is the example of DSSE's protocol.md, github.com/secure-systems-lab/dsse`, {
  encodings: [
    { payloadType: 'http://example.com/HelloWorld', payload: 'hello world', encoded: 'DSSEv1 29 http://example.com/HelloWorld 11 hello world' },
    { payloadType: 'é', payload: '€', encoded: text(preAuthEncoding('é', toUtf8('€'))) },
  ],
  accepted: [{ name: 'two signatures', ...acts, signatures: [annSig, bobSig] }, { name: 'one', ...acts, signatures: [bobSig] }],
  refused: [
    { name: 'another payload type', ...acts, payloadType: 'text/plain', signatures: [annSig], refusal: 'signature-false' },
    { name: 'signed as another type', ...acts, signatures: [plainSignature], refusal: 'signature-false' },
    { name: 'payload changed', ...acts, payload: payload.replace('signed', 'Signed'), signatures: [annSig], refusal: 'signature-false' },
    { name: 'signatures exchanged', ...acts, signatures: [{ keyid: annSig!.keyid, sig: bobSig!.sig }], refusal: 'signature-false' },
    { name: 'one true and one false', ...acts, signatures: [annSig, { keyid: bobSig!.keyid, sig: annSig!.sig }], refusal: 'signature-false' },
    { name: 'one key twice does not make two', ...acts, signatures: [annSig, annSig], refusal: 'signature-repeated' },
    { name: 'nobody we know', ...acts, keys: [toHex(bob!.publicKey)], signatures: [annSig], refusal: 'signature-of-unknown-key' },
    { name: 'key id in upper case', ...acts, signatures: [{ keyid: annSig!.keyid.toUpperCase(), sig: annSig!.sig }], refusal: 'signature-of-unknown-key' },
    { name: 'no padding', ...acts, signatures: [{ keyid: annSig!.keyid, sig: annSig!.sig.slice(0, -2) }], refusal: 'signature-malformed' },
    { name: '63 bytes', ...acts, signatures: [{ keyid: annSig!.keyid, sig: toBase64(new Uint8Array(63)) }], refusal: 'signature-malformed' },
    { name: 'empty', ...acts, signatures: [{ keyid: annSig!.keyid, sig: '' }], refusal: 'signature-malformed' },
  ],
}); // prettier-ignore
