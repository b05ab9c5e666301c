// Each check, on the smallest election in which it can hold and fail. The hand count is of three batches in two counties; every test changes one thing.
import { describe, expect, test } from 'vitest';
import { ballots, choiceId, contestId, jurisdictionId, votes } from '../election/index.ts';
import type { HandCount } from '../paper/index.ts';
import type { Evidence } from '../record/index.ts';
import { allChecks, checkEvidence, type Finding } from './index.ts';

const contest = contestId('Clerk');
const [ann, bob] = [choiceId('Ann'), choiceId('Bob')];
const [adams, burke] = [jurisdictionId('Adams'), jurisdictionId('Burke')];

interface Batch {
  readonly county: 'adams' | 'burke';
  readonly name: string;
  readonly type?: string;
  /** Ann, Bob, blank. */
  readonly tally: readonly [number, number, number];
}

const threeBatches: readonly Batch[] = [
  { county: 'adams', name: 'Batch 1', tally: [30, 20, 1] },
  { county: 'adams', name: 'Batch 2', tally: [10, 5, 0] },
  { county: 'burke', name: 'Batch 1', tally: [5, 30, 0] },
];

function handCount(batches: readonly Batch[]): HandCount {
  return {
    contest,
    granularity: 'batch',
    columns: [{ kind: 'choice', choice: ann }, { kind: 'choice', choice: bob }, { kind: 'blank' }],
    jurisdictions: [adams, burke],
    jurisdictionOf: Uint16Array.from(batches.map((b) => (b.county === 'adams' ? 0 : 1))),
    names: batches.map((b) => b.name),
    types: batches.map((b) => b.type ?? 'Mail'),
    tallies: Uint32Array.from(batches.flatMap((b) => b.tally)),
  };
}

/** By county: Ann, Bob as reported. By default what the three batches hold: 45 to 55, Bob by 10. */
function evidence(
  batches: readonly Batch[] = threeBatches,
  reported: readonly (readonly [number, number])[] = [
    [40, 25],
    [5, 30],
  ],
): Evidence {
  const source = { name: 'test' };
  return {
    election: {
      name: 'Test',
      date: '2026-11-03',
      jurisdictions: [
        { id: adams, name: 'Adams' },
        { id: burke, name: 'Burke' },
      ],
      contests: [
        {
          id: contest,
          name: 'Clerk',
          choices: [
            { id: ann, name: 'Ann' },
            { id: bob, name: 'Bob' },
          ],
          rule: { kind: 'plurality', voteFor: 1, winners: 1 },
        },
      ],
    },
    results: [
      {
        value: {
          contest,
          choices: [ann, bob],
          status: 'certified',
          rows: [adams, burke].map((jurisdiction, i) => ({
            jurisdiction,
            voteType: '',
            votes: reported[i]!.map(votes),
          })),
          statedTotals: [0, 1].map((c) => votes(reported[0]![c]! + reported[1]![c]!)),
        },
        sources: [source],
      },
    ],
    handCounts: [{ value: handCount(batches), sources: [source] }],
    handCountTotals: [],
    ballotsCast: [
      {
        value: {
          contest,
          rows: [
            { jurisdiction: adams, ballots: ballots(66) },
            { jurisdiction: burke, ballots: ballots(35) },
          ],
        },
        sources: [source],
      },
    ],
    statedAudits: [],
    statements: [],
    explanations: [],
  };
}

const run = (id: string, of: Evidence): Finding => checkEvidence(of).find((f) => f.check === id)!;
const value = (f: Finding, name: string): number | undefined => f.figures.find((x) => x.name === name)?.value;

test('every check gives a finding, on whatever evidence, and none a word of its own', () => {
  const nothing: Evidence = { ...evidence(), results: [], handCounts: [], ballotsCast: [] };
  for (const e of [
    evidence(),
    nothing,
    { ...nothing, election: { ...nothing.election, contests: [], jurisdictions: [] } },
  ]) {
    const findings = checkEvidence(e);
    for (const check of allChecks)
      expect(
        findings.some((f) => f.check === check.id),
        check.id,
      ).toBe(true);
    for (const f of findings) expect(['holds', 'fails', 'cannot tell', 'does not apply']).toContain(f.word);
  }
  expect(checkEvidence(nothing).filter((f) => f.of === 'election' && f.word === 'holds')).toEqual([]);
});

describe('who won', () => {
  test('the same winner holds', () => {
    const f = run('same-winner', evidence());
    expect([f.word, value(f, 'reportedMargin'), value(f, 'handMargin')]).toEqual(['holds', 10, 10]);
  });
  test('a hand count that reverses the winner fails, and says who', () => {
    const f = run(
      'same-winner',
      evidence(threeBatches, [
        [60, 25],
        [5, 30],
      ]),
    );
    expect([f.word, f.code]).toEqual(['fails', 'another-winner']);
    expect(f.units.map((u) => [u.code, u.name])).toEqual([
      ['reported-winner', 'Ann'],
      ['hand-winner', 'Bob'],
    ]);
  });
  test('a tie is no winner', () => {
    const tied = [...threeBatches, { county: 'adams', name: 'x', tally: [10, 0, 0] } as const];
    expect(run('same-winner', evidence(tied))).toMatchObject({ word: 'fails', code: 'tie' });
  });
  test('a county that was not counted by hand leaves it open: its votes are not zero', () => {
    const all = evidence();
    const only = handCount(threeBatches.slice(0, 2));
    const f = run('same-winner', {
      ...all,
      handCounts: [{ value: { ...only, jurisdictions: [adams] }, sources: [] }],
    });
    expect([f.word, f.code]).toEqual(['cannot tell', 'jurisdictions missing']);
    expect(
      run('every-jurisdiction-counted', {
        ...all,
        handCounts: [{ value: { ...only, jurisdictions: [adams] }, sources: [] }],
      }).word,
    ).toBe('fails');
  });
});

test('counts with no place or no choice in common agree in nothing', () => {
  const all = evidence();
  const [hand] = all.handCounts;
  const elsewhere = { ...hand!.value, jurisdictions: [jurisdictionId('Clay'), jurisdictionId('Dade')] };
  const others = { ...hand!.value, columns: hand!.value.columns.slice(2), tallies: new Uint32Array(3) };
  for (const value of [elsewhere, others])
    for (const id of ['same-winner', 'differences-below-margin', 'equal-counts', 'margin-variation'])
      expect([id, run(id, { ...all, handCounts: [{ value, sources: [] }] }).word]).toEqual([
        id,
        'cannot tell',
      ]);
});

describe('how far apart', () => {
  test('net can be nothing while gross is not', () => {
    const f = run(
      'equal-counts',
      evidence(threeBatches, [
        [41, 24],
        [4, 31],
      ]),
    );
    expect([f.word, value(f, 'net'), value(f, 'gross'), value(f, 'units')]).toEqual(['fails', 0, 4, 2]);
  });
  test('differences reach the margin', () => {
    // Adams moves the margin by 2, Burke by 8, against 16; then Adams by 10 and Burke by 2, against 2.
    const f = run(
      'differences-below-margin',
      evidence(threeBatches, [
        [41, 24],
        [1, 34],
      ]),
    );
    expect([value(f, 'grossMargin'), value(f, 'margin')]).toEqual([10, 16]);
    expect(f.word).toBe('holds');
    expect(
      run(
        'differences-below-margin',
        evidence(threeBatches, [
          [50, 25],
          [5, 32],
        ]),
      ).word,
    ).toBe('fails');
  });
  test('variation by county, by cross-multiplying', () => {
    const f = run(
      'margin-variation',
      evidence(threeBatches, [
        [41, 25],
        [5, 30],
      ]),
    );
    expect([
      f.word,
      value(f, 'unchanged'),
      value(f, 'below'),
      value(f, 'largestVotes'),
      value(f, 'largestOf'),
    ]).toEqual(['fails', 1, 1, 1, 66]);
  });
});

describe('batches', () => {
  const also = (...more: Batch[]): Evidence => evidence([...threeBatches, ...more]);
  test('the same name in two counties is no repetition', () => {
    expect(run('batch-names-exact', evidence()).word).toBe('holds');
    expect(run('batch-names-folded', evidence()).word).toBe('holds');
  });
  test('the very same name, and one that differs by a blank or a capital', () => {
    expect(run('batch-names-exact', also({ county: 'adams', name: 'Batch 2', tally: [1, 1, 0] })).word).toBe(
      'fails',
    );
    const folded = run('batch-names-folded', also({ county: 'adams', name: ' BATCH 2 ', tally: [10, 5, 0] }));
    expect([
      folded.word,
      value(folded, 'found'),
      value(folded, 'repeatedCards'),
      folded.units[0]!.code,
    ]).toEqual(['fails', 1, 15, 'same-tally']);
    expect(
      run('batch-names-exact', also({ county: 'adams', name: ' BATCH 2 ', tally: [10, 5, 0] })).word,
    ).toBe('holds');
  });
  test('ranges of batches overlap; dates and neighbours do not', () => {
    const found = (...names: string[]): number =>
      run(
        'batch-ranges-apart',
        evidence(names.map((name) => ({ county: 'adams' as const, name, tally: [1, 1, 0] as const }))),
      ).units.length;
    expect(found('Scanner 3 Batch 174- 178', 'Scanner3Batch175-176', 'Scanner 3 batch 177')).toBe(2);
    expect(found('Scanner 3 Batch 174-178', 'Scanner 4 Batch 175', 'Scanner 3 Batch 179')).toBe(0);
    expect(found('Pembroke 10', 'Pembroke 10-12', 'Pembroke 10-13')).toBe(0);
    expect(found('Batch 1-5', 'Batch 6-9', 'Batch 5-6')).toBe(2);
  });
  test('unanimous from 50 cards on', () => {
    expect(run('unanimous-batches', also({ county: 'adams', name: 'x', tally: [49, 0, 0] })).word).toBe(
      'holds',
    );
    expect(run('unanimous-batches', also({ county: 'adams', name: 'x', tally: [50, 0, 1] })).word).toBe(
      'holds',
    );
    const f = run('unanimous-batches', also({ county: 'adams', name: 'x', tally: [950, 0, 0] }));
    expect([f.word, f.units[0]!.name]).toEqual(['fails', 'x']);
  });
  test('empty', () => {
    expect(run('empty-batches', evidence()).word).toBe('holds');
    expect(run('empty-batches', also({ county: 'adams', name: 'x', tally: [0, 0, 0] })).word).toBe('fails');
  });
  test('the same tally ten times over is more than chance brings', () => {
    const copies = (n: number): Batch[] =>
      Array.from({ length: n }, (_, i) => ({ county: 'adams', name: `c${i}`, tally: [517, 470, 3] }));
    const others = Array.from({ length: 10 }, (_, i): Batch => ({
      county: 'adams',
      name: `o${i}`,
      tally: [517 + 3 * i, 470 - 3 * i, 3],
    }));
    expect(run('repeated-tallies', evidence([...others])).word).toBe('holds');
    const f = run('repeated-tallies', evidence([...others, ...copies(10)]));
    expect(f.word).toBe('fails');
    expect(f.units[0]!.figures.find((x) => x.name === 'pairs')!.value).toBe(55);
  });
  test('sums of batches cannot tell', () => {
    const { handCounts, ...rest } = evidence();
    const sums: Evidence = {
      ...rest,
      handCounts: [{ value: { ...handCounts[0]!.value, granularity: 'type' }, sources: [] }],
    };
    for (const id of [
      'batch-names-exact',
      'batch-names-folded',
      'batch-ranges-apart',
      'repeated-tallies',
      'unanimous-batches',
      'empty-batches',
    ])
      expect([id, run(id, sums).word, run(id, sums).code]).toEqual([id, 'cannot tell', 'no-batches']);
  });
});

describe('cards and ballots', () => {
  test('as many cards as ballots', () => {
    expect(run('hand-counted-cards', evidence()).word).toBe('holds');
  });
  test('second cards counted as blank are named for what they look like, and an explanation stands beside them', () => {
    const more = evidence([...threeBatches, { county: 'burke', name: 'second cards', tally: [0, 0, 30] }]);
    const f = run('hand-counted-cards', more);
    expect([f.word, value(f, 'net'), f.units[0]!.code]).toEqual(['fails', 30, 'second-cards']);
    const explained = run('hand-counted-cards', {
      ...more,
      explanations: [
        {
          position: 7,
          check: 'hand-counted-cards',
          jurisdiction: burke,
          words: 'two cards',
          by: ['the county'],
          accountsFor: { value: 29, unit: 'cards' },
        },
      ],
    });
    expect([
      explained.word,
      explained.explainedBy,
      value(explained, 'netUnexplained'),
      value(explained, 'grossUnexplained'),
    ]).toEqual(['fails', [7], 1, 1]);
  });
});

describe('the audit’s own report', () => {
  const stated = (seed: string, sampleSize = 100): Evidence => ({
    ...evidence(),
    statedAudits: [
      {
        value: {
          auditType: 'BALLOT_POLLING',
          auditMath: 'BRAVO',
          riskLimit: '10%',
          seed,
          contests: [
            {
              contest: 'Clerk',
              targeted: true,
              totalBallotsCast: 101,
              tabulated: [
                { name: 'Ann', votes: 45 },
                { name: 'Bob', votes: 55 },
              ],
            },
          ],
          rounds: [
            {
              round: 1,
              contest: 'Clerk',
              sampleSize,
              audited: [
                { name: 'Ann', votes: 45 },
                { name: 'Bob', votes: 55 },
                { name: 'Blank/Undervote', votes: 1 },
              ],
            },
          ],
        },
        sources: [],
      },
    ],
  });
  test('a rolled seed holds; a pattern, few digits, a short one do not', () => {
    expect(run('seed-without-pattern', stated('41593170936451002387')).word).toBe('holds');
    expect(run('seed-without-pattern', stated('12345123451234512345')).code).toBe('repeats');
    expect(run('seed-without-pattern', stated('11221213312312231132')).code).toBe('few-digits');
    expect(run('seed-without-pattern', stated('4159317093')).code).toBe('short-seed');
  });
  test('a sample of all ballots is a full count on a sampling form', () => {
    expect(run('audit-is-what-it-says', stated('41593170936451002387')).word).toBe('holds');
    expect(run('audit-is-what-it-says', stated('41593170936451002387', 101)).code).toBe(
      'full-count-on-sampling-form',
    );
  });
  test('the rows add up to its totals, or not', () => {
    const good = stated('41593170936451002387');
    expect(run('batches-add-up', good).word).toBe('holds');
    const off = run('batches-add-up', {
      ...good,
      handCounts: [
        {
          value: handCount([...threeBatches, { county: 'burke', name: 'x', tally: [0, 1, 0] }]),
          sources: [],
        },
      ],
    });
    expect([off.word, off.units.map((u) => u.name)]).toEqual(['fails', ['Bob']]);
  });
  test('the votes it started from are the certified ones, or not', () => {
    expect(run('audit-started-from-certified', stated('1')).word).toBe('holds');
    const later = {
      ...evidence(threeBatches, [
        [41, 25],
        [5, 30],
      ]),
      statedAudits: stated('1').statedAudits,
    };
    const f = run('audit-started-from-certified', later);
    expect([f.word, value(f, 'marginThen'), value(f, 'marginCertified'), value(f, 'gross')]).toEqual([
      'fails',
      10,
      9,
      1,
    ]);
    const check = 'audit-started-from-certified';
    const explained = run(check, {
      ...later,
      explanations: [
        { position: 7, check, contest, words: 'A box was found.', by: ['the county'] },
        { position: 8, check: 'equal-counts', contest, words: 'Something else.', by: ['the county'] },
      ],
    });
    expect([explained.word, explained.explainedBy]).toEqual(['fails', [7]]);
  });
});

test('a total that its file contradicts fails the count it is of', () => {
  const e = evidence();
  const remark = {
    value: {
      code: 'total-contradicts-parts',
      file: 'x.csv',
      line: 3,
      field: 'Adams',
      expected: '65',
      found: '66',
    },
    sources: [{ name: 'test' }],
  };
  expect(run('batches-add-up', e)).toMatchObject({ word: 'cannot tell', code: 'no-stated-totals' });
  for (const id of ['results-add-up', 'batches-add-up']) {
    expect(run(id, { ...e, remarks: [remark] })).toMatchObject({
      word: 'fails',
      units: [{ name: 'Adams, line 3', expected: '65', found: '66' }],
    });
    expect(run(id, { ...e, remarks: [{ ...remark, sources: [{ name: 'another file' }] }] }).word).toBe(
      run(id, e).word,
    );
  }
});

test('results that do not add up to their own totals', () => {
  const e = evidence();
  expect(run('results-add-up', e).word).toBe('holds');
  const [r] = e.results;
  const wrong: Evidence = {
    ...e,
    results: [{ ...r!, value: { ...r!.value, statedTotals: [votes(45), votes(56)] } }],
  };
  expect(run('results-add-up', wrong).word).toBe('fails');
});

describe('stated figures', () => {
  // 45 to 55 by hand; 50 to 53 as the audit's report has it: margin 3 then, 10 by hand, 7 of 100 votes. Adams changes by 7 of 65, Burke by none.
  const saying = (figures: readonly (readonly [name: string, value: string])[]): Evidence => ({
    ...evidence(threeBatches, [
      [45, 23],
      [5, 30],
    ]),
    statedAudits: [
      {
        value: {
          contests: [
            {
              contest: 'Clerk',
              targeted: true,
              tabulated: [
                { name: 'Ann', votes: 50 },
                { name: 'Bob', votes: 53 },
              ],
            },
          ],
          rounds: [],
        },
        sources: [],
      },
    ],
    statements: [
      {
        value: {
          id: 's', kind: 'official statement', who: 'w', when: '2026-11-04', where: 'w', words: 'w', contest, parts: [],
          figures: figures.map(([name, value]) => ({ name, value, of: name })),
        }, // prettier-ignore
        sources: [{ name: 'statement' }],
      },
    ],
  });
  const found = (name: string, value: string): string | undefined =>
    run('stated-figures', saying([[name, value]])).units[0]!.found;

  test.each([
    ['hand-margin', '10'],
    ['hand-total', '100'],
    ['margin-then', '3'],
    ['margin-variation-of-all-votes', '7.0000%'],
    ['margin-variation-of-all-votes', '7%'],
    // (40 − 25) − (45 − 23) = −7, of 68 votes: 10.294…%.
    ['largest-county', '10.29%'],
    ['largest-county', '10.294%'],
    ['counties-under-0.05%', '1'],
  ])('%s is computed, to as many places as it was published', (name, value) => {
    expect(found(name, value)).toBe(value);
    expect(run('stated-figures', saying([[name, value]])).word).toBe('holds');
  });
  test('one that does not come out fails, with what does', () => {
    expect(run('stated-figures', saying([['hand-margin', '11']]))).toMatchObject({
      word: 'fails',
      units: [{ expected: '11', found: '10' }],
    });
  });
  test.each(['first-total', 'total-variation'])(
    '%s is of files that are not at hand: cannot tell, and never a pass',
    (name) => {
      const f = run(
        'stated-figures',
        saying([
          ['hand-margin', '10'],
          [name, '4,995,323'],
        ]),
      );
      expect([f.word, f.code]).toEqual(['cannot tell', 'inputs-not-at-hand']);
      expect(f.units[1]).toMatchObject({ expected: '4,995,323', code: 'figure-not-at-hand' });
      expect(f.figures.map((x) => x.value)).toEqual([1, 2]);
      // What the files at hand give instead: 50 + 53 votes as the audit's report has them, 45 + 55 by hand; 3 of 103.
      expect(f.units[1]!.figures).toEqual([
        { name: 'reportedThen', value: 103, unit: 'votes' },
        { name: 'hand', value: 100, unit: 'votes' },
        { name: 'variation', value: 300 / 103, unit: 'percent' },
      ]);
    },
  );
});
