// A key is lost in the middle of an audit: the state withdraws it on the record, and from there on nothing that it signs is taken, by the desk, by the
// keeper, or by a verifier if both of them were to cheat. Its holder makes another, and the audit goes on to a certificate that holds.
import { readRecord, recordFromMap } from '@opencanvass/evidence/record';
import { signEd25519 } from '@opencanvass/keeper';
import { toBase64 } from '@opencanvass/evidence/bytes';
import { expect, test } from 'vitest';
import { notHeld, openSeals, published } from './published.ts';
import {
  announce,
  begin,
  boards,
  contest,
  readAll,
  rollDice,
  sealAll,
  TestDesk,
  totalsCsv,
  paper,
} from './testDesk.ts';

const stolen = { why: 'in other hands' as const, words: 'the laptop was taken from the office' };

test('a county’s lost key, and the canvass board’s', { timeout: 120_000 }, async () => {
  const t = await TestDesk.open();
  const cast = await begin(t);
  const { state, managers, canvass } = cast;
  const { bibb } = managers;
  await sealAll(t, cast, 'totals');
  const params = { county: 'bibb' };
  const old = bibb.key!;
  const { accounts } = await t.do(state.client, 'accounts', {});
  const { keyid } = accounts.find((a) => a.id === bibb.id)! as { keyid: string };
  const ofBibb = { params: { account: bibb.id }, body: { keyid, ...stolen } };
  const standing = async () =>
    (await t.do(state.client, 'accounts', {})).accounts.find((a) => a.id === bibb.id)!.key;

  expect(await t.refused(bibb.client, 'withdrawKey', ofBibb)).toBe('403 role-not-allowed');
  const another = { ...ofBibb, body: { ...ofBibb.body, keyid: 'f'.repeat(64) } };
  expect(await t.refused(state.client, 'withdrawKey', another)).toBe('409 another-key');
  expect(
    await t.refused(state.client, 'withdrawKey', { ...ofBibb, body: { ...ofBibb.body, words: '' } }),
  ).toBe('422 wrong-shape');

  // A seal was prepared and not yet signed when the key is withdrawn.
  await t.do(bibb.client, 'batchTotals', {
    params: { county: 'bibb', contest },
    query: { name: 'totals.csv' },
    file: Buffer.concat([totalsCsv(paper, 'bibb'), Buffer.from('\n')]),
  });
  const prepared = await t.do(bibb.client, 'sealAgain', { params, body: { reason: 'a line at its end' } });
  await t.do(state.client, 'withdrawKey', ofBibb);
  expect(await standing()).toBe('withdrawn');
  expect(await t.refused(state.client, 'withdrawKey', ofBibb)).toBe('409 key-not-on-record');
  const signed = { params: { prepared: prepared.prepared }, body: t.signaturesFor(old, prepared) };
  expect(await t.refused(bibb.client, 'sign', signed)).toBe('409 unauthorised-key');
  const proof = toBase64(signEd25519(old, new TextEncoder().encode(`opencanvass key of ${bibb.login}`)));
  const told = { body: { publicKey: toBase64(old.publicKey), proof } };
  expect(await t.refused(bibb.client, 'tellKey', told)).toBe('409 key-withdrawn');

  await t.key(bibb, state);
  expect(await standing()).toBe('authorised');
  await t.sign(bibb, await t.do(bibb.client, 'sealAgain', { params, body: { reason: 'a line at its end' } }));
  await announce(t, cast, 'batch comparison');
  await rollDice(t, cast);
  await t.do(state.client, 'draw', { params: { contest }, body: { draws: 12 } });
  await readAll(t, await boards(t, cast));
  await t.do(state.client, 'assess', { params: { contest } });

  // The board's key goes when all is done but its signature.
  const ofBoard = (await t.do(state.client, 'accounts', {})).accounts.find((a) => a.id === canvass.id)!;
  const lost = { why: 'lost' as const, words: 'nobody knows where it is' };
  await t.do(state.client, 'withdrawKey', {
    params: { account: canvass.id },
    body: { keyid: ofBoard.keyid!, ...lost },
  });
  const certificate = await t.do(canvass.client, 'certify', { body: { words: 'We sign.' } });
  const withOld = {
    params: { prepared: certificate.prepared },
    body: t.signaturesFor(canvass.key!, certificate),
  };
  expect(await t.refused(canvass.client, 'sign', withOld)).toBe('409 unauthorised-key');
  await t.key(canvass, state);
  await t.sign(canvass, await t.do(canvass.client, 'certify', { body: { words: 'We sign.' } }));
  await openSeals(t, state);
  expect(await notHeld(t.desk.keeper)).toEqual([]);
  const files = await published(t.desk.keeper);
  expect(readRecord(recordFromMap(files)).facts.faults).toEqual([]);
  await t.close();
});
