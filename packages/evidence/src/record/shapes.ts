// The shapes of an entry and of the bodies that this version folds: entry.ts said once more, for bytes that come from a stranger.
import { rulesFromJson } from '../tally/index.ts';
import { entryKinds, type Bodies, type EntryKind } from './entry.ts';
import {
  anyObject,
  anything,
  bool,
  clockTime,
  either,
  hex64,
  list,
  members,
  oneOf,
  statedTime,
  text,
  whole,
  type Shape,
} from './shape.ts';

const author = members({ name: text, role: text }, { jurisdiction: text });
const file = members({ name: text, sha256: hex64, bytes: whole }, { held: oneOf(false) });
export const readFrom = members({ file, reader: text, version: text, rowsRead: whole, rowsRefused: whole });
const choice = members({ id: text, name: text }, { party: text, writeIn: bool });
const share = members({ numerator: whole, denominator: whole });
const rule = either(
  members({ kind: oneOf('plurality'), voteFor: whole, winners: whole }),
  members({ kind: oneOf('supermajority', 'threshold'), share }),
  members({ kind: oneOf('topTwoRunoff') }),
  members({ kind: oneOf('approval'), winners: whole }),
  members({ kind: oneOf('instantRunoff') }, { ranks: whole }),
  members({ kind: oneOf('singleTransferableVote'), winners: whole }, { ranks: whole }),
  members({ kind: oneOf('dhondt', 'sainteLague'), seats: whole }, { threshold: share }),
);
const jurisdiction = members({ id: text, name: text });
const contest = members({ id: text, name: text, choices: list(choice), rule });
const election = members(
  { name: text, date: text, jurisdictions: list(jurisdiction), contests: list(contest) },
  { state: text },
);
const column = either(
  members({ kind: oneOf('choice'), choice: text }),
  members({ kind: oneOf('ranking'), ranks: list(list(text)) }),
  members({ kind: oneOf('writeIn', 'validWriteIn', 'invalidWriteIn', 'blank', 'overvote') }),
);
const statedVotes = list(members({ name: text, votes: whole }));
const statedAudit = members(
  {
    contests: list(
      members(
        { contest: text, targeted: bool, tabulated: statedVotes },
        { winners: whole, votesAllowed: whole, totalBallotsCast: whole, pendingBallots: whole },
      ),
    ),
    rounds: list(
      members(
        { round: whole, contest: text, audited: statedVotes },
        { sampleSize: whole, riskLimitMet: bool, pValue: text, startedAt: text, endedAt: text },
      ),
    ),
  },
  {
    organization: text,
    election: text,
    state: text,
    auditName: text,
    auditType: text,
    auditMath: text,
    riskLimit: text,
    seed: text,
  },
);
/** Rules of a ranked contest that we can count by. */
const roundsRules: Shape = (value, at) => ('faults' in rulesFromJson(value) ? at : undefined);
const test = members({ check: text, word: oneOf('holds', 'fails') }, { jurisdiction: text });
const part = members(
  { id: text, asks: text, role: oneOf('kernel', 'conclusion'), tests: list(test) },
  { beyond: text, spanish: members({ asks: text }, { beyond: text }) },
);
const statement = members(
  {
    id: text,
    kind: oneOf('claim', 'official statement'),
    who: text,
    when: text,
    where: text,
    words: text,
    parts: list(part),
  },
  {
    summarised: bool,
    contest: text,
    figures: list(
      members(
        { name: text, value: text, of: text },
        { note: text, spanish: members({ of: text }, { note: text }) },
      ),
    ),
  },
);

/** One entry of the log. */
export const entryShape = members({
  v: oneOf(1),
  position: whole,
  appended: clockTime,
  act: members(
    {
      kind: oneOf(...entryKinds),
      author,
      about: members({}, { contest: text, jurisdiction: text, round: whole, entries: list(whole) }),
      body: members({ access: oneOf('open', 'sealed'), digest: hex64 }),
    },
    { done: statedTime },
  ),
  signatures: list(members({ keyid: hex64, sig: text })),
});

export const saltedBodyShape = members({ salt: text, body: anything });

/** The bodies that are folded; of another kind, any object. */
const foldedShapes: Record<keyof Bodies, Shape> = {
  'election defined': members({ record: oneOf('conducted', 'reconstructed'), origin: text, election }),
  'jurisdiction joined': members({ jurisdiction }),
  'key authorised': members({
    keyid: hex64,
    publicKey: text,
    holder: author,
    signs: list(oneOf(...entryKinds)),
  }),
  'key withdrawn': members({ keyid: hex64, why: text, words: text }),
  'file received': members(
    { file, from: text },
    {
      retrieved: text,
      licence: text,
      states: statedAudit,
      rounds: members({ contest: text }, { rules: roundsRules }),
    },
  ),
  'counts reported': members({ contest: text, table: file }, { read: readFrom }),
  'results reported': members(
    {
      contest: text,
      choices: list(text),
      status: oneOf('certified', 'unofficial', 'not stated'),
      table: file,
    },
    { asOf: text, statedTotals: list(whole), read: readFrom },
  ),
  'hand count reported': members(
    {
      contest: text,
      granularity: oneOf('batch', 'type'),
      columns: list(column),
      totals: list(whole),
      batches: whole,
      table: file,
    },
    { read: readFrom, why: text },
  ),
  'contests and risk limits announced': members({
    contests: list(
      members(
        { contest: text },
        {
          riskLimit: text,
          method: text,
          rule: text,
          doubleEntry: bool,
          cards: whole,
          reported: list(text),
        },
      ),
    ),
  }),
  'seed drawn': members({ seed: text, how: text, witnesses: list(text) }),
  'discrepancy explained': members(
    { check: text, words: text, by: list(text) },
    { accountsFor: members({ value: whole, unit: oneOf('votes', 'ballots', 'cards') }), reason: text },
  ),
  'statement made': statement,
  'claim registered': statement,
  correction: members({ reason: text }, { replacement: anything }),
};

export const bodyShapes = Object.fromEntries(
  entryKinds.map((kind) => [kind, (foldedShapes as Partial<Record<EntryKind, Shape>>)[kind] ?? anyObject]),
) as Record<EntryKind, Shape>;
