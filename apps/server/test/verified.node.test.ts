// What a stranger computes again from the record that the desk leaves: the sample, who read it, the risk, the ending, the certificate. The verifier
// has code of its own for it (decisions/0014), so that every whole audit here holds the two to each other; and every change is told by its name.
import { sha256, toHex, toUtf8 } from '@opencanvass/evidence/bytes';
import { recordFromMap, type Entry } from '@opencanvass/evidence/record';
import { verify, verifyWithCvrs } from '@opencanvass/evidence/verify';
import { beforeAll, describe, expect, test } from 'vitest';
import { openSeals, published, rewritten, type Files } from './published.ts';
import {
  announce,
  begin,
  boards,
  contest,
  counties,
  handCountAll,
  handCountOf,
  paper,
  readAll,
  rollDice,
  sealAll,
  TestDesk,
  type Cast,
  type Paper,
} from './testDesk.ts';

const again = [
  'seals-opened',
  'batch-totals-equal-results',
  'sample-drawn-again',
  'only-drawn-read',
  'read-by-two-parties',
  'assessed-again',
  'certificate-says-outcome',
];

/** What the checks of the audit say, and every other that fails. */
async function said(files: Files): Promise<Record<string, string>> {
  const { findings } = await verifyWithCvrs(recordFromMap(files));
  return Object.fromEntries(
    findings
      // The made-up batches of a county are alike, as no paper is: that stretches of records repeat is told, and right.
      .filter((f) => again.includes(f.check) || (f.word === 'fails' && f.check !== 'records-not-repeated'))
      .map((f) => [f.check, f.code === undefined ? f.word : `${f.word}: ${f.code}`]),
  );
}
const allHold = Object.fromEntries(again.map((check) => [check, 'holds']));

async function certify(t: TestDesk, { canvass }: Cast): Promise<void> {
  await t.sign(
    canvass,
    await t.do(canvass.client, 'certify', { body: { words: 'We sign what it came to.' } }),
  );
}

/** A sealed file as a keeper who cheats would have it: other bytes, and its digest in the entry that names it. */
function withFile(files: Files, path: string, change: (text: string) => string): Files {
  const before = Buffer.from(files.get(path)!).toString();
  const changed = toUtf8(change(before));
  expect(Buffer.from(changed).toString()).not.toBe(before);
  const [sha, now] = [path.slice('files/'.length), toHex(sha256(changed))];
  const made = new Map(
    rewritten(files, (_, body: any) =>
      body?.read?.file?.sha256 === sha
        ? { ...body, read: { ...body.read, file: { ...body.read.file, sha256: now, bytes: changed.length } } }
        : undefined,
    ),
  );
  made.set(`files/${now}`, changed).delete(path);
  return made;
}

const fileWith = (files: Files, ...texts: readonly string[]): string =>
  [...files].find(
    ([path, bytes]) =>
      path.startsWith('files/') && texts.every((t) => Buffer.from(bytes).toString().includes(t)),
  )![0];
const otherBytes = (files: Files, path: string, change: (text: string) => string): Files =>
  new Map(files).set(path, toUtf8(change(Buffer.from(files.get(path)!).toString())));

/** The first unit drawn and the last in which people read something else, each told of the other's paper. */
function exchanged(files: Files): Files {
  const read = new Map<string, { position: number; body: any }>();
  let draws: readonly string[] = [];
  rewritten(files, ({ act, position }, body: any) => {
    if (act.kind === 'paper interpreted') read.set(body.unit, { position, body });
    if (act.kind === 'sample drawn') draws = draws.concat(body.draws);
    return undefined;
  });
  const paperOn = (unit: string): string => {
    const { batch, contests } = read.get(unit)!.body;
    return JSON.stringify(batch ?? contests);
  };
  const a = read.get(draws[0]!)!;
  const b = read.get(draws.findLast((unit) => paperOn(unit) !== paperOn(draws[0]!))!)!;
  const told = new Map([
    [a.position, { ...b.body, unit: a.body.unit }],
    [b.position, { ...a.body, unit: b.body.unit }],
  ]);
  return rewritten(files, ({ position }) => told.get(position));
}

describe('a batch comparison', () => {
  let sealed: Files;
  let whole: Files;
  beforeAll(async () => {
    const t = await TestDesk.open();
    const cast = await begin(t);
    await sealAll(t, cast, 'totals');
    await announce(t, cast, 'batch comparison');
    await rollDice(t, cast);
    await t.do(cast.state.client, 'draw', { params: { contest }, body: { draws: 12 } });
    await readAll(t, await boards(t, cast));
    await t.do(cast.state.client, 'assess', { params: { contest } });
    await certify(t, cast);
    sealed = await published(t.desk.keeper);
    await openSeals(t, cast.state);
    whole = await published(t.desk.keeper);
    await t.close();
  }, 60_000);

  test('holds, drawn and assessed again', async () => {
    expect(await said(whole)).toEqual(allHold);
    expect(await said(rewritten(whole, () => undefined))).toEqual(allHold);
  });

  test('cannot be told as long as the seals are closed', async () => {
    expect(await said(sealed)).toEqual({
      ...allHold,
      'seals-opened': 'cannot tell: seal-not-opened',
      'batch-totals-equal-results': 'cannot tell: seal-not-opened',
      'sample-drawn-again': 'cannot tell: seal-not-opened',
      'assessed-again': 'cannot tell: seal-not-opened',
    });
  });

  type Change = (entry: Entry, body: any) => unknown;
  /** Changes the first body of this kind. */
  const first = (kind: string, change: (body: any) => unknown): Change => {
    let done = false;
    return ({ act }, body) => {
      if (done || act.kind !== kind) return undefined;
      done = true;
      return change(body);
    };
  };
  test.each<[string, Record<string, string>, Change]>([
    [
      'a drawn batch exchanged for another',
      {
        'sample-drawn-again': 'fails: another-was-drawn',
        'only-drawn-read': 'fails: not-drawn',
        'read-by-two-parties': 'fails: not-read',
        'assessed-again': 'fails: another-risk',
      },
      first('sample drawn', (b) => ({
        ...b,
        draws: b.draws.map((d: string) => (d === b.draws[0] ? 'dade/T1/B10' : d)),
      })),
    ],
    [
      'another seed in the place of the one thrown: its signature is false too',
      { 'acts-signed': 'fails: signature-false', 'sample-drawn-again': 'fails: another-was-drawn' },
      first('seed drawn', (b) => ({ ...b, seed: '27182818284590452353' })),
    ],
    [
      'the draws in another order',
      { 'sample-drawn-again': 'fails: another-was-drawn' },
      first('sample drawn', (b) => ({ ...b, draws: b.draws.toReversed() })),
    ],
    [
      'a draw left out',
      {
        'sample-drawn-again': 'fails: not-the-next-draws',
        'only-drawn-read': 'fails: not-drawn',
        'assessed-again': 'fails: another-risk',
      },
      first('sample drawn', (b) => ({ ...b, draws: b.draws.slice(0, -1) })),
    ],
    [
      'a reading with other votes',
      { 'assessed-again': 'fails: another-risk' },
      first('paper interpreted', (b) => ({ ...b, batch: { votes: [0, 94] } })),
    ],
    [
      'a reading of a batch that was not drawn',
      {
        'only-drawn-read': 'fails: not-drawn',
        'read-by-two-parties': 'fails: not-read',
        'assessed-again': 'fails: another-risk',
      },
      first('paper interpreted', (b) => ({ ...b, unit: 'dade/T1/B99' })),
    ],
    [
      'another risk',
      { 'assessed-again': 'fails: another-risk' },
      first('round assessed', (b) => ({ ...b, risk: b.risk / 2 })),
    ],
    [
      'another ending',
      { 'assessed-again': 'fails: another-ending', 'certificate-says-outcome': 'fails: another-ending' },
      first('round assessed', (b) => ({ ...b, ending: 'go on' })),
    ],
    [
      'another winner',
      { 'assessed-again': 'fails: other-winners', 'certificate-says-outcome': 'fails: other-winners' },
      first('round assessed', (b) => ({ ...b, winners: ['bob'] })),
    ],
    [
      'two people of one party',
      { 'read-by-two-parties': 'fails: one-party' },
      first('paper interpreted', (b) => ({ ...b, by: [b.by[0], { ...b.by[1], party: ' blue' }] })),
    ],
    [
      'one person twice',
      { 'read-by-two-parties': 'fails: one-person' },
      first('paper interpreted', (b) => ({ ...b, by: [b.by[0], { ...b.by[0], party: 'Red' }] })),
    ],
    [
      'a certificate that says something else: its signature is false too',
      { 'acts-signed': 'fails: signature-false', 'certificate-says-outcome': 'fails: other-winners' },
      first('certificate signed', (b) => ({ ...b, contests: [{ ...b.contests[0], winners: ['bob'] }] })),
    ],
    [
      'a reading of another shape',
      {
        'only-drawn-read': 'cannot tell: body-not-understood',
        'read-by-two-parties': 'fails: not-read',
        'assessed-again': 'fails: another-risk',
      },
      first('paper interpreted', ({ unit }) => ({ unit })),
    ],
  ])('tells %s', async (_, differing, change) => {
    expect(await said(rewritten(whole, change))).toEqual({ ...allHold, ...differing });
  });

  // Bibb's, of three alike.
  const totals = (files: Files): string => fileWith(files, 'Batch Name,Ann,Bob', 'B3,62,30');
  const manifest = (files: Files): string => fileWith(files, 'Tabulator,Batch Name', 'T1,B3,96');

  test('a sealed total of one batch changed by one vote: the sum tells it, and the digest', async () => {
    const byOne = (csv: string): string => csv.replace('B3,62,30', 'B3,63,30');
    const of = totals(whole);
    expect(await said(withFile(whole, of, byOne))).toMatchObject({
      'acts-signed': 'fails: signature-false',
      'batch-totals-equal-results': 'fails: sum-differs',
    });
    // A vote moved to another batch leaves the sum, but not the county's signature on the digest of what it sealed.
    const moved = withFile(whole, of, (csv) => byOne(csv).replace('B4,63,30', 'B4,62,30'));
    const saidOfMoved = await said(moved);
    expect(saidOfMoved['batch-totals-equal-results']).toBe('holds');
    expect(saidOfMoved['acts-signed']).toBe('fails: signature-false');
    expect(await said(otherBytes(whole, of, byOne))).toMatchObject({ 'files-match': 'fails: file-differs' });
  });

  // Batches drawn and not drawn. (The first and the last share a digit, so that cutting them moves others on the line as well.)
  const drawnOf = (files: Files): Set<string> => {
    const draws = new Set<string>();
    rewritten(files, ({ act }, body: any) => {
      if (act.kind === 'sample drawn') for (const d of body.draws) draws.add(d);
      return undefined;
    });
    return draws;
  };
  const split = (n: number, m: string, t: string): readonly [string, string] => [
    m.replace(`T1,B${n},${93 + n}\n`, `T1,B${n}a,50\nT1,B${n}b,${43 + n}\n`),
    t.replace(`B${n},${59 + n},30\n`, `B${n}a,30,18\nB${n}b,${29 + n},12\n`),
  ];
  const merged = (n: number, m: string, t: string): readonly [string, string] => [
    m.replace(`T1,B${n},${93 + n}\nT1,B${n + 1},${94 + n}\n`, `T1,B${n}+,${187 + 2 * n}\n`),
    t.replace(`B${n},${59 + n},30\nB${n + 1},${60 + n},30\n`, `B${n}+,${119 + 2 * n},60\n`),
  ];
  test.each([
    ['split', split, (n: number) => [n]],
    ['merged with the next', merged, (n: number) => [n, n + 1]],
  ])('a batch %s in the sealed manifest and totals', async (_, cut, concerned) => {
    const drawn = drawnOf(whole);
    let told = 0;
    for (let n = 2; n <= 6; n++) {
      const text = (path: string): string => Buffer.from(whole.get(path)!).toString();
      const [m, t] = cut(n, text(manifest(whole)), text(totals(whole)));
      // The manifest alone: a batch without totals, and nothing can be drawn from it.
      const alone = withFile(whole, manifest(whole), () => m);
      if (n === 2)
        expect(await said(alone)).toMatchObject({
          'acts-signed': 'fails: signature-false',
          'sample-drawn-again': 'cannot tell: batch-without-totals',
        });
      // Both: the sums stay. Who signed the seal tells it always, the sample where the batch is in it.
      const both = await said(withFile(alone, totals(whole), () => t));
      const isDrawn = concerned(n).some((k) => drawn.has(`bibb/T1/B${k}`));
      expect(both).toMatchObject({
        'acts-signed': 'fails: signature-false',
        'batch-totals-equal-results': 'holds',
        'sample-drawn-again': isDrawn ? 'fails: another-was-drawn' : 'holds',
      });
      if (isDrawn) told++;
      if (n === 2)
        expect(await said(otherBytes(whole, manifest(whole), () => m))).toMatchObject({
          'files-match': 'fails: file-differs',
        });
    }
    expect(told).toBeGreaterThan(0);
    expect(told).toBeLessThan(5);
  });

  test('two readings exchanged between batches', async () => {
    expect(await said(exchanged(whole))).toEqual({
      ...allHold,
      'assessed-again': 'fails: another-risk',
    });
  });

  test('a sealed input exchanged when it is opened', async () => {
    const seal = [...whole.keys()].find(
      (p) =>
        p.startsWith('bodies/') &&
        !sealed.has(p) &&
        !/"body":\{\}/.test(Buffer.from(whole.get(p)!).toString()),
    )!;
    const other = Buffer.from(
      Buffer.from(whole.get(seal)!).toString().replace('"rowsRead":10', '"rowsRead":11'),
    );
    expect(await said(new Map(whole).set(seal, new Uint8Array(other)))).toMatchObject({
      'bodies-match': 'fails: body-differs',
      'seals-opened': 'fails: not-what-was-sealed',
      'sample-drawn-again': 'cannot tell: seal-not-opened',
    });
  });
});

describe('a card comparison of two rounds', () => {
  let whole: Files;
  beforeAll(async () => {
    const t = await TestDesk.open();
    const cast = await begin(t);
    await sealAll(t, cast, 'cvrs');
    await announce(t, cast, 'card comparison');
    await rollDice(t, cast);
    const byCounty = await boards(t, cast);
    for (const draws of [8, 60]) {
      await t.do(cast.state.client, 'draw', { params: { contest }, body: { draws } });
      await readAll(t, byCounty);
      await t.do(cast.state.client, 'assess', { params: { contest } });
    }
    await certify(t, cast);
    await openSeals(t, cast.state);
    whole = await published(t.desk.keeper);
    await t.close();
  }, 60_000);
  const held = { ...allHold, 'batch-totals-equal-results': 'does not apply: no-batch-totals' };
  const cvrs = [
    'cvr-rows-read',
    'cvrs-of-this-election',
    'cvrs-equal-manifest',
    'cvrs-equal-results',
    'cvr-numbering',
  ];
  const aboutCvrs = async (files: Files) =>
    (await verifyWithCvrs(recordFromMap(files))).findings.filter((f) => cvrs.includes(f.check));

  test('holds, its records read again and each drawn card compared', async () => {
    expect(await said(whole)).toEqual(held);
    const findings = await aboutCvrs(whole);
    expect(findings.map((f) => [f.check, f.word])).toEqual(cvrs.map((check) => [check, 'holds']));
    const cards = Object.values(paper)
      .flat()
      .reduce((n, [a, b, blank]) => n + a + b + blank, 0);
    expect(findings[0]!.figures).toContainEqual({ name: 'records', value: cards, unit: 'cards' });
    // In pieces of some bytes, as a disk or a network gives them, it is the same.
    const { read, list } = recordFromMap(whole);
    const inPieces = await verifyWithCvrs({
      list,
      read,
      stream: (path) => ({
        bytes: async function* () {
          const bytes = read(path)!;
          for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
        },
      }),
    });
    const atOnce = await verifyWithCvrs(recordFromMap(whole));
    expect(inPieces.findings).toEqual(atOnce.findings);
    expect(inPieces.record!.read).toEqual(atOnce.record!.read);
  });

  test('cannot be told by one who leaves the records unread', () => {
    const { findings } = verify(recordFromMap(whole));
    for (const check of [...cvrs, 'assessed-again'])
      expect(findings.find((f) => f.check === check)).toMatchObject({
        word: 'cannot tell',
        code: 'cvrs-not-read',
      });
    // To draw again no record is needed.
    expect(findings.find((f) => f.check === 'sample-drawn-again')!.word).toBe('holds');
  });

  test('two readings exchanged between cards', async () => {
    const swapped = exchanged(whole);
    expect(await said(swapped)).toEqual({ ...held, 'assessed-again': 'fails: another-risk' });
  });

  const exportOf = (files: Files) => [...files].find(([, b]) => Buffer.from(b).includes('CvrNumber'))!;
  test('tells an export that is gone, or another', async () => {
    const [path, bytes] = exportOf(whole);
    const gone = new Map(whole);
    gone.delete(path);
    const other = new Map(whole).set(
      path,
      new Uint8Array(Buffer.from(bytes).map((b, i) => (i === 500 ? b ^ 1 : b))),
    );
    for (const [files, code] of [
      [gone, 'file-missing'],
      [other, 'file-differs'],
    ] as const) {
      expect(await said(files)).toEqual({
        ...held,
        'files-match': `fails: ${code}`,
        'assessed-again': 'cannot tell: file-not-at-hand',
      });
      for (const f of await aboutCvrs(files))
        expect(f).toMatchObject({ word: 'cannot tell', code: 'file-not-at-hand' });
    }
    const streamed = (files: Files) => ({
      ...recordFromMap(files),
      stream: (at: string) => {
        const found = files.get(at);
        return found === undefined ? undefined : { bytes: async function* () { yield found; } }; // oxfmt-ignore
      },
    });
    for (const [files, code] of [
      [gone, 'file-missing'],
      [other, 'file-differs'],
    ] as const) {
      const { record, findings } = await verifyWithCvrs(streamed(files));
      expect(record!.faults).toMatchObject([{ check: 'files-match', code, path }]);
      expect(findings.find((f) => f.check === 'assessed-again')!.code).toBe('file-not-at-hand');
    }
  });

  test.each<[string, string, string, (csv: string) => string]>([
    ['a vote changed', 'cvrs-equal-results', 'sum-differs', (csv) => csv.replace(/,1,0\n/, ',0,1\n')],
    ['a record taken out', 'cvrs-equal-manifest', 'counts-differ', (csv) => csv.replace(/\n7,[^\n]*/, '')],
    [
      'a record numbered twice',
      'cvr-numbering',
      'numbered-by-batch',
      (csv) => csv.replace('T1,B1,7,', 'T1,B1,6,'),
    ],
    [
      'a row that cannot be read',
      'cvr-rows-read',
      'rows-refused',
      (csv) => csv.replace(/\n9,T1[^\n]*/, '\n9,T1'),
    ],
  ])('tells what a sealed export came to: %s', async (_, check, code, change) => {
    const [path, bytes] = exportOf(whole);
    const changed = new Uint8Array(Buffer.from(change(Buffer.from(bytes).toString())));
    expect(changed).not.toEqual(bytes);
    const [sha, now] = [path.slice('files/'.length), Buffer.from(sha256(changed)).toString('hex')];
    const files = rewritten(whole, ({ act }, body: any) =>
      act.kind === 'CVRs sealed' && body.read.file.sha256 === sha
        ? { ...body, read: { ...body.read, file: { ...body.read.file, sha256: now, bytes: changed.length } } }
        : undefined,
    );
    const made = new Map(files).set(`files/${now}`, changed);
    made.delete(path);
    expect((await aboutCvrs(made)).find((f) => f.check === check)).toMatchObject({ word: 'fails', code });
  });
});

/** A whole audit of cards: drawn, read, assessed, its seals opened. */
async function auditOfCards(
  method: 'ballot polling' | 'ONEAudit',
  rule: 'ALPHA' | 'Kelly' | 'adaptive',
  draws: number,
): Promise<Files> {
  const t = await TestDesk.open();
  const cast = await begin(t);
  if (method === 'ONEAudit') {
    await sealAll(t, cast, 'cvrs', paper, ['bibb']);
    await sealAll(t, cast, 'totals', paper, ['clarke', 'dade']);
  } else await sealAll(t, cast, 'none');
  await announce(t, cast, method, '0.05', { rule });
  await rollDice(t, cast);
  await t.do(cast.state.client, 'draw', { params: { contest }, body: { draws } });
  await readAll(t, await boards(t, cast));
  await t.do(cast.state.client, 'assess', { params: { contest } });
  await openSeals(t, cast.state);
  const files = await published(t.desk.keeper);
  await t.close();
  return files;
}

test('ballot polling: two readings exchanged between cards', { timeout: 60_000 }, async () => {
  const files = await auditOfCards('ballot polling', 'ALPHA', 60);
  const held = {
    ...allHold,
    'seals-opened': 'does not apply: nothing-sealed',
    'batch-totals-equal-results': 'does not apply: no-batch-totals',
    'certificate-says-outcome': 'cannot tell: not-certified',
  };
  expect(await said(files)).toEqual(held);
  // The bets are placed in the order drawn, in which blank cards lie between the two. (A rule of counts comes to the same: audit/drills.node.test.ts.)
  expect(await said(exchanged(files))).toEqual({ ...held, 'assessed-again': 'fails: another-risk' });
});

describe('ONEAudit', () => {
  let files: Files;
  beforeAll(async () => {
    files = await auditOfCards('ONEAudit', 'Kelly', 100);
  }, 60_000);
  const held = { ...allHold, 'certificate-says-outcome': 'cannot tell: not-certified' };
  test('holds, drawn and assessed again', async () => expect(await said(files)).toEqual(held));
  test('the total of one pool changed by one vote: the sum tells it, and the digest', async () => {
    const of = fileWith(files, 'Batch Name,Ann,Bob', 'B3,50,27');
    const byOne = (csv: string): string => csv.replace('B3,50,27', 'B3,51,27');
    expect(await said(withFile(files, of, byOne))).toMatchObject({
      'acts-signed': 'fails: signature-false',
      'batch-totals-equal-results': 'fails: sum-differs',
      'assessed-again': 'fails: another-risk',
    });
    expect(await said(otherBytes(files, of, byOne))).toMatchObject({ 'files-match': 'fails: file-differs' });
  });
  test('two readings exchanged between cards', async () => {
    expect(await said(exchanged(files))).toEqual({
      ...held,
      'assessed-again': 'fails: another-risk',
    });
  });
});

test('a full hand count that corrects the outcome is counted again', { timeout: 60_000 }, async () => {
  const t = await TestDesk.open();
  const cast = await begin(t);
  const { state } = cast;
  await sealAll(t, cast, 'totals');
  await announce(t, cast, 'batch comparison');
  await rollDice(t, cast);
  await t.do(state.client, 'draw', { params: { contest }, body: { draws: 12 } });
  const truth = Object.fromEntries(
    counties.map((c) => [c, paper[c].map(([a, b, blank]) => [b, a, blank] as const)]),
  ) as unknown as Paper;
  await readAll(t, await boards(t, cast), truth);
  // So much speaks against it that the assessment orders the full hand count itself.
  await t.do(state.client, 'assess', { params: { contest } });
  await handCountAll(t, cast, truth);
  await t.do(state.client, 'assess', { params: { contest } });
  await certify(t, cast);
  await openSeals(t, state);
  const files = await published(t.desk.keeper);
  await t.close();
  // That the paper elects somebody else is the election's, and is told by the checks that compare the counts.
  const corrected = { ...allHold, ...(await said(files)) };
  for (const check of again) expect([check, corrected[check]]).toEqual([check, 'holds']);
  expect(corrected['same-winner']).toBe('fails: another-winner');
  const hidden = rewritten(files, ({ act }, body: any) =>
    act.kind === 'round assessed' && body.method === 'full hand count'
      ? { ...body, ending: 'full hand count agrees', winners: ['ann'] }
      : undefined,
  );
  expect(await said(hidden)).toMatchObject({
    'assessed-again': 'fails: another-ending',
    'certificate-says-outcome': 'fails: another-ending',
  });
});

test(
  'a county’s hand count is put right: the last one elects, and the first stays on the record',
  { timeout: 60_000 },
  async () => {
    const t = await TestDesk.open();
    const cast = await begin(t);
    const { state, managers, canvass } = cast;
    await sealAll(t, cast, 'totals');
    await announce(t, cast, 'full hand count');
    const params = { contest };
    const ofBibb = { county: 'bibb', contest };
    const { client } = managers.bibb;
    const swapped = { ...paper, bibb: paper.bibb.map(([a, b, blank]) => [b / 3, a, blank] as const) };
    const why = { why: 'entry error' as const, words: 'the two columns were swapped' };
    const right = { params: ofBibb, body: { ...why, batches: handCountOf(paper, 'bibb') } };
    const correct = (by = client) => t.refused(by, 'correctHandCount', right);
    expect(await correct()).toBe('409 not-reported');
    await t.do(state.client, 'orderHandCount', { params, body: { why: 'by law' } });
    await handCountAll(t, cast, swapped);
    const { contest: wrong } = await t.do(state.client, 'assess', { params });
    expect(wrong).toMatchObject({ ending: 'full hand count corrects', winners: ['bob'] });

    expect(await correct(managers.clarke.client)).toBe('403 another-county');
    expect(await correct(state.client)).toBe('403 role-not-allowed');
    expect(
      await t.refused(client, 'correctHandCount', {
        params: ofBibb,
        body: { ...why, batches: handCountOf(swapped, 'bibb') },
      }),
    ).toBe('409 nothing-changed');
    expect(
      await t.refused(client, 'correctHandCount', {
        params: ofBibb,
        body: { ...why, batches: handCountOf(paper, 'bibb').slice(1) },
      }),
    ).toBe('409 hand-count-does-not-fit-manifest');
    const prepared = await t.do(client, 'correctHandCount', right);
    const late = await t.do(client, 'correctHandCount', right);
    const [position] = await t.sign(managers.bibb, prepared);
    expect((await t.do(t.public, 'status', {})).contests[0]!.ending).toBe('full hand count ordered');
    expect(await t.refused(canvass.client, 'certify', { body: { words: 'done' } })).toBe(
      '409 audit-not-ended',
    );
    const { contest: now } = await t.do(state.client, 'assess', { params });
    expect(now).toMatchObject({ ending: 'full hand count agrees', winners: ['ann'] });
    await certify(t, cast);
    expect(await correct()).toBe('409 after-certificate');
    const signed = { params: { prepared: late.prepared }, body: t.signaturesFor(managers.bibb.key!, late) };
    expect(await t.refused(client, 'sign', signed)).toBe('409 after-certificate');

    await openSeals(t, state);
    const files = await published(t.desk.keeper);
    await t.close();
    const nothing = 'does not apply: nothing-drawn';
    expect(await said(files)).toEqual({
      ...allHold,
      'sample-drawn-again': nothing,
      'only-drawn-read': nothing,
      'read-by-two-parties': nothing,
      // Dade's made-up batches are all alike, as no paper is.
      'repeated-tallies': 'fails: found',
    });
    // Without the correction what was assessed last does not follow.
    const without = rewritten(files, (entry, body: any) =>
      entry.position === position ? { reason: body.reason } : undefined,
    );
    expect(await said(without)).toMatchObject({ 'assessed-again': 'fails: another-ending' });
  },
);
