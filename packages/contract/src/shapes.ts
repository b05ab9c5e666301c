// The values that several routes exchange.
import { z } from 'zod';
import { finding } from './finding.ts';

const name = z.string().trim().min(1).max(200);
export const words = z.string().trim().min(1).max(5000);
export const id = z.string().min(1).max(200);
export const hex64 = z.string().regex(/^[0-9a-f]{64}$/);
export const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/);

/** Why something was refused: a fixed word, and the evidence. Sentences are made elsewhere. */
export interface Problem {
  readonly code: string;
  readonly expected?: string | undefined;
  readonly found?: string | undefined;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly field?: string | undefined;
  /** What the person at the keyboard can do. */
  readonly todo?: string | undefined;
  /** What was found in a county's files. */
  readonly findings?: readonly z.infer<typeof finding>[] | undefined;
  readonly problems?: readonly Problem[] | undefined;
}
export const problem: z.ZodType<Problem> = z.object({
  code: z.string(),
  expected: z.string().optional(),
  found: z.string().optional(),
  file: z.string().optional(),
  line: z.number().optional(),
  field: z.string().optional(),
  todo: z.string().optional(),
  findings: z.array(finding).readonly().optional(),
  get problems() {
    return z.array(problem).readonly().optional();
  },
});

export const signedRoles = z.enum(['state administrator', 'county manager', 'canvass board', 'observer']);
export const account = z.object({
  id: z.string(),
  login: name,
  name,
  role: signedRoles,
  jurisdiction: id.optional(),
  disabled: z.boolean(),
  /** The key that signs what binds: none, told to the desk, or authorised on the record. */
  key: z.enum(['none', 'waiting', 'authorised', 'withdrawn']),
  keyid: hex64.optional(),
});

export const newAccount = z.object({
  login: name.regex(/^[a-z0-9.@_-]+$/, 'lower-case letters, digits, and . @ _ -'),
  name,
  role: signedRoles,
  jurisdiction: id.optional(),
});

export const member = z.object({ name, party: z.string().trim().min(1).max(60) });
export const members = z.tuple([member, member]);

export const session = z.object({
  who: name,
  role: z.enum(['state administrator', 'county manager', 'audit board', 'canvass board', 'observer']),
  jurisdiction: id.optional(),
  /** Of an account: its login, and the key told to the desk. */
  login: z.string().optional(),
  keyid: hex64.optional(),
  key: z.enum(['none', 'waiting', 'authorised', 'withdrawn']).optional(),
  /** Of an audit board: the two at the table. */
  members: members.optional(),
  csrf: z.string(),
  until: z.string(),
});

/** Goes with every act of a board, so that it can be sent again, and late, and be on the record once. */
export const boardAct = {
  /** Made where the entry is made, once for each: a request that is repeated is given the first one's answer. */
  entry: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .optional(),
  /** When the two people confirmed it, by their own clock. */
  done: z.iso.datetime({ offset: true }).optional(),
  /** Who they were; absent: the two who are signed in. After a shift, others may send what these entered. */
  by: members.optional(),
} as const;

/** An entry of the record that was appended. */
export const appended = z.object({ positions: z.array(z.int()) });

/** Acts that bind: what their author signs with a key of their own. The desk never has that key. */
export const toSign = z.object({
  prepared: z.string(),
  payloadType: z.string(),
  /** base64 of the canonical JSON of each act, in order. */
  payloads: z.array(z.string()),
  /** base64 of the canonical JSON of each act's salt and body: who signs can see that the act's digest is of these words. */
  bodies: z.array(z.string()),
});
export const signatures = z.object({ keyid: hex64, sigs: z.array(base64).min(1).max(20) });

export const methods = [
  'batch comparison',
  'card comparison',
  'ballot polling',
  'ONEAudit',
  'full hand count',
] as const;
/** The risk function, as its paper calls it; the first that fits the method is taken where none is announced. */
export const riskRules = ['MACRO', 'without replacement', 'adaptive', 'Kelly', 'ALPHA', 'aGRAPA'] as const;
/** The risk functions of each method that need nothing more said; the first is the usual one. */
export const rulesOf: Readonly<Record<(typeof methods)[number], readonly (typeof riskRules)[number][]>> = {
  'batch comparison': ['MACRO', 'without replacement'],
  'card comparison': ['adaptive', 'Kelly'],
  'ballot polling': ['ALPHA', 'aGRAPA', 'Kelly'],
  ONEAudit: ['Kelly', 'adaptive'],
  'full hand count': [],
};
export const announced = z.object({
  contest: id,
  method: z.enum(methods),
  /** '0.05' */
  riskLimit: z
    .string()
    .regex(/^0?\.\d{1,6}$/)
    .optional(),
  rule: z.enum(riskRules).optional(),
  /** Batches are entered twice, by two people, without seeing each other's figures. */
  doubleEntry: z.boolean().optional(),
  /** How many cards hold the contest, known from outside the machines: with it, only cards that may hold it are drawn. */
  cards: z.int().min(1).optional(),
  /** Of a ranked contest that is counted in full: whom the reported result elects, which no sum of first choices says. */
  reported: z.array(id).min(1).max(100).optional(),
});

export const contestState = z.object({
  contest: id,
  name: z.string(),
  choices: z.array(z.object({ id, name: z.string() })),
  method: z.enum(methods).optional(),
  riskLimit: z.string().optional(),
  rule: z.string().optional(),
  doubleEntry: z.boolean(),
  ranked: z.boolean(),
  voteFor: z.int(),
  /** Of a ranked contest: how many ranks its ballots offer. */
  ranks: z.int().optional(),
  /** Different cards or batches drawn in all rounds, and how many of them are read. */
  drawn: z.int(),
  read: z.int(),
  rounds: z.array(
    z.object({
      round: z.int(),
      draws: z.int(),
      units: z.int(),
      read: z.int(),
      risk: z.number().optional(),
      outcome: z.string().optional(),
      /** How far the next round should go in all: on average, and enough in nine of ten cases. */
      next: z.object({ expected: z.number(), p90: z.number(), unit: z.string() }).optional(),
      /** A reading was corrected after the assessment: the round is to be assessed again. */
      stale: z.literal(true).optional(),
    }),
  ),
  /** What the audit of this contest has come to: the words of the house. */
  ending: z.enum([
    'not begun',
    'go on',
    'confirmed',
    'full hand count ordered',
    'full hand count agrees',
    'full hand count corrects',
    'insufficient evidence',
  ]),
  /** Why a full hand count was ordered, or why the evidence does not suffice: the code of an outcome. */
  why: z.string().optional(),
  winners: z.array(id).optional(),
  /** The choices between which a full hand count ties: a lot decides. */
  tied: z.array(id).optional(),
  /** Of a tie: who is chosen by lot. In a round of a ranked contest it may be who is eliminated. */
  choosing: z.enum(['winner', 'loser']).optional(),
});

export const countyState = z.object({
  jurisdiction: id,
  name: z.string(),
  manifest: z.object({ batches: z.int(), size: z.int(), counts: z.enum(['ballots', 'cards']) }).optional(),
  /** What was uploaded, whether sealed or not: a manifest, batch totals by contest, cast vote records. */
  manifestGiven: z.boolean(),
  totals: z.array(id),
  cvrs: z.boolean(),
  sealed: z.boolean(),
  toRead: z.int(),
  read: z.int(),
  handCounts: z.array(id),
});

export const steps = [
  'set up',
  'seal the inputs',
  'announce contests and risk limits',
  'draw the seed',
  'draw the sample',
  'read the paper',
  'assess the round',
  'full hand count',
  'sign off',
  'signed off',
] as const;

export const status = z.object({
  election: z.object({ name: z.string(), date: z.string(), state: z.string().optional() }).optional(),
  step: z.enum(steps),
  entries: z.int(),
  counties: z.array(countyState),
  contests: z.array(contestState),
  seed: z.object({ seed: z.string(), how: z.string(), witnesses: z.array(z.string()) }).optional(),
  previews: z.array(z.object({ position: z.int(), seed: z.string() })),
});

/** What to expect of each method. */
export const planned = z.object({
  /** Reported votes by choice, in the contest's order. */
  reported: z.array(z.int()),
  cards: z.int(),
  methods: z.array(
    z.object({
      method: z.enum(['batch comparison', 'card comparison', 'ballot polling', 'full hand count']),
      size: z
        .object({ expected: z.number(), p90: z.number(), unit: z.enum(['cards', 'batches', 'draws']) })
        .optional(),
      /** Cards that people read on average. */
      cards: z.number().optional(),
      /** Why the method is not open. */
      problem: problem.optional(),
    }),
  ),
  /** The other methods are still being simulated: ask again. */
  computing: z.boolean(),
});

export const drawnUnit = z.object({
  id: z.string(),
  jurisdiction: id,
  batch: z.string(),
  tabulator: z.string(),
  /** Of a card: its place in the batch, from 1. */
  card: z.int().optional(),
  /** How often it was drawn, and in which round first. */
  draws: z.int(),
  round: z.int(),
});

export const reading = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('votes'),
    choices: z.array(id).max(100),
    /** Names written in that are no choice of the contest, as they stand on the paper. */
    writeIns: z.array(z.string().trim().min(1).max(100)).max(100).optional(),
  }),
  /** Of a ranked contest: by rank from the first, whoever is marked there; an empty list is a rank left blank. */
  z.object({ kind: z.literal('ranking'), ranks: z.array(z.array(id).max(100)).max(100) }),
  z.object({ kind: z.enum(['blank', 'overvote', 'not on ballot', 'not found']) }),
]);

/** What can be printed for a county. */
export const papers = [
  'retrieval-list',
  'placeholders',
  'labels',
  'tally-sheets',
  'hand-count-sheets',
] as const;

const counted = z.int().min(0).max(10_000_000);
/** Of a ranked contest: how many ballots have each ranking, by rank from the first, an empty list a rank left blank. */
const rankings = z
  .array(z.object({ ranks: z.array(z.array(id).max(100)).max(100), ballots: counted }))
  .max(20_000);
/**
 * What people counted in a batch: votes by choice, or ballots by ranking; in a full hand count also blank and overvoted ballots (an overvoted ranking is a
 * ranking). `writeIns`: votes for names that are no choice of the contest; of a ranked contest, ballots that rank nobody else.
 */
export const batchCount = z.union([
  z.object({
    votes: z.array(counted).max(500),
    blank: counted.optional(),
    overvote: counted.optional(),
    writeIns: counted.optional(),
  }),
  z.object({ rankings, blank: counted.optional(), writeIns: counted.optional() }),
  z.literal('not found'),
]);

const ofBatch = { tabulator: z.string().max(200), batch: z.string().max(200) };
/** A county's full hand count of a contest: every batch of its manifest. */
export const handCounted = z
  .array(
    z.union([
      z.object({
        ...ofBatch,
        votes: z.array(counted).max(500),
        blank: counted,
        overvote: counted,
        writeIns: counted.optional(),
      }),
      z.object({ ...ofBatch, rankings, blank: counted, writeIns: counted.optional() }),
    ]),
  )
  .min(1)
  .max(50_000);

/** Why a key signs nothing any more. */
export const whyWithdrawn = ['lost', 'in other hands', 'left office'] as const;

/** Why a reading is read again. */
export const whyRead = [
  'misread',
  'wrong batch pulled',
  'entry error',
  'adjudicated with the paper at hand',
  'found after all',
] as const;

const readAgain = {
  why: z.enum(whyRead),
  words,
  /** Of a batch. */
  batch: batchCount.optional(),
  /** Of a card: what is read anew; the other contests stay as they were. */
  contests: z
    .array(z.object({ contest: id, reading }))
    .min(1)
    .max(100)
    .optional(),
  confirmedByBoth: z.literal(true),
};
/** `by`: the two people who read, where not a board but its county says so. */
export const reReading = z.object({ ...readAgain, ...boardAct });
export const reReadingWitnessed = z.object({
  ...readAgain,
  by: members,
  witnesses: z.array(words).min(1).max(50),
});

/** Why paper and machine differ. */
export const whyDiffer = [
  'voter mark the machine read otherwise',
  'ballot counted twice or not scanned',
  'ballots in another batch',
  'duplicated or adjudicated ballot',
  'tallied wrongly by hand',
  'machine or its settings',
  'card not found',
  'not known',
] as const;

export const discrepancy = z.object({
  unit: z.string(),
  jurisdiction: id,
  round: z.int(),
  /** The entry with the reading that counts. */
  position: z.int(),
  /** By choice, in the contest's order: of a batch votes, of a card 1 or 0. Absent of a ranked card, of a phantom, of paper not found. */
  machine: z.array(z.int()).optional(),
  paper: z.array(z.int()).optional(),
  /** What kind of thing stands on each side: 'votes', 'blank', 'ranking', 'no record', 'not on ballot', 'not found'. */
  machineSays: z.string(),
  paperSays: z.string(),
  /** By how many votes the machine overstated the comparison that it hurts most; below 0: understated. */
  votes: z.number(),
  direction: z.enum(['for the reported outcome', 'against the reported outcome', 'neither']),
  status: z.enum(['open', 'explained']),
  reasons: z.array(
    z.object({ position: z.int(), reason: z.string(), words: z.string(), by: z.array(z.string()) }),
  ),
  notes: z.array(z.object({ position: z.int(), words: z.string(), by: z.string() })),
});

/** One entry that says something about a unit: a reading, an entry of a pair, a correction. */
export const told = z.object({
  position: z.int(),
  at: z.string(),
  kind: z.enum(['paper interpreted', 'correction']),
  by: z.array(member),
  /** Who typed it, where batches are entered twice. */
  entered: z.string().optional(),
  why: z.string().optional(),
  words: z.string().optional(),
  /** The first of two entries is not shown before the second is made. */
  batch: batchCount.optional(),
  reading: reading.optional(),
});
export const unitReadings = z.object({
  unit: z.string(),
  jurisdiction: id,
  state: z.enum(['read', 'entered once', 'entries differ']),
  /** Once it is read: the entry that a correction names. */
  position: z.int().optional(),
  told: z.array(told),
});

/** How a contest is counted, where its results file does not say. */
export const contestRule = z.object({
  contest: z.string().min(1).max(300),
  rule: z.union([
    z.object({
      kind: z.literal('plurality'),
      voteFor: z.int().min(1).max(100),
      winners: z.int().min(1).max(100),
    }),
    z.object({ kind: z.literal('instantRunoff'), ranks: z.int().min(1).max(100).optional() }),
  ]),
});
