// A small election for the keeper's tests: two counties, two choices, keys from fixed seeds, a clock that ticks.
import { choiceId, contestId, jurisdictionId, type Election } from '@opencanvass/evidence/election';
import type { Author, EntryKind, FileRef } from '@opencanvass/evidence/record';
import { toHex, toUtf8 } from '@opencanvass/evidence/bytes';
import { nodeSha256, signingKeyFromSeed, type SigningKey } from '../src/crypto.ts';
import { authorisation, type Draft } from '../src/keeper.ts';

export const seededKey = (n: number): SigningKey => signingKeyFromSeed(new Uint8Array(32).fill(n));

/** 32 bytes after 32 bytes, the same in every run: SHA-256 of a counter. Only for tests: whoever knows it can guess sealed bodies. */
export function counted(seed = 'salt'): (bytes: number) => Uint8Array {
  let n = 0;
  return (bytes) => nodeSha256(toUtf8(`${seed} ${n++}`)).slice(0, bytes);
}

/** A second later each time it is asked. */
export function ticking(start = '2026-11-04T12:00:00.000Z'): () => Date {
  let at = Date.parse(start);
  return () => new Date((at += 1000));
}

export const origin = 'elections.example/2026-general';
export const contest = contestId('Mayor');
export const clarke = jurisdictionId('Clarke');
export const bibb = jurisdictionId('Bibb');
export const ann = choiceId('Ann Lee');
export const bob = choiceId('Bob Ray');

export const election: Election = {
  name: 'General Election',
  date: '2026-11-03',
  state: 'GA',
  jurisdictions: [
    { id: bibb, name: 'Bibb' },
    { id: clarke, name: 'Clarke' },
  ],
  contests: [
    {
      id: contest,
      name: 'Mayor',
      choices: [
        { id: ann, name: 'Ann Lee' },
        { id: bob, name: 'Bob Ray' },
      ],
      rule: { kind: 'plurality', voteFor: 1, winners: 1 },
    },
  ],
};

export const state: Author = { name: 'Secretary of State', role: 'state administrator' };
export const boardKey = seededKey(7);

export const fileRef = (name: string, bytes: Uint8Array): FileRef => ({
  name,
  sha256: toHex(nodeSha256(bytes)),
  bytes: bytes.length,
});

/** The state's key, good for all that binds. */
export const authoriseState = (key: SigningKey = boardKey): Draft => ({
  kind: 'key authorised',
  author: state,
  body: authorisation(key, state, bindingOfState),
});
export const bindingOfState: readonly EntryKind[] = [
  'manifest sealed',
  'CVRs sealed',
  'seed drawn',
  'certificate signed',
  'statement made',
  'correction',
];

export const joined = (id: typeof clarke, name: string): Draft => ({
  kind: 'jurisdiction joined',
  author: state,
  about: { jurisdiction: id },
  body: { jurisdiction: { id, name } },
});

export const incident = (n: number): Draft => ({
  kind: 'incident noted',
  author: state,
  body: { words: `incident ${n}` },
});
