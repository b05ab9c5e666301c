// Known answers: Go's sumdb/note package comment (BSD), and DSSE's protocol.md.
import { fromUtf8, toUtf8 } from '@opencanvass/evidence/bytes';
import {
  actPayloadType,
  checkDsse,
  checkSignatures,
  dsseKeyId,
  parseNote,
  parseVerifierKey,
  preAuthEncoding,
} from '@opencanvass/evidence/log';
import { describe, expect, test } from 'vitest';
import { nodeVerifyEd25519, signingKeyFromSeed } from '../crypto.ts';
import {
  parseSignerKey,
  signDsse,
  signerKeyText,
  signCheckpoint,
  signNote,
  verifierKey,
  verifierKeyText,
} from './index.ts';

const skey = 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz';
const vkey = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const text =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const note = `${text}
— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
`;

describe('signed notes', () => {
  const { signer, type } = parseSignerKey(skey)!;
  test("Go's example is written to the byte, and read", () => {
    expect(fromUtf8(signNote(text, signer))).toBe(note);
    expect(verifierKeyText(verifierKey(signer, 'ed25519'))).toBe(vkey);
    expect(signerKeyText(signer, type)).toBe(skey);
    const reading = parseNote(toUtf8(note));
    const key = parseVerifierKey(vkey);
    if (!reading.ok || !key.ok) expect.fail('not read');
    expect(reading.note.text).toBe(text);
    expect(checkSignatures(reading.note, [key.key])).toEqual([
      { name: 'PeterNeumann', keyId: 'c74f20a3', code: 'signature-verified', type: 'ed25519' },
    ]);
  });
  test('every part or changed letter of a signer key is refused', () => {
    for (let i = 0; i < skey.length; i++) {
      expect(parseSignerKey(skey.slice(i + 1)), String(i)).toBeUndefined();
      expect(parseSignerKey(skey.slice(0, i)), String(i)).toBeUndefined();
      const next = String.fromCharCode(skey.charCodeAt(i) + 1);
      expect(parseSignerKey(skey.slice(0, i) + next + skey.slice(i + 1)), String(i)).toBeUndefined();
    }
  });
  test('what is no note is not signed', () => {
    for (const bad of ['', 'no newline', 'tab\t\n', 'return\r\n'])
      expect(() => signNote(bad, signer), bad).toThrow(RangeError);
    const checkpoint = { origin: 'example.org/log', size: 0, root: new Uint8Array(32) };
    expect(() => signCheckpoint(checkpoint, signer)).toThrow(RangeError);
    expect(() => signNote('x\n', { ...signer, name: 'two words' })).toThrow(RangeError);
  });
});

describe('DSSE', () => {
  test("the protocol's own example of the pre-authentication encoding", () => {
    expect(fromUtf8(preAuthEncoding('http://example.com/HelloWorld', toUtf8('hello world')))).toBe(
      'DSSEv1 29 http://example.com/HelloWorld 11 hello world',
    );
  });
  test('two sign; each answer is its own', () => {
    const [a, b, stranger] = [3, 4, 5].map((n) => signingKeyFromSeed(new Uint8Array(32).fill(n)));
    const payload = toUtf8('{"kind":"certificate signed"}');
    const signatures = signDsse(actPayloadType, payload, [a!, b!, stranger!]);
    const keys = new Map([a!, b!].map((k) => [dsseKeyId(k.publicKey), k.publicKey]));
    const answers = (signed: Parameters<typeof checkDsse>[0]): string[] =>
      checkDsse(signed, keys, nodeVerifyEd25519).map((x) => x.code);
    const whole = { payloadType: actPayloadType, payload, signatures };
    expect(answers(whole)).toEqual(['signature-verified', 'signature-verified', 'signature-of-unknown-key']);
    expect(answers({ ...whole, payloadType: 'text/plain' }).slice(0, 2)).toEqual([
      'signature-false',
      'signature-false',
    ]);
    expect(answers({ ...whole, payload: toUtf8('{}') }).slice(0, 2)).toEqual([
      'signature-false',
      'signature-false',
    ]);
    expect(answers({ ...whole, signatures: [signatures[0]!, signatures[0]!] })).toEqual([
      'signature-verified',
      'signature-repeated',
    ]);
    expect(
      answers({ ...whole, signatures: [{ keyid: signatures[0]!.keyid, sig: signatures[1]!.sig }] }),
    ).toEqual(['signature-false']);
    expect(answers({ ...whole, signatures: [{ keyid: signatures[0]!.keyid, sig: 'AAAA' }] })).toEqual([
      'signature-malformed',
    ]);
    expect(() => signDsse(actPayloadType, payload, [a!, a!])).toThrow(RangeError);
  });
});
