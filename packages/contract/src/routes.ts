// The API of the desk. Every route names its roles here and nowhere else.
import { z } from 'zod';
import { finding } from './finding.ts';
import { defineRoutes, type Role } from './route.ts';
import { everybody, signInRoutes, state } from './signInRoutes.ts';
import {
  announced,
  appended,
  batchCount,
  boardAct,
  contestState,
  discrepancy,
  drawnUnit,
  handCounted,
  hex64,
  id,
  papers,
  planned,
  problem,
  reReading,
  reReadingWitnessed,
  reading,
  signatures,
  status,
  toSign,
  unitReadings,
  whyDiffer,
  whyRead,
  whyWithdrawn,
  words,
} from './shapes.ts';

const notBoards = everybody.filter((r) => r !== 'audit board');
const county: readonly Role[] = ['county manager'];
const board: readonly Role[] = ['audit board'];

const ofCounty = z.object({ county: id });
const ofCountyContest = z.object({ county: id, contest: id });
const ofContest = z.object({ contest: id });
const named = z.object({ name: z.string().min(1).max(200) });
const received = z.object({
  rows: z.int(),
  remarks: z.array(problem).readonly(),
  findings: z.array(finding),
});
/**
 * Where batches are entered twice: how many entries the count at hand has and who typed the first (never what), and how often two differed and the batch
 * was to be counted again.
 */
const toEnter = { entries: z.int(), entered: z.string().optional(), differed: z.int() };
/** Once it is done: the entry that a correction names, and what people read there. */
const readBefore = { position: z.int().optional(), told: z.union([reading, batchCount]).optional() };
/** What has become of a batch by this entry. */
const entered = appended.extend({ state: z.enum(['read', 'entered once', 'entries differ']) });

export const routes = defineRoutes({
  ...signInRoutes,

  // ── everybody ──
  status: {
    method: 'GET',
    path: '/api/status',
    summary: 'The whole audit on one page: which step is open, what each county and contest has come to.',
    roles: everybody,
    response: status,
  },
  entries: {
    method: 'GET',
    path: '/api/entries',
    summary:
      'Entries of the record from a position on, 200 at most, with the bodies that are public. `kinds`: only of these, separated by commas.',
    roles: everybody,
    query: z.object({
      from: z.coerce.number().int().min(0).default(0),
      kinds: z.string().max(500).optional(),
    }),
    response: z.object({
      size: z.int(),
      entries: z.array(z.object({ entry: z.unknown(), body: z.unknown().optional() })),
    }),
  },
  sample: {
    method: 'GET',
    path: '/api/contests/{contest}/sample',
    summary: 'What was drawn for a contest.',
    roles: everybody,
    params: ofContest,
    response: z.object({ units: z.array(drawnUnit) }),
  },
  plan: {
    method: 'GET',
    path: '/api/contests/{contest}/plan',
    summary:
      'What was reported of a contest, and how much paper each method is expected to take, once its counties have sealed. Of a close contest that takes seconds to compute: until it is, what was reported.',
    roles: ['state administrator', 'canvass board', 'observer'],
    params: ofContest,
    query: z.object({ riskLimit: z.coerce.number().gt(0).lt(1).default(0.05) }),
    response: planned,
  },
  discrepancies: {
    method: 'GET',
    path: '/api/contests/{contest}/discrepancies',
    summary:
      'Each difference between paper and machine, in rounds that are assessed: its size and direction beside the margin, its reasons, its investigation.',
    roles: notBoards,
    params: ofContest,
    response: z.object({
      /** The smallest number of votes between somebody who won and somebody who lost, as reported. Absent of a ranked contest. */
      margin: z.int().optional(),
      units: z.int(),
      discrepancies: z.array(discrepancy),
    }),
  },
  readings: {
    method: 'GET',
    path: '/api/contests/{contest}/readings',
    summary:
      'All that was read, entered twice, and corrected, by unit and in order: the history of every re-tally.',
    roles: notBoards,
    params: ofContest,
    query: z.object({ unit: z.string().max(600).optional() }),
    response: z.object({ units: z.array(unitReadings) }),
  },

  // ── signatures, and what was refused ──
  authoriseKey: {
    method: 'POST',
    path: '/api/accounts/{account}/authorise-key',
    summary: 'Puts an account’s key on the record, after its holder read out the key’s id.',
    roles: state,
    params: z.object({ account: id }),
    body: z.object({ keyid: hex64 }),
    response: appended,
  },
  withdrawKey: {
    method: 'POST',
    path: '/api/accounts/{account}/withdraw-key',
    summary:
      'Says on the record that an account’s key signs nothing from here on, and why. What it signed before stays signed; its holder can make another.',
    roles: state,
    params: z.object({ account: id }),
    body: z.object({ keyid: hex64, why: z.enum(whyWithdrawn), words }),
    response: appended,
  },
  sign: {
    method: 'POST',
    path: '/api/prepared/{prepared}',
    summary: 'Signs acts that were prepared, which puts them on the record.',
    roles: ['state administrator', 'county manager', 'canvass board'],
    params: z.object({ prepared: id }),
    body: signatures,
    response: appended,
  },
  attempts: {
    method: 'GET',
    path: '/api/attempts',
    summary: 'Sign-ins and refused attempts, each chained to the one before.',
    roles: state,
    query: z.object({ from: z.coerce.number().int().min(0).default(0) }),
    response: z.object({
      rows: z.array(
        z.object({ row: z.int(), at: z.string(), what: z.string(), detail: z.unknown(), hash: hex64 }),
      ),
    }),
  },

  // ── the state ──
  readResults: {
    method: 'POST',
    path: '/api/set-up/contests',
    summary:
      'What a results file holds: its contests and how they are counted, before the record begins with it. Nothing is kept.',
    roles: state,
    query: named,
    file: true,
    response: z.object({
      counties: z.int(),
      contests: z.array(
        z.object({
          contest: id,
          name: z.string(),
          choices: z.array(z.string()),
          rule: z.object({
            kind: z.string(),
            voteFor: z.int().optional(),
            winners: z.int().optional(),
            ranks: z.int().optional(),
          }),
        }),
      ),
    }),
  },
  setUp: {
    method: 'POST',
    path: '/api/set-up',
    summary:
      'Begins the record: the election and its contests are those of a results file. One act: all of it is there, or nothing.',
    roles: state,
    query: z.object({
      name: z.string().min(1).max(200),
      election: z.string().min(1).max(200),
      date: z.iso.date(),
      state: z
        .string()
        .regex(/^[A-Z]{2}$/)
        .optional(),
      /** JSON, a list of `contestRule`: how contests are counted whose file does not say (vote for 2, ranked). */
      rules: z.string().max(20_000).optional(),
    }),
    file: true,
    response: appended,
  },
  announce: {
    method: 'POST',
    path: '/api/announcement',
    summary:
      'Announces the contests to be audited, by which method, to which risk limit. Once every county has sealed.',
    roles: state,
    body: z.object({ contests: z.array(announced).min(1).max(200) }),
    response: appended,
  },
  preview: {
    method: 'POST',
    path: '/api/previews',
    summary: 'What a draw would look like with a made-up seed. It is on the record as a preview, for good.',
    roles: state,
    body: z.object({ seed: z.string().max(200), contest: id, draws: z.int().min(1).max(5000) }),
    response: z.object({ position: z.int(), units: z.array(drawnUnit) }),
  },
  seed: {
    method: 'POST',
    path: '/api/seed',
    summary: 'The seed, as thrown in public. To be signed.',
    roles: state,
    body: z.object({ seed: z.string().max(200), how: words, witnesses: z.array(words).min(1).max(50) }),
    response: toSign,
  },
  draw: {
    method: 'POST',
    path: '/api/contests/{contest}/rounds',
    summary: 'Draws the next round of a contest.',
    roles: state,
    params: ofContest,
    body: z.object({ draws: z.int().min(1).max(5000) }),
    response: z.object({ positions: z.array(z.int()), units: z.array(drawnUnit) }),
  },
  assess: {
    method: 'POST',
    path: '/api/contests/{contest}/assessment',
    summary: 'What the paper read so far proves. Once all of a round is read, or the full hand count is in.',
    roles: state,
    params: ofContest,
    response: z.object({ positions: z.array(z.int()), contest: contestState }),
  },
  orderHandCount: {
    method: 'POST',
    path: '/api/contests/{contest}/full-hand-count',
    summary: 'Orders a full hand count.',
    roles: state,
    params: ofContest,
    body: z.object({ why: words }),
    response: appended,
  },
  drawLot: {
    method: 'POST',
    path: '/api/contests/{contest}/lot',
    summary: 'A full hand count ties: whom the lot chose, by which statute, before whom. To be signed.',
    roles: ['canvass board'],
    params: ofContest,
    body: z.object({
      /** Whom the lot elected; or, in a round of a ranked contest, whom it eliminated. */
      winners: z.array(id).min(1).max(100).optional(),
      eliminated: id.optional(),
      how: words,
      statute: words,
      witnesses: z.array(words).min(2).max(50),
    }),
    response: toSign,
  },
  correct: {
    method: 'POST',
    path: '/api/corrections',
    summary: 'Says of earlier entries what was wrong, and why. Nothing is undone. To be signed.',
    roles: ['state administrator', 'county manager'],
    body: z.object({ entries: z.array(z.int().min(0)).min(1).max(100), reason: words }),
    response: toSign,
  },
  reReadAfterAssessment: {
    method: 'POST',
    path: '/api/readings/{position}/witnessed-correction',
    summary:
      'A reading is put right after its round was assessed: by the state, before witnesses, and the round is assessed again. To be signed.',
    roles: state,
    params: z.object({ position: z.coerce.number().int().min(0) }),
    body: reReadingWitnessed,
    response: toSign,
  },
  openSeal: {
    method: 'POST',
    path: '/api/seals/{position}/open',
    summary: 'Publishes a sealed body, once the audits of all contests have ended.',
    roles: state,
    params: z.object({ position: z.coerce.number().int().min(0) }),
    response: appended,
  },

  // ── the counties ──
  manifest: {
    method: 'PUT',
    path: '/api/counties/{county}/manifest',
    summary: 'The county’s ballot manifest, as it is.',
    roles: county,
    params: ofCounty,
    query: named,
    file: true,
    response: received,
  },
  batchTotals: {
    method: 'PUT',
    path: '/api/counties/{county}/totals/{contest}',
    summary: 'What the machines counted in each batch, in one contest. Nobody at the audit’s tables sees it.',
    roles: county,
    params: ofCountyContest,
    query: named,
    file: true,
    response: received,
  },
  cvrs: {
    method: 'PUT',
    path: '/api/counties/{county}/cvrs',
    summary:
      'The county’s cast vote records: Dominion, ES&S, Hart, Clear Ballot or NIST, as exported; several files in one zip.',
    roles: county,
    params: ofCounty,
    query: named,
    file: 'large',
    response: received,
  },
  readCvrs: {
    method: 'GET',
    path: '/api/counties/{county}/cvrs',
    summary: 'The county’s own cast vote records, as they were uploaded.',
    roles: ['county manager', 'state administrator'],
    params: ofCounty,
    response: z.object({ name: z.string(), base64: z.string() }),
  },
  checkInputs: {
    method: 'GET',
    path: '/api/counties/{county}/inputs',
    summary:
      'The county’s files held against each other and against the reported results, before they are sealed.',
    roles: ['county manager', 'state administrator'],
    params: ofCounty,
    response: z.object({
      uploads: z.array(
        z.object({
          /** 'manifest', 'cvrs', or 'totals ' and the contest. */
          what: z.string(),
          name: z.string(),
          bytes: z.int(),
          rows: z.int(),
          /** Rows that the reader could not use. */
          refused: z.int(),
          /** These bytes are what the county's seal names. */
          sealed: z.boolean(),
        }),
      ),
      findings: z.array(finding),
      /** The contests that people of this county vote on, by the reported results. */
      contests: z.array(id),
    }),
  },
  seal: {
    method: 'POST',
    path: '/api/counties/{county}/seal',
    summary: 'Seals the county’s files: their digests go on the record. To be signed.',
    roles: county,
    params: ofCounty,
    response: toSign,
  },
  sealAgain: {
    method: 'POST',
    path: '/api/counties/{county}/seal-again',
    summary:
      'Seals files that replace sealed ones, before the seed, with the reason: a new seal that names the old one. To be signed.',
    roles: county,
    params: ofCounty,
    body: z.object({ reason: words }),
    response: toSign,
  },
  boards: {
    method: 'GET',
    path: '/api/counties/{county}/boards',
    summary: 'The county’s audit boards. Their codes were shown once.',
    roles: ['county manager', 'state administrator'],
    params: ofCounty,
    response: z.object({ boards: z.array(z.object({ name: z.string(), created: z.string() })) }),
  },
  createBoard: {
    method: 'POST',
    path: '/api/counties/{county}/boards',
    summary: 'The code of an audit board, for a piece of paper. Shown this once.',
    roles: county,
    params: ofCounty,
    body: z.object({ name: z.string().trim().min(1).max(60) }),
    response: z.object({ name: z.string(), code: z.string() }),
  },
  papers: {
    method: 'GET',
    path: '/api/counties/{county}/papers/{paper}',
    summary:
      'A paper to print: what to get out of the containers, what to put in its place, what to write the count on.',
    roles: ['county manager', 'state administrator'],
    params: z.object({ county: id, paper: z.enum(papers) }),
    query: z.object({
      language: z.enum(['en', 'es']).default('en'),
      contest: id.optional(),
      /** What this round drew for the first time; absent: all rounds. */
      round: z.coerce.number().int().min(1).optional(),
      /** How the batch is counted. */
      way: z.enum(['sort and stack', 'read and mark']).default('sort and stack'),
    }),
    pdf: true,
    response: z.instanceof(Uint8Array),
  },
  boardPaper: {
    method: 'POST',
    path: '/api/counties/{county}/papers/board-credential',
    summary:
      'The paper that a board begins with: its code, as text and QR. Made while the code is still on the screen.',
    roles: county,
    params: ofCounty,
    body: z.object({
      code: z.string().max(100),
      /** Where the desk is, as the page that asks knows it: 'https://elections.example.gov'. */
      origin: z.url({ protocol: /^https?$/ }).max(200),
      language: z.enum(['en', 'es']).default('en'),
    }),
    pdf: true,
    response: z.instanceof(Uint8Array),
  },
  handCount: {
    method: 'POST',
    path: '/api/counties/{county}/hand-counts/{contest}',
    summary: 'The county’s full hand count of a contest: every batch of its manifest.',
    roles: county,
    params: ofCountyContest,
    body: z.object({ batches: handCounted }),
    response: appended,
  },
  correctHandCount: {
    method: 'POST',
    path: '/api/counties/{county}/hand-counts/{contest}/correction',
    summary:
      'The county’s full hand count put right before the sign-off: the whole of it again, or, without batches, as its boards’ entries now stand. The contest is then assessed again. To be signed.',
    roles: county,
    params: ofCountyContest,
    body: z.object({ why: z.enum(whyRead), words, batches: handCounted.optional() }),
    response: toSign,
  },
  reportHandCount: {
    method: 'POST',
    path: '/api/counties/{county}/hand-counts/{contest}/from-boards',
    summary:
      'The county’s full hand count of a contest, from what its boards entered, once every batch is in.',
    roles: county,
    params: ofCountyContest,
    response: appended,
  },
  explain: {
    method: 'POST',
    path: '/api/counties/{county}/explanations',
    summary: 'What explains a discrepancy; it stands beside it and does not hide it.',
    roles: county,
    params: ofCounty,
    body: z.object({
      contest: id,
      entries: z.array(z.int().min(0)).min(1).max(100),
      reason: z.enum(whyDiffer),
      words,
    }),
    response: appended,
  },
  investigate: {
    method: 'POST',
    path: '/api/counties/{county}/investigations',
    summary:
      'A note of what was looked at to find out why paper and machine differ. It explains nothing yet.',
    roles: county,
    params: ofCounty,
    body: z.object({ contest: id, unit: z.string().max(600), words }),
    response: appended,
  },
  reRead: {
    method: 'POST',
    path: '/api/readings/{position}/correction',
    summary:
      'A batch or card is read again before its round is assessed: a correction that names the reading, with the reason. Of two entries that agree the later is named.',
    roles: ['audit board', 'county manager'],
    params: z.object({ position: z.coerce.number().int().min(0) }),
    body: reReading,
    response: appended,
  },

  // ── an audit board ──
  work: {
    method: 'GET',
    path: '/api/board/work',
    summary:
      'What this county’s boards have to read: batches or cards, and the contests. Never what a machine said.',
    roles: board,
    response: z.object({
      units: z.array(
        drawnUnit.extend({
          /** Cards or ballots in the batch, as the manifest has it. */
          size: z.int(),
          /** Of a card: the number that the scanner printed on it, where the county's sealed records have one. */
          imprinted: z.string().optional(),
          contests: z.array(
            z.object({
              contest: id,
              name: z.string(),
              voteFor: z.int(),
              choices: z.array(z.object({ id, name: z.string() })),
              /** Of a ranked contest: how many ranks the ballot offers. */
              ranks: z.int().optional(),
              doubleEntry: z.boolean(),
              done: z.boolean(),
              ...toEnter,
              ...readBefore,
            }),
          ),
        }),
      ),
    }),
  },
  readBatch: {
    method: 'POST',
    path: '/api/board/batches',
    summary:
      'What a board counted in a batch; both people confirm. Where entry is double, one of them types, and somebody else types it again.',
    roles: board,
    body: z.object({
      contest: id,
      unit: z.string().max(600),
      votes: z.array(z.int().min(0).max(10_000_000)).max(500).optional(),
      /** Ballots with no vote, and with more than are allowed, where the board counted these too. */
      blank: z.int().min(0).max(10_000_000).optional(),
      overvote: z.int().min(0).max(10_000_000).optional(),
      /** Votes for names that are no choice of the contest. */
      writeIns: z.int().min(0).max(10_000_000).optional(),
      notFound: z.literal(true).optional(),
      /** Who of the two types: asked for where entry is double. */
      entered: z.string().trim().min(1).max(200).optional(),
      confirmedByBoth: z.literal(true),
      ...boardAct,
    }),
    response: entered,
  },
  handCountWork: {
    method: 'GET',
    path: '/api/board/hand-count',
    summary:
      'Every batch of the county, in the contests that are counted in full: what is in, what is still to be counted.',
    roles: ['audit board', 'county manager'],
    response: z.object({
      contests: z.array(
        z.object({
          contest: id,
          name: z.string(),
          voteFor: z.int(),
          choices: z.array(z.object({ id, name: z.string() })),
          /** Of a ranked contest: how many ranks the ballot offers. Its batches are counted by ranking. */
          ranks: z.int().optional(),
          doubleEntry: z.boolean(),
          batches: z.array(
            z.object({
              unit: z.string(),
              tabulator: z.string(),
              batch: z.string(),
              size: z.int(),
              /** Counted by a board, or in what the county reported. */
              done: z.boolean(),
              /** Asked by the county: what it reported of the batch. */
              reported: batchCount.optional(),
              ...toEnter,
              ...readBefore,
            }),
          ),
        }),
      ),
    }),
  },
  countBatch: {
    method: 'POST',
    path: '/api/board/hand-count',
    summary: 'One batch of a full hand count; both people confirm. Checked against the manifest.',
    roles: board,
    body: z.object({
      contest: id,
      unit: z.string().max(600),
      count: batchCount,
      entered: z.string().trim().min(1).max(200).optional(),
      confirmedByBoth: z.literal(true),
      ...boardAct,
    }),
    response: entered,
  },
  readCard: {
    method: 'POST',
    path: '/api/board/cards',
    summary: 'What a board reads on a card; both people confirm.',
    roles: board,
    body: z.object({
      unit: z.string().max(600),
      contests: z
        .array(z.object({ contest: id, reading }))
        .min(1)
        .max(100),
      confirmedByBoth: z.literal(true),
      ...boardAct,
    }),
    response: appended,
  },

  // ── canvass board, observers ──
  certify: {
    method: 'POST',
    path: '/api/certificate',
    summary: 'Signs off: what the audit of every announced contest came to. To be signed.',
    roles: ['canvass board'],
    body: z.object({ words }),
    response: toSign,
  },
  challenge: {
    method: 'POST',
    path: '/api/challenges',
    summary: 'An observer’s objection, on the record.',
    roles: ['observer'],
    body: z.object({ words, entries: z.array(z.int().min(0)).max(100).optional() }),
    response: appended,
  },
});
