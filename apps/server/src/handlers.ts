// What each route of the contract does. Thin: reads what is asked, puts the rule to the desk, says what came of it.
import { contestRule, type routes as contract, type Output } from '@opencanvass/contract';
import { fromBase64 } from '@opencanvass/evidence/bytes';
import type { Contest, ContestId, Election, JurisdictionId } from '@opencanvass/evidence/election';
import type { Entry, SaltedBody } from '@opencanvass/evidence/record';
import { actPayloadType } from '@opencanvass/evidence/log';
import { type Reading, type ReaderName } from '@opencanvass/evidence/formats';
import { readToImport, type Draft } from '@opencanvass/keeper';
import { z } from 'zod';
import { Refusal, type Handlers } from './app.ts';
import { attemptsFrom, note } from './attempts.ts';
import type { AuditState, BatchCount, ContestAudit, PaperRead } from './audit.ts';
import type { Desk, Done, Rule } from './desk.ts';
import { reRead, reReadAfterAssessment } from './correcting.ts';
import { isRanked, ranksOf } from './cvrs.ts';
import { discrepanciesOf } from './discrepancies.ts';
import { drawnUnits } from './drawn.ts';
import { correctHandCount, countBatch, reportFromBoards, reportHandCount } from './handCount.ts';
import { batchKey, readCvrs, readManifest, readTotals, readerNamed, readers } from './inputs.ts';
import { withImprints } from './imprints.ts';
import { credentialOf, paperOf } from './papers/papers.ts';
import { typeset, type Typeset } from './papers/typeset.ts';
import { planned } from './planned.ts';
import type { Readings, Telling } from './readings.ts';
import type { FileOnDisk } from './onDisk.ts';
import * as rules from './rules.ts';
import { countiesOf, drawUnits, populationOf, type Problem } from './sampling.ts';
import { boardOf, createBoard, type Who } from './signIn.ts';
import { known, signInHandlers } from './signInHandlers.ts';

type Contract = typeof contract;

/** The rules of acts that are signed: asked when they are prepared, and again when they are signed. */
const signedRules: Readonly<Record<string, (input: never) => Rule>> = {
  seal: (input: Parameters<typeof rules.seal>[1]) => (s) => rules.seal(s, input),
  seed: (input: Parameters<typeof rules.drawSeed>[1]) => (s) => rules.drawSeed(s, input),
  correct: (input: Parameters<typeof rules.correct>[1]) => (s) => rules.correct(s, input),
  sealAgain: (input: Parameters<typeof rules.sealAgain>[1]) => (s) => rules.sealAgain(s, input),
  reRead: (input: Parameters<typeof reReadAfterAssessment>[1]) => (s) => reReadAfterAssessment(s, input),
  correctHandCount: (input: Parameters<typeof correctHandCount>[1]) => (s) => correctHandCount(s, input),
  drawLot: (input: Parameters<typeof rules.drawLot>[1]) => (s) => rules.drawLot(s, input),
  certify: (input: Parameters<typeof rules.certify>[1]) => (s) => rules.certify(s, input),
};
const signedRule = (name: string, input: unknown): Rule | undefined => signedRules[name]?.(input as never);

export const handlers: Handlers<Contract> = {
  ...signInHandlers,
  status: async ({ desk }) => statusOf(desk, await desk.state()),
  entries: async ({ desk, query }) => {
    const state = await desk.state();
    if (state.count === 0) return { size: 0, entries: [] };
    const stored = await storedOf(desk, state, query);
    return {
      size: state.count,
      entries: stored.map(({ leaf, body, position }) => {
        const entry = JSON.parse(leaf) as Entry;
        const isPublic = entry.act.body.access === 'open' || state.opened.has(position);
        return isPublic ? { entry, body: (JSON.parse(body) as SaltedBody).body } : { entry };
      }),
    };
  },
  sample: async ({ desk, params }) => {
    const state = await desk.state();
    return { units: drawnUnits(announced(state, params.contest)) };
  },
  plan: async ({ desk, params, query }) => {
    const state = await desk.state();
    const plan = await planned(desk, state, contestNamed(state, params.contest), query.riskLimit);
    if ('code' in plan) throw new Refusal(409, plan);
    return { ...plan, reported: [...plan.reported], methods: [...plan.methods] };
  },
  discrepancies: async ({ desk, params }) => {
    const state = await desk.state();
    const found = await discrepanciesOf(state, announced(state, params.contest), desk.files);
    if ('code' in found) throw new Refusal(409, found);
    return found;
  },
  readings: async ({ desk, params, query }) => {
    const audit = announced(await desk.state(), params.contest);
    return { units: [...readingsTold(audit, query.unit)] };
  },

  // ── signatures, and what was refused ──
  authoriseKey: async ({ desk, who, params, body }) => {
    const account = await known(desk, params.account);
    if (account.public_key === null || account.keyid !== body.keyid)
      throw new Refusal(409, {
        code: 'another-key',
        expected: account.keyid ?? 'a key told to the desk',
        found: body.keyid,
      });
    const publicKey = fromBase64(account.public_key)!;
    return done(await desk.act(who!, (s) => rules.authoriseKey(s, { ...account, publicKey })));
  },
  withdrawKey: async ({ desk, who, params, body }) => {
    const { keyid } = await known(desk, params.account);
    if (keyid !== body.keyid)
      throw new Refusal(409, {
        code: 'another-key',
        expected: keyid ?? 'a key told to the desk',
        found: body.keyid,
      });
    return done(await desk.act(who!, (s) => rules.withdrawKey(s, body)));
  },
  sign: async ({ desk, who, params, body }) => done(await desk.sign(who!, params.prepared, body, signedRule)),
  attempts: async ({ desk, query }) => ({
    rows: (await attemptsFrom(desk.db, query.from)).map((r) => ({
      ...r,
      detail: JSON.parse(r.detail) as unknown,
    })),
  }),

  // ── the state ──
  readResults: async ({ desk, who, query, file }) => {
    const { election } = await toSetUp(desk, who!, query.name, file);
    return {
      counties: election.jurisdictions.length,
      contests: election.contests.map(({ id, name, choices, rule }) => ({
        contest: id,
        name,
        choices: choices.map((c) => c.name),
        rule: {
          kind: rule.kind,
          ...('voteFor' in rule ? { voteFor: rule.voteFor } : {}),
          ...('winners' in rule ? { winners: rule.winners } : {}),
          ...('ranks' in rule ? { ranks: rule.ranks } : {}),
        },
      })),
    };
  },
  setUp: async ({ desk, who, query, file }) => {
    const read = await toSetUp(desk, who!, query.name, file);
    const author = rules.authorOf(who!);
    const counted = withRules(read.election, query.rules);
    if ('code' in counted) throw new Refusal(422, counted);
    const election = {
      ...counted,
      name: query.election,
      date: query.date,
      ...(query.state === undefined ? {} : { state: query.state }),
    };
    const joined = election.jurisdictions.map((jurisdiction): Draft => ({
      kind: 'jurisdiction joined',
      author,
      about: { jurisdiction: jurisdiction.id },
      body: { jurisdiction },
    }));
    return done(await desk.begin(election, [...read.drafts, ...joined], who!));
  },
  announce: async ({ desk, who, body }) =>
    done(await desk.act(who!, (s) => rules.announce(s, body.contests))),
  preview: async ({ desk, who, body }) => {
    const state = await desk.state();
    const audit = announced(state, body.contest);
    if (audit.method === 'full hand count') throw new Refusal(409, { code: 'contest-is-hand-counted' });
    const population = await populationOf(state, audit, desk.files);
    if (rules.isProblem(population)) throw new Refusal(409, population);
    const drawn = await drawUnits(audit.contest, population, body.seed, 0, body.draws, desk.threads);
    if (!drawn.ok) throw new Refusal(409, drawn.problem);
    const { positions } = done(
      await desk.act(who!, (s) => rules.notePreview(s, body.seed, body.contest, body.draws)),
    );
    return { position: positions[0]!, units: drawnUnits({ ...audit, rounds: [drawn.sample] }) };
  },
  seed: async ({ desk, who, body }) => prepared(desk, who!, 'seed', body),
  draw: async ({ desk, who, params, body }) => {
    const { positions } = done(
      await desk.act(who!, (s) => rules.drawRound(s, { contest: params.contest, draws: body.draws })),
    );
    return { positions, units: drawnUnits(announced(await desk.state(), params.contest)) };
  },
  assess: async ({ desk, who, params }) => {
    const { positions } = done(await desk.act(who!, (s) => rules.assess(s, { contest: params.contest })));
    const state = await desk.state();
    return { positions, contest: contestOf(state, announced(state, params.contest).contest) };
  },
  orderHandCount: async ({ desk, who, params, body }) =>
    done(await desk.act(who!, (s) => rules.orderHandCount(s, { contest: params.contest, why: body.why }))),
  correct: async ({ desk, who, body }) => prepared(desk, who!, 'correct', body),
  reReadAfterAssessment: async ({ desk, who, params, body }) =>
    prepared(desk, who!, 'reRead', { ...params, ...body }),
  drawLot: async ({ desk, who, params, body }) => prepared(desk, who!, 'drawLot', { ...params, ...body }),
  openSeal: async ({ desk, who, params }) =>
    done(await desk.act(who!, (s) => rules.openSeal(s, params.position))),

  // ── the counties ──
  manifest: async ({ desk, who, params, query, file }) =>
    upload(desk, who!, params.county, 'manifest', query.name, file, readers.manifest, () =>
      readManifest(query.name, file),
    ),
  batchTotals: async ({ desk, who, params, query, file }) => {
    const contest = contestNamed(await desk.state(), params.contest);
    return upload(desk, who!, params.county, `totals ${contest.id}`, query.name, file, readers.totals, () =>
      readTotals(query.name, file, contest),
    );
  },
  cvrs: async ({ desk, who, params, query, file }) => {
    const { election } = await desk.state();
    return upload(desk, who!, params.county, 'cvrs', query.name, file, readers.cvrs, () =>
      readCvrs(file.named(query.name), election?.contests ?? []),
    );
  },
  readCvrs: async ({ desk, params }) => {
    const row = (await uploadsOf(desk, params.county)).find((u) => u.what === 'cvrs');
    if (row === undefined) throw new Refusal(404, { code: 'not-uploaded', found: 'cvrs' });
    if (row.bytes > mostShown)
      throw new Refusal(413, {
        code: 'file-too-big',
        expected: `${mostShown} bytes at most`,
        found: `${row.bytes}`,
      });
    return { name: row.name, base64: Buffer.from((await desk.keeper.file(row.sha256))!).toString('base64') };
  },
  checkInputs: async ({ desk, params }) => {
    const findings = await findingsOf(desk, params.county);
    const contests = await contestsOf(desk, params.county);
    const sealed = (await desk.state()).sealed.get(params.county as JurisdictionId);
    const digests = new Set(
      [sealed?.manifest?.read, sealed?.cvrs, ...(sealed?.totals.values() ?? [])].map((r) => r?.file.sha256),
    );
    const uploads = (await uploadsOf(desk, params.county)).map(({ what, name, bytes, sha256, read }) => ({
      what,
      name,
      bytes,
      rows: read.rowsRead,
      refused: read.rowsRefused,
      sealed: digests.has(sha256),
    }));
    return { uploads, findings, contests };
  },
  seal: async ({ desk, who, params }) => {
    const uploads = await uploadsOf(desk, params.county);
    return prepared(desk, who!, 'seal', { county: params.county, uploads });
  },
  sealAgain: async ({ desk, who, params, body }) => {
    const uploads = await uploadsOf(desk, params.county);
    return prepared(desk, who!, 'sealAgain', { county: params.county, uploads, reason: body.reason });
  },
  boards: async ({ desk, params }) => ({
    boards: await desk.db
      .selectFrom('boards')
      .select(['name', 'created'])
      .where('jurisdiction', '=', params.county)
      .orderBy('created')
      .execute(),
  }),
  createBoard: async ({ desk, who, params, body }) => {
    const code = await createBoard(desk.db, params.county, body.name, desk.now());
    await note(desk.db, desk.now(), 'board created', {
      by: who!.account,
      jurisdiction: params.county,
      board: body.name,
    });
    return { name: body.name, code };
  },
  papers: async ({ desk, params, query }) => {
    const made = await paperOf(await desk.state(), desk.files, {
      county: params.county as JurisdictionId,
      paper: params.paper,
      language: query.language,
      way: query.way,
      ...(query.contest === undefined ? {} : { contest: query.contest as ContestId }),
      ...(query.round === undefined ? {} : { round: query.round }),
    });
    if (!made.ok) throw new Refusal(409, made.problem);
    return printed(await typeset(made.job));
  },
  boardPaper: async ({ desk, params, body }) => {
    const board = await boardOf(desk.db, body.code);
    if (board?.jurisdiction !== params.county) throw new Refusal(409, { code: 'unknown-board' });
    const job = credentialOf(await desk.state(), {
      language: body.language,
      board: board.name,
      county: params.county as JurisdictionId,
      code: body.code,
      origin: new URL(body.origin).origin,
      created: board.created,
    });
    return printed(await typeset(job));
  },
  handCount: async ({ desk, who, params, body }) =>
    done(await desk.act(who!, (s) => reportHandCount(s, { ...params, batches: body.batches }))),
  correctHandCount: async ({ desk, who, params, body }) =>
    prepared(desk, who!, 'correctHandCount', { ...params, ...body }),
  reportHandCount: async ({ desk, who, params }) =>
    done(await desk.act(who!, (s) => reportFromBoards(s, params))),
  explain: async ({ desk, who, body }) => done(await desk.act(who!, (s) => rules.explain(s, body))),
  investigate: async ({ desk, who, body }) => done(await desk.act(who!, (s) => rules.investigate(s, body))),
  reRead: async ({ desk, who, params, body }) =>
    done(await desk.act(who!, (s) => reRead(s, { ...params, ...body }))),

  // ── an audit board ──
  work: async ({ desk, who }) => {
    const state = await desk.state();
    const sizes = await sizesOf(desk, state, who!.jurisdiction as JurisdictionId);
    const units = new Map<string, Output<Contract['work']>['units'][number]>();
    for (const audit of state.contests.values())
      for (const unit of audit.ordered ? [] : audit.sample.unitsOf(who!.jurisdiction!)) {
        const { id } = audit.contest;
        const contest = {
          ...onBallot(audit.contest),
          doubleEntry: audit.doubleEntry,
          ...progress(audit.read, unit.id, id),
        };
        const known = units.get(unit.id);
        const size = sizes.get(`${unit.tabulator}/${unit.batch}`) ?? 0;
        units.set(unit.id, { ...unit, size, contests: [...(known?.contests ?? []), contest] });
      }
    const county = who!.jurisdiction as JurisdictionId;
    return { units: [...(await withImprints(state, desk.files, county, [...units.values()]))] };
  },
  readBatch: async ({ desk, who, body }) => {
    const { positions } = done(await desk.act(who!, (s) => rules.readBatch(s, body)));
    const audit = announced(await desk.state(), body.contest);
    return { positions, state: audit.read.unit(body.unit)!.state };
  },
  handCountWork: async ({ desk, who }) => ({ contests: await handCountWork(desk, who!) }),
  countBatch: async ({ desk, who, body }) => {
    const { positions } = done(await desk.act(who!, (s) => countBatch(s, body)));
    const audit = announced(await desk.state(), body.contest);
    return { positions, state: audit.counted.unit(body.unit)!.state };
  },
  readCard: async ({ desk, who, body }) => done(await desk.act(who!, (s) => rules.readCard(s, body))),

  // ── canvass board, observers ──
  certify: async ({ desk, who, body }) => prepared(desk, who!, 'certify', body),
  challenge: async ({ desk, who, body }) => done(await desk.act(who!, (s) => rules.challenge(s, body))),
};

function printed(done: Typeset): Uint8Array<ArrayBuffer> {
  if (!done.ok)
    throw new Refusal(501, {
      code: done.code,
      expected: 'a desk on Linux, macOS or Windows',
    });
  return done.pdf;
}

/** A file that is given back in one answer. */
const mostShown = 256 << 20;

/** A results file that an election could begin with. */
async function toSetUp(desk: Desk, who: Who, name: string, bytes: Uint8Array) {
  if ((await desk.state()).count > 0) throw new Refusal(409, { code: 'second-definition' });
  const read = readToImport([{ name, bytes, from: who.name }], { author: rules.authorOf(who) });
  if (!read.ok) throw new Refusal(422, { code: 'results-refused', problems: read.refusals });
  return read;
}

/** The election with contests counted as the set-up says, where their file does not. */
function withRules(election: Election, rules: string | undefined): Election | Problem {
  if (rules === undefined) return election;
  const stated = z.array(contestRule).safeParse(parsed(rules));
  if (!stated.success)
    return { code: 'wrong-shape', expected: 'a list of contest and rule', found: rules.slice(0, 200) };
  const contests = [...election.contests];
  for (const { contest, rule } of stated.data) {
    const at = contests.findIndex((c) => c.id === contest || c.name === contest);
    if (at === -1) return { code: 'unknown-contest', found: contest };
    if (rule.kind === 'plurality' && rule.winners > contests[at]!.choices.length)
      return { code: 'seats', expected: `${contests[at]!.choices.length}`, found: `${rule.winners}` };
    const { ranks } = { ranks: undefined, ...rule };
    contests[at] = {
      ...contests[at]!,
      rule:
        rule.kind === 'plurality'
          ? rule
          : { kind: 'instantRunoff', ...(ranks === undefined ? {} : { ranks }) },
    };
  }
  return { ...election, contests };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** Entries from a position on, 200 at most; where kinds are named, only of these. */
async function storedOf(
  { keeper }: Desk,
  state: AuditState,
  { from, kinds }: { readonly from: number; readonly kinds?: string | undefined },
) {
  if (kinds === undefined) return keeper.storedFrom(from, 200);
  const runs: { from: number; length: number }[] = [];
  for (const position of state.positionsOf([...new Set(kinds.split(','))], from, 200)) {
    const last = runs.at(-1);
    if (last !== undefined && last.from + last.length === position) last.length += 1;
    else runs.push({ from: position, length: 1 });
  }
  return (await Promise.all(runs.map((r) => keeper.storedFrom(r.from, r.length)))).flat();
}

function done(answer: Done): { positions: number[] } {
  if (!answer.ok) throw new Refusal(answer.problem.code === 'another-county' ? 403 : 409, answer.problem);
  return { positions: [...answer.positions] };
}

async function prepared(
  desk: Desk,
  who: Who,
  name: string,
  input: unknown,
): Promise<Output<Contract['seed']>> {
  const answer = await desk.prepare(who, name, input, signedRule(name, input)!);
  if (!answer.ok) throw new Refusal(409, answer.problem);
  return {
    prepared: answer.prepared,
    payloadType: actPayloadType,
    payloads: [...answer.payloads],
    bodies: [...answer.bodies],
  };
}

// ── files ──

async function uploadsOf(desk: Desk, county: string): Promise<rules.Upload[]> {
  const rows = await desk.db
    .selectFrom('uploads')
    .selectAll()
    .where('jurisdiction', '=', county)
    .orderBy('what')
    .execute();
  return rows.map(({ what, name, sha256, bytes, reader, rows_read, rows_refused }) => {
    return {
      what,
      name,
      sha256,
      bytes: bytes,
      read: { ...readerNamed(reader), rowsRead: rows_read, rowsRefused: rows_refused },
    };
  });
}

/** The contests that the reported results have votes of in a county. */
async function contestsOf(desk: Desk, county: string): Promise<ContestId[]> {
  const { election, results } = await desk.state();
  const votedOn: ContestId[] = [];
  for (const { id } of election?.contests ?? []) {
    const reported = results.get(id);
    if (reported === undefined) continue;
    const { rows } = await desk.files.results(reported.body);
    if (rows.some((r) => r.jurisdiction === county)) votedOn.push(id);
  }
  return votedOn;
}

const findingsOf = async (desk: Desk, county: string) => {
  const state = await desk.state();
  if (!state.joined.has(county as JurisdictionId))
    throw new Refusal(404, { code: 'unknown-jurisdiction', found: county });
  return rules.inputFindings({ state, files: desk.files }, county, await uploadsOf(desk, county));
};

async function upload<T>(
  desk: Desk,
  who: Who,
  county: string,
  what: string,
  name: string,
  file: Uint8Array | FileOnDisk,
  readerOf: (value: T) => ReaderName,
  read: () => Reading<T> | Promise<Reading<T>>,
): Promise<Output<Contract['manifest']>> {
  const state = await desk.state();
  if (state.election === undefined) throw new Refusal(409, { code: 'before-definition' });
  const late = rules.mayUpload(
    { state, keeper: desk.keeper, files: desk.files, threads: desk.threads, who },
    county,
  );
  if (late !== undefined) throw new Refusal(409, late);
  const reading = await read();
  if (!reading.ok) throw new Refusal(422, { code: 'file-refused', problems: reading.refusals });
  const sha256 =
    file instanceof Uint8Array
      ? await desk.keeper.putFile(file)
      : await desk.keeper.putFilePieces(file.pieces());
  const row = {
    name,
    sha256,
    bytes: file instanceof Uint8Array ? file.length : file.bytes,
    reader: readerOf(reading.value).reader,
    rows_read: reading.rowsRead,
    rows_refused: reading.rowsRefused.length,
  };
  await desk.db
    .insertInto('uploads')
    .values({ jurisdiction: county, what, ...row })
    .onConflict((c) => c.columns(['jurisdiction', 'what']).doUpdateSet(row))
    .execute();
  return {
    rows: reading.rowsRead,
    remarks: reading.remarks,
    findings: await findingsOf(desk, county),
  };
}

// ── what is shown ──

/** Cards or ballots in each batch of a county's sealed manifest, by 'tabulator/batch'. */
async function sizesOf(
  desk: Desk,
  state: AuditState,
  county: JurisdictionId,
): Promise<ReadonlyMap<string, number>> {
  const sealed = state.sealed.get(county)?.manifest;
  return sealed === undefined ? new Map() : desk.files.sizes(sealed.read.file.sha256);
}

function contestNamed(state: AuditState, id: string): Contest {
  const contest = state.election?.contests.find((c) => c.id === id);
  if (contest === undefined) throw new Refusal(404, { code: 'unknown-contest', found: id });
  return contest;
}

function announced(state: AuditState, id: string): ContestAudit {
  const audit = state.contests.get(id as ContestId);
  if (audit === undefined)
    throw new Refusal(409, { code: 'contest-not-announced', found: id } satisfies Problem);
  return audit;
}

/** How far a board is with a unit. */
const progress = (readings: Readings, id: string, contest: ContestId) => {
  const unit = readings.unit(id);
  return {
    done: unit?.reading !== undefined,
    entries: unit?.first === undefined ? 0 : 1,
    ...(unit?.first?.paper.entered === undefined ? {} : { entered: unit.first.paper.entered }),
    differed: unit?.differed ?? 0,
    ...(unit?.reading === undefined
      ? {}
      : { position: unit.reading.position, told: saidOf(unit.reading.paper, contest) }),
  };
};

/** What people read in a contest, as they told it. */
const saidOf = (paper: PaperRead, contest: ContestId) => {
  if ('contests' in paper) {
    const { reading } = paper.contests.find((c) => c.contest === contest)!;
    if (reading.kind === 'ranking') return { kind: reading.kind, ranks: reading.ranks.map((r) => [...r]) };
    if (reading.kind !== 'votes') return { kind: reading.kind };
    return {
      kind: reading.kind,
      choices: [...reading.choices],
      ...(reading.writeIns === undefined ? {} : { writeIns: [...reading.writeIns] }),
    };
  }
  return copied(paper.batch);
};

/** Every batch of a county in the contests that are counted in full. */
async function handCountWork(
  desk: Desk,
  { jurisdiction, role }: Who,
): Promise<Output<Contract['handCountWork']>['contests']> {
  const state = await desk.state();
  const county = jurisdiction as JurisdictionId;
  const contests: Output<Contract['handCountWork']>['contests'] = [];
  for (const audit of state.contests.values()) {
    const { contest, counted, doubleEntry, ordered } = audit;
    const sealed = state.sealed.get(county)?.manifest;
    const isHere = ordered && (await countiesOf(state, contest, desk.files)).includes(county);
    if (!isHere || sealed === undefined) continue;
    const batches = await desk.files.batches(sealed.read.file.sha256);
    const reported = await reportedOf(desk, audit, county);
    contests.push({
      ...onBallot(contest),
      doubleEntry,
      batches: batches.flatMap(({ tabulator, name, size }) => {
        const key = batchKey(tabulator, name);
        const unit = `${county}/${key}`;
        const batch = { unit, tabulator, batch: name, size, ...progress(counted, unit, contest.id) };
        const told = reported?.get(key);
        if (told === undefined) return [batch];
        // What the county reported without its boards is no work of theirs any more.
        if (role === 'audit board') return batch.done ? [batch] : [];
        return [{ ...batch, done: true, reported: told }];
      }),
    });
  }
  return contests;
}

/** A county's hand count as it was reported, and corrected since: by batch. */
async function reportedOf(
  desk: Desk,
  { contest, handCounts }: ContestAudit,
  county: JurisdictionId,
): Promise<ReadonlyMap<string, ReturnType<typeof copied>> | undefined> {
  const body = handCounts.get(county)?.body;
  if (body === undefined) return undefined;
  const { columns, names, tallies } = await desk.files.handCount(body, county);
  return new Map(
    names.map((name, row): [string, ReturnType<typeof copied>] => {
      const at = (c: number): number => tallies[row * columns.length + c]!;
      const of = (kind: string): number => columns.reduce((n, c, i) => (c.kind === kind ? n + at(i) : n), 0);
      const others = { blank: of('blank'), writeIns: of('writeIn') };
      if (!isRanked(contest)) {
        const votes = columns.flatMap((c, i) => (c.kind === 'choice' ? [at(i)] : []));
        return [name, { votes, ...others, overvote: of('overvote') }];
      }
      const rankings = columns.flatMap((c, i) =>
        c.kind === 'ranking' && at(i) > 0 ? [{ ranks: c.ranks.map((r) => [...r]), ballots: at(i) }] : [],
      );
      return [name, { rankings, ...others }];
    }),
  );
}

/** All that was said of each unit, in order. The first of two entries is not shown before the second is made. */
function* readingsTold(
  audit: ContestAudit,
  only: string | undefined,
): Generator<Output<Contract['readings']>['units'][number]> {
  for (const readings of [audit.read, audit.counted])
    for (const [id, unit] of readings.units()) {
      if (only !== undefined && id !== only) continue;
      yield {
        unit: id,
        jurisdiction: id.slice(0, id.indexOf('/')),
        state: unit.state,
        ...(unit.reading === undefined ? {} : { position: unit.reading.position }),
        told: unit.told.map((t) => toldOf(audit, t, t === unit.first)),
      };
    }
}

function toldOf(
  { contest }: ContestAudit,
  { position, at, paper, words }: Telling,
  isHidden: boolean,
): Output<Contract['readings']>['units'][number]['told'][number] {
  const reading =
    'contests' in paper ? paper.contests.find((c) => c.contest === contest.id)?.reading : undefined;
  return {
    position,
    at,
    kind: words === undefined ? 'paper interpreted' : 'correction',
    by: paper.by.map(({ name, party }) => ({ name, party })),
    ...(paper.entered === undefined ? {} : { entered: paper.entered }),
    ...(paper.why === undefined ? {} : { why: paper.why }),
    ...(words === undefined ? {} : { words }),
    ...('batch' in paper && !isHidden ? { batch: copied(paper.batch) } : {}),
    ...(reading === undefined
      ? {}
      : { reading: reading as Output<Contract['readings']>['units'][number]['told'][number]['reading'] }),
  };
}

const copied = (batch: BatchCount) => {
  if (batch === 'not found') return batch;
  if ('votes' in batch) return { ...batch, votes: [...batch.votes] };
  const rankings = batch.rankings.map(({ ranks, ballots }) => ({
    ranks: ranks.map((at) => [...at]),
    ballots,
  }));
  return { ...batch, rankings };
};

/** A contest as its ballot has it. */
const onBallot = (contest: Contest) => ({
  contest: contest.id,
  name: contest.name,
  voteFor: 'voteFor' in contest.rule ? contest.rule.voteFor : 1,
  choices: contest.choices.map((c) => ({ id: c.id, name: c.name })),
  ...(isRanked(contest) ? { ranks: ranksOf(contest) } : {}),
});

function contestOf(state: AuditState, contest: Contest): Output<Contract['assess']>['contest'] {
  const audit = state.contests.get(contest.id);
  const plain = {
    ...onBallot(contest),
    ranked: isRanked(contest),
    doubleEntry: audit?.doubleEntry === true,
    drawn: audit?.sample.all.units ?? 0,
    read: audit?.sample.all.read ?? 0,
  };
  if (audit === undefined) return { ...plain, rounds: [], ending: 'not begun' };
  const last = audit.assessed.at(-1);
  return {
    ...plain,
    method: audit.method,
    ...(audit.riskLimit > 0 ? { riskLimit: String(audit.riskLimit) } : {}),
    ...(audit.rule === undefined ? {} : { rule: audit.rule }),
    rounds: audit.rounds.map(({ draws }, r) => {
      // A round that was assessed again after a correction has its last assessment.
      const after = audit.assessed.findLast((a) => a.rounds === r + 1 && a.method === audit.method);
      const { units, read } = audit.sample.round(r + 1);
      return {
        round: r + 1,
        draws: draws.length,
        units,
        read,
        ...(after?.risk === undefined ? {} : { risk: after.risk }),
        ...(after === undefined ? {} : { outcome: after.ending }),
        ...(after?.next === undefined ? {} : { next: after.next }),
        ...(after !== undefined && audit.stale ? { stale: true as const } : {}),
      };
    }),
    ending: state.ending(audit),
    // Who won is said where the audit has ended, and by what ended it: a reversed outcome names the choice that the paper elects.
    ...(state.ended(audit) ? { winners: [...last!.winners] } : {}),
    ...(last?.why === undefined ? {} : { why: last.why }),
    ...(last?.tied === undefined ? {} : { tied: [...last.tied] }),
    ...(last?.choosing === undefined ? {} : { choosing: last.choosing }),
  };
}

async function statusOf(desk: Desk, state: AuditState): Promise<Output<Contract['status']>> {
  const { election } = state;
  const uploads = await desk.db.selectFrom('uploads').select(['jurisdiction', 'what']).execute();
  const givenBy = Map.groupBy(uploads, (u) => u.jurisdiction);
  const audits = [...state.contests.values()];
  return {
    ...(election === undefined
      ? {}
      : {
          election: {
            name: election.name,
            date: election.date,
            ...(election.state === undefined ? {} : { state: election.state }),
          },
        }),
    step: state.step(),
    entries: state.count,
    counties: (election?.jurisdictions ?? []).map(({ id, name }) => {
      const sealed = state.sealed.get(id);
      const given = (givenBy.get(id) ?? []).map((u) => u.what);
      const here = audits.map((a) => a.sample.county(id));
      return {
        jurisdiction: id,
        name,
        ...(sealed?.manifest === undefined
          ? {}
          : {
              manifest: {
                batches: sealed.manifest.batches,
                size: sealed.manifest.size,
                counts: sealed.manifest.counts,
              },
            }),
        manifestGiven: given.includes('manifest'),
        totals: given.filter((w) => w.startsWith('totals ')).map((w) => w.slice('totals '.length)),
        cvrs: given.includes('cvrs'),
        sealed: sealed?.manifest !== undefined,
        toRead: here.reduce((n, c) => n + c.units, 0),
        read: here.reduce((n, c) => n + c.read, 0),
        handCounts: audits.filter((a) => a.handCounts.has(id)).map((a) => a.contest.id),
      };
    }),
    contests: (election?.contests ?? []).map((c) => contestOf(state, c)),
    ...(state.seed === undefined ? {} : { seed: { ...state.seed, witnesses: [...state.seed.witnesses] } }),
    previews: [...state.previews],
  };
}
