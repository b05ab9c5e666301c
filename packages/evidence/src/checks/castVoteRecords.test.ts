// The checks of cast vote records, on a county of six cards in two batches; every test changes one thing.
import { describe, expect, test } from 'vitest';
import {
  ChunkBuilder,
  Reconciler,
  cvrChoice,
  cvrContest,
  emptyNames,
  type GrowingHeader,
} from '../cvr/index.ts';
import { choiceId, contestId, jurisdictionId, votes } from '../election/index.ts';
import { noEvidenceOf, type CvrFigures, type Evidence } from '../record/index.ts';
import { UnitTallier } from '../tally/index.ts';
import { checkEvidence, cvrChecks, type Finding } from './index.ts';

interface Card {
  readonly batch?: string;
  readonly record?: string;
  readonly precinct?: string;
  readonly style?: string;
  /** By contest: the choice voted for; undefined: not on the card. */
  readonly votes: readonly (number | undefined)[];
}
interface ContestOf {
  readonly name: string;
  readonly choices: readonly string[];
  readonly voteFor?: number;
  readonly ranks?: number;
}
interface Export {
  readonly election?: string;
  readonly contests?: readonly ContestOf[];
  readonly cards?: readonly Card[];
  /** By style the places of its contests. */
  readonly styles?: Readonly<Record<string, readonly number[]>>;
}

const clerk: ContestOf = { name: 'Clerk', choices: ['Ann', 'Bob', 'Write-in', 'Write-in'] };
const sixCards: readonly Card[] = [
  { batch: '1', record: '1', precinct: 'North', votes: [0] },
  { batch: '1', record: '2', precinct: 'North', votes: [0] },
  { batch: '1', record: '3', precinct: 'North', votes: [1] },
  { batch: '2', record: '1', precinct: 'South', votes: [1] },
  { batch: '2', record: '2', precinct: 'South', votes: [0] },
  { batch: '2', record: '3', precinct: 'South', votes: [2] },
];

function figuresOf(exports: readonly Export[]): CvrFigures {
  const reconciler = new Reconciler();
  const tallies = exports.map(({ election = 'Test', contests = [clerk], cards = sixCards, styles }) => {
    const header: GrowingHeader = {
      election,
      format: 'test',
      contests: contests.map(({ name, choices, voteFor = 1, ranks = 0 }) => {
        const contest = cvrContest(name, voteFor, ranks);
        contest.choices.push(...choices.map((c) => ({ ...cvrChoice(c), ...(c === 'Write-in' ? { writeIn: 'line' as const } : {}) })));
        return contest;
      }),
      names: { ...emptyNames(), style: Object.keys(styles ?? {}) },
      ...(styles === undefined ? {} : { styleContests: new Map(Object.values(styles).map((of, s) => [s, of])) }),
    };
    const tallier = new UnitTallier(['precinct']);
    const builder = new ChunkBuilder(header, 256);
    for (const to of [reconciler, tallier]) to.begin(header);
    for (const card of cards) {
      builder.card();
      builder.attribute('tabulator', builder.code('tabulator', 'T'));
      builder.attribute('batch', builder.code('batch', card.batch ?? '1'));
      builder.attribute('precinct', builder.code('precinct', card.precinct ?? ''));
      builder.attribute('style', builder.code('style', card.style ?? 'S'));
      const record = new TextEncoder().encode(card.record ?? 'X');
      builder.record(record, 0, record.length);
      for (const [c, vote] of card.votes.entries()) if (vote !== undefined) builder.marked(c, [vote], 1);
    }
    const chunk = builder.take();
    for (const to of [reconciler, tallier]) to.take(chunk);
    return tallier.tally;
  });
  return { reconciliation: reconciler.result(), tallies, rowsRefused: [] };
} // oxfmt-ignore

const [ann, bob] = [choiceId('Ann'), choiceId('Bob')];
const adams = jurisdictionId('Adams');

/** Results of the contest Clerk: by precinct, votes for Ann and Bob. */
const reported = (rows: Readonly<Record<string, readonly [number, number]>>): Evidence['results'] => [
  {
    value: {
      contest: contestId('Clerk'),
      choices: [ann, bob],
      status: 'certified',
      rows: Object.entries(rows).map(([unit, of]) => ({
        jurisdiction: adams,
        unit,
        voteType: '',
        votes: of.map(votes),
      })),
    },
    sources: [{ name: 'results' }],
  },
];

const manifest = (sizes: Readonly<Record<string, number>>): NonNullable<Evidence['manifests']> => [
  {
    value: {
      manifest: {
        counts: 'cards',
        batches: Object.entries(sizes).map(([name, size], i) => ({ line: i + 2, jurisdiction: '', container: '', tabulator: 'T', name, size, location: '' })),
      },
    },
    sources: [{ name: 'manifest' }],
  },
]; // oxfmt-ignore

const evidence = (exports: readonly Export[], more: Partial<Evidence> = {}): Evidence => ({
  ...noEvidenceOf({ name: 'Test', date: '2026-11-03', jurisdictions: [], contests: [] }),
  cvrs: exports.length === 0 ? [] : [{ value: figuresOf(exports), sources: [{ name: 'cvrs' }] }],
  ...more,
});

const run = (id: string, of: Evidence): Finding => checkEvidence(of).find((f) => f.check === id)!;
const value = (f: Finding, name: string): number | undefined => f.figures.find((x) => x.name === name)?.value;
const named = (f: Finding): unknown[] => f.units.map((u) => [u.name, u.code, u.figures[0]?.value]);

test('without cast vote records none of these checks applies', () => {
  for (const check of cvrChecks)
    expect(check.run(evidence([]))).toMatchObject([{ word: 'does not apply', code: 'no-cvrs' }]);
});

test('records of which nothing else is known pass no check that compares', () => {
  const words = cvrChecks.flatMap((c) => c.run(evidence([{}]))).map((f) => [f.check, f.word]);
  expect(words.filter(([, word]) => word === 'holds').map(([check]) => check)).toEqual(['cvr-rows-read', 'cvr-numbering']);
}); // oxfmt-ignore

test('a row that was refused is a card that is not counted', () => {
  const figures = figuresOf([{}]);
  const refusal = { code: 'bad-mark', file: 'a.csv', line: 9, expected: '0 or 1', found: '7', todo: '' };
  const cvrs = [{ value: { ...figures, rowsRefused: [refusal] }, sources: [] }];
  expect(run('cvr-rows-read', evidence([], { cvrs }))).toMatchObject({
    word: 'fails',
    units: [{ name: 'a.csv:9', code: 'bad-mark', expected: '0 or 1', found: '7' }],
  });
});

describe('against the manifest', () => {
  const check = (sizes: Readonly<Record<string, number>>): Finding =>
    run('cvrs-equal-manifest', evidence([{}], { manifests: manifest(sizes) }));

  test('batch by batch, an empty one aside', () => {
    expect(check({ '1': 3, '2': 3, '3': 0 })).toMatchObject({ word: 'holds', units: [] });
  });
  test('surplus and shortfall do not cancel, and the largest comes first', () => {
    const f = check({ '1': 4, '3': 2 });
    expect(named(f)).toEqual([['T · 2', 'not-in-manifest', 3], ['T · 3', 'no-records', -2], ['T · 1', undefined, -1]]);
    expect([f.word, value(f, 'net'), value(f, 'gross')]).toEqual(['fails', 0, 6]);
  }); // oxfmt-ignore
  test('another county’s manifest is not held against it', () => {
    const [of] = manifest({ '1': 3, '2': 3 });
    const elsewhere = [{ ...of!, value: { ...of!.value, jurisdiction: adams } }];
    expect(run('cvrs-equal-manifest', evidence([{}], { manifests: elsewhere }))).toMatchObject({
      word: 'cannot tell',
      code: 'no-manifest',
    });
  });
});

describe('against the reported results', () => {
  const check = (
    rows: Readonly<Record<string, readonly [number, number]>>,
    exports: readonly Export[] = [{}],
  ): Finding => run('cvrs-equal-results', evidence(exports, { results: reported(rows) }));

  test('equal in all and in each precinct; write-in lines that are not reported are no difference', () => {
    const f = check({ NORTH: [2, 1], South: [1, 1] });
    expect([f.word, value(f, 'precincts'), f.contest]).toEqual(['holds', 2, 'clerk']);
  });
  test('precincts can differ where the whole does not', () => {
    const f = check({ North: [1, 2], South: [2, 0] });
    expect([f.word, value(f, 'differing'), value(f, 'precinctsDiffering')]).toEqual(['fails', 0, 2]);
    expect(named(f)).toEqual([
      ['North: Ann', undefined, 1],
      ['North: Bob', undefined, -1],
      ['South: Ann', undefined, -1],
      ['South: Bob', undefined, 1],
    ]);
  });
  test('precincts of other names are not compared, the whole is', () => {
    const f = check({ '101': [3, 3] });
    expect([f.word, value(f, 'precincts'), named(f)]).toEqual(['fails', 0, [['Bob', undefined, -1]]]);
  });
  test('a choice that nobody reported', () => {
    const three = { ...clerk, choices: ['Ann', 'Bob', 'Cal'] };
    expect(named(check({ all: [3, 2] }, [{ contests: [three] }]))).toEqual([['Cal', 'choice-not-reported', 1]]);
  }); // oxfmt-ignore
  test('two exports add up; two that describe the contest differently do not', () => {
    expect(check({ all: [6, 4] }, [{}, {}]).word).toBe('holds');
    expect(check({ all: [6, 4] }, [{}, { contests: [{ ...clerk, voteFor: 2 }] }])).toMatchObject({
      word: 'cannot tell',
      code: 'exports-differ',
    });
  });
  test('only the rows of the jurisdiction whose records they are', () => {
    const [{ value: of, sources }] = reported({ all: [3, 2] }) as [Evidence['results'][number]];
    const elsewhere = { jurisdiction: jurisdictionId('Burke'), voteType: '', votes: [9, 9].map(votes) };
    const results = [{ value: { ...of, rows: [...of.rows, elsewhere] }, sources }];
    const cvrs = [{ value: { ...figuresOf([{}]), jurisdiction: adams }, sources: [] }];
    expect(run('cvrs-equal-results', evidence([], { cvrs, results })).word).toBe('holds');
    expect(run('cvrs-equal-results', evidence([{}], { results })).word).toBe('fails');
  });
  test('rows that are sums of many cards count in the whole, and leave no precinct to compare', () => {
    const figures = figuresOf([{}]);
    const sums = [{ label: 'Redacted', style: '', votes: [[5, 1, 0, 0]] }];
    const cvrs = [
      { value: { ...figures, tallies: figures.tallies.map((t) => ({ ...t, sums })) }, sources: [] },
    ];
    const results = reported({ North: [7, 2], South: [1, 1] });
    const f = run('cvrs-equal-results', evidence([], { cvrs, results }));
    expect([f.word, value(f, 'precincts')]).toEqual(['holds', 0]);
  });
  test('of a ranked contest the first choices are held against the results', () => {
    expect(check({ all: [3, 2] }, [{ contests: [{ ...clerk, ranks: 2 }] }])).toMatchObject({ word: 'holds' });
    expect(check({ all: [9, 3] }, [{ contests: [{ ...clerk, ranks: 2 }] }])).toMatchObject({ word: 'fails', code: 'first-choices-differ' });
  }); // oxfmt-ignore
});

describe('of one election', () => {
  const check = (exports: readonly Export[], more: Partial<Evidence> = {}): Finding =>
    run('cvrs-of-this-election', evidence(exports, more));
  const codes = (f: Finding): unknown[] => f.units.map((u) => [u.code, u.expected, u.found]);

  test('two parts of a county', () => {
    expect(check([{ election: 'General 2026' }, { election: 'GENERAL  2026' }]).word).toBe('holds');
  });
  test('another election, by its name', () => {
    expect(codes(check([{ election: 'General 2026' }, { election: 'Primary 2026' }]))).toEqual([
      ['other-election', 'General 2026', 'Primary 2026'],
    ]);
  });
  test('a contest that is renamed half-way', () => {
    const renamed = check([{}, { contests: [{ ...clerk, name: 'County Clerk' }] }]);
    expect([renamed.word, codes(renamed)]).toEqual(['fails', [['contest-renamed', 'Clerk', 'County Clerk']]]);
  });
  test('two questions, or two contests with other candidates, are just two contests', () => {
    const question = (name: string) => ({ contests: [{ name, choices: ['Yes', 'No'] }] });
    expect(check([question('Measure A'), question('Measure B')]).word).toBe('holds');
    expect(check([{}, { contests: [{ name: 'Sheriff', choices: ['Cy', 'Di'] }] }]).word).toBe('holds');
  });
  test('a contest described differently', () => {
    expect(codes(check([{}, { contests: [{ ...clerk, voteFor: 2 }] }]))).toEqual([
      ['contest-described-differently', 'voteFor=1 ranks=0', 'voteFor=2 ranks=0'],
    ]);
  });
  test('results of another election; results under another name', () => {
    const results = reported({ all: [3, 2] });
    const sheriff = { name: 'Sheriff', choices: ['Cy', 'Di'] };
    expect(check([{ contests: [sheriff] }], { results })).toMatchObject({ word: 'fails', code: 'other-election' });
    expect(check([{ contests: [{ ...clerk, name: 'County Clerk', choices: ['Ann', 'Bob'] }] }], { results })).toMatchObject({ word: 'fails', code: 'contest-renamed' });
    expect(check([{}], { results }).word).toBe('holds');
  }); // oxfmt-ignore
});

describe('with themselves', () => {
  test('gaps and repeats in the numbers', () => {
    const cards = [{ ...sixCards[0]!, record: '4' }, ...sixCards.slice(2), sixCards[5]!];
    const f = run('cvr-numbering', evidence([{ cards }]));
    expect([f.word, value(f, 'missing'), value(f, 'repeated')]).toEqual(['fails', 0, 1]);
    const gap = run('cvr-numbering', evidence([{ cards: [sixCards[0]!, sixCards[2]!] }]));
    expect(gap).toMatchObject({ word: 'fails', units: [{ name: 'T · 1', found: '2' }] });
    expect([gap.code, f.code]).toEqual(['numbered-by-batch', 'numbered-by-batch']);
    expect(run('cvr-numbering', evidence([{ cards: [{ votes: [0] }] }]))).toMatchObject({
      word: 'cannot tell',
      code: 'numbers-taken-out',
    });
  });

  describe('numbers that run through all that a tabulator scanned, its batches mixed', () => {
    const mixed = Array.from({ length: 12 }, (_, i) => ({ batch: `${i % 3}`, record: `${i + 1}`, votes: [i % 2] }));
    test('hold, or name the tabulator of which one is missing', () => {
      expect(run('cvr-numbering', evidence([{ cards: mixed }]))).toMatchObject({ word: 'holds', code: 'numbered-by-tabulator' });
      const gap = run('cvr-numbering', evidence([{ cards: mixed.filter((_, i) => i !== 6) }]));
      expect(gap).toMatchObject({ word: 'fails', code: 'numbered-by-tabulator', units: [{ name: 'T', found: '7' }] });
    });
    test('beside a county whose batches begin again at 1', () => {
      const cvrs = [mixed, sixCards].map((cards) => ({ value: figuresOf([{ cards }]), sources: [] }));
      const f = run('cvr-numbering', evidence([], { cvrs }));
      expect([f.word, f.code, value(f, 'series')]).toEqual(['holds', 'numbered-variously', 3]);
    });
    test('may be in a record without a number, or in a row that is a sum of cards', () => {
      const lacking = [...mixed.filter((_, i) => i !== 6), { batch: '0', record: 'X', votes: [0] }];
      const f = run('cvr-numbering', evidence([{ cards: lacking }]));
      expect([f.word, f.code]).toEqual(['cannot tell', 'numbers-taken-out']);
      expect(run('cvr-numbering', evidence([{ cards: lacking.filter((_, i) => i !== 2) }])).word).toBe('fails');
      const { reconciliation, ...figures } = figuresOf([{ cards: mixed.filter((_, i) => i !== 6) }]);
      const cvrs = [{ value: { ...figures, reconciliation: { ...reconciliation, sums: 1 } }, sources: [] }];
      expect(run('cvr-numbering', evidence([], { cvrs }))).toMatchObject({ word: 'cannot tell', code: 'records-added-up' });
    });
  }); // oxfmt-ignore

  test('the same export given twice is a stretch that occurs twice', () => {
    // 243 different cards in an order that is not theirs: 100 × n modulo 243 takes each once.
    const five = ['A', 'B', 'C', 'D', 'E'].map((name) => ({ name, choices: ['x', 'y', 'z'] }));
    const cards = Array.from({ length: 243 }, (_, n) => ({
      votes: five.map((_c, c) => Math.floor(((n * 100) % 243) / 3 ** c) % 3),
    }));
    const once = run('records-not-repeated', evidence([{ contests: five, cards }]));
    expect([once.word, once.byChance!.expected < 0.01]).toEqual(['holds', true]);
    const twice = run('records-not-repeated', evidence([{ contests: five, cards }, { contests: five, cards }]));
    expect(twice).toMatchObject({ word: 'fails', code: 'repeated-stretch' });
    expect(named(twice)).toEqual([['T · 1 = T · 1', undefined, 243]]);
  }); // oxfmt-ignore

  test('contests outside their style', () => {
    const two = [clerk, { name: 'Sheriff', choices: ['Cy', 'Di'] }];
    const cards = [{ style: 'A', votes: [0] }, { style: 'A', votes: [0, 1] }];
    const of = (styles: Record<string, number[]>): Finding =>
      run('cards-of-their-style', evidence([{ contests: two, cards, styles }]));
    expect(of({ A: [0, 1] }).word).toBe('holds');
    expect([of({ A: [0] }).word, named(of({ A: [0] }))]).toEqual(['fails', [['A: Sheriff', undefined, 1]]]);
  }); // oxfmt-ignore
});

test('an explanation stands beside a failure and hides nothing', () => {
  const explanations = [{ position: 7, check: 'cvrs-equal-manifest', words: 'rescanned', by: [] }];
  const f = run('cvrs-equal-manifest', evidence([{}], { manifests: manifest({ '1': 4 }), explanations }));
  expect([f.word, f.explainedBy]).toEqual(['fails', [7]]);
});
