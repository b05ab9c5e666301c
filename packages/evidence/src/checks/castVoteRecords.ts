// Do the cast vote records agree with what else is known? With the manifest that people made from the containers, with the results that were
// reported, and with themselves (field guide, G: the same ballots counted by another road). The records themselves are not here: only
// what reconciling and counting them came to. Whether a difference is a fault, people judge: a gap in the numbers may be a card scanned again.
import { againstManifest, type BatchCount, type CvrChoice, type CvrContest } from '../cvr/index.ts';
import type { ReportedResults } from '../counts/index.ts';
import { exposed } from '../disclosure/index.ts';
import { jurisdictionId, type ChoiceId, type ContestId, type JurisdictionId } from '../election/index.ts';
import type { CvrFigures, Evidence, Sourced } from '../record/index.ts';
import { addTallies, type UnitTally } from '../tally/index.ts';
import { roundsEqualReported } from './rounds.ts';
import {
  explanationsOf,
  figure,
  finding,
  type Check,
  type Figure,
  type Finding,
  type UnitConcerned,
} from './finding.ts';

type Parts = Partial<Omit<Finding, 'check' | 'of' | 'word'>>;
type Cvrs = Sourced<CvrFigures>;

/** A check of each jurisdiction's cast vote records, together; it does not apply where there are none. */
const cvrCheck = (
  id: string,
  run: (
    cvrs: Cvrs,
    evidence: Evidence,
    say: (word: Finding['word'], parts: Parts) => Finding,
  ) => readonly Finding[],
): Check => {
  const check: Check = {
    id,
    of: 'election',
    run: (evidence) => {
      const { cvrs = [], cvrsNotRead = [] } = evidence;
      if (cvrs.length + cvrsNotRead.length === 0)
        return [finding(check, 'does not apply', { code: 'no-cvrs' })];
      const findings = cvrs.map((one) =>
        run(one, evidence, (word, parts) =>
          finding(check, word, {
            read: one.sources,
            ...parts,
            explainedBy: word === 'fails' ? explanationsOf(evidence, id, parts.contest) : [],
          }),
        ).map((f) => inPlace(f, one.value.jurisdiction)),
      );
      const [only] = findings;
      if (findings.length === 1 && cvrsNotRead.length === 0) return only!;
      const notRead = cvrsNotRead.map(({ jurisdiction, code, source }) =>
        inPlace(finding(check, 'cannot tell', { code, read: [source] }), jurisdiction),
      );
      return together(findings.flat(), notRead);
    },
  };
  return check;
};

/** Its units are in that jurisdiction; what cannot be told is a unit too, so that it can be seen where. */
function inPlace(of: Finding, jurisdiction: JurisdictionId | undefined): Finding {
  if (jurisdiction === undefined) return of;
  const untold = { ...(of.code === undefined ? {} : { code: of.code }), figures: [] };
  const units: readonly UnitConcerned[] = of.word === 'cannot tell' ? [untold] : of.units;
  return { ...of, units: units.map((unit) => ({ ...unit, jurisdiction })) };
}

/** Figures that are no sums: of several jurisdictions the largest stands. */
const notAdded = new Set(['shortest', 'choices', 'contests']);

/** The findings of several jurisdictions as one for each contest: it fails where one fails, and holds only where all hold. */
function together(findings: readonly Finding[], notRead: readonly Finding[]): readonly Finding[] {
  const groups = Map.groupBy(findings, (f) => f.contest);
  if (groups.size === 0) groups.set(undefined, []);
  return [...groups.values()].map((group) => {
    const all = [...group, ...notRead];
    const worst = all.find((f) => f.word === 'fails') ?? all.find((f) => f.word === 'cannot tell') ?? all[0]!;
    const figures = new Map<string, Figure>();
    for (const { name, value, unit } of group.flatMap((f) => f.figures)) {
      const known = figures.get(name)?.value ?? 0;
      figures.set(name, { name, value: notAdded.has(name) ? Math.max(known, value) : known + value, unit });
    }
    const chance = group.flatMap((f) => f.byChance ?? []);
    const series = new Set(group.map((f) => f.code).filter((code) => code?.startsWith('numbered-')));
    return {
      ...worst,
      ...(series.size > 1 && series.has(worst.code) ? { code: 'numbered-variously' } : {}),
      figures: [...figures.values()],
      units: all.filter((f) => f.word === worst.word).flatMap((f) => f.units),
      read: all.flatMap((f) => f.read),
      explainedBy: [...new Set(all.flatMap((f) => f.explainedBy))],
      ...(chance.length === 0
        ? {}
        : { byChance: { expected: chance.reduce((n, c) => n + c.expected, 0), unit: chance[0]!.unit } }),
    };
  });
}

/** No row of an export was refused: a row that is not read is a card that is not counted. */
export const cvrRowsRead = cvrCheck('cvr-rows-read', ({ value }, _, say) => {
  const { rowsRefused, reconciliation } = value;
  const figures = [
    figure('records', reconciliation.records, 'cards'),
    figure('refused', rowsRefused.length, 'rows'),
  ];
  if (rowsRefused.length === 0) return [say('holds', { figures })];
  const units = rowsRefused.map(({ file, line, code, expected, found }) => ({
    name: line === undefined ? file : `${file}:${line}`,
    code,
    expected,
    found,
    figures: [],
  }));
  return [say('fails', { code: 'rows-refused', figures, units })];
});

/** The exports are of one election, and of this one: a contest that changes its name half-way drops out of every sum. */
export const cvrsOfThisElection = cvrCheck('cvrs-of-this-election', ({ value, sources }, evidence, say) => {
  const { tallies } = value;
  const known = knownContests(evidence);
  const figures = [
    figure('exports', tallies.length, 'files'),
    figure('contests', new Set(tallies.flatMap((t) => t.header.contests.map((c) => c.id))).size, 'contests'),
  ];
  if (tallies.length < 2 && known.length === 0)
    return [say('cannot tell', { code: 'one-export-alone', figures })];
  const units = [...betweenExports(tallies), ...againstKnown(tallies, known)];
  const read = [...sources, ...(known.length === 0 ? [] : evidence.results.flatMap((r) => r.sources))];
  return [
    units.length === 0
      ? say('holds', { figures, read })
      : say('fails', { code: units[0]!.code!, figures, read, units }),
  ];
});

/** As many records in each batch as the manifest lists. */
export const cvrsEqualManifest = cvrCheck('cvrs-equal-manifest', ({ value, sources }, evidence, say) => {
  const found = evidence.manifests?.find((m) => m.value.jurisdiction === value.jurisdiction);
  if (found === undefined) return [say('cannot tell', { code: 'no-manifest' })];
  const { manifest } = found.value;
  const { batches } = value.reconciliation;
  const read = [...sources, ...found.sources];
  const units = againstManifest(batches, manifest)
    .map(({ inManifest, records, ...batch }): UnitConcerned => {
      return {
        name: batchName(batch),
        ...(inManifest === undefined ? { code: 'not-in-manifest' } : {}),
        ...(records === undefined ? { code: 'no-records' } : {}),
        figures: [
          figure('difference', (records ?? 0) - (inManifest ?? 0), 'cards'),
          ...(inManifest === undefined ? [] : [figure('inManifest', inManifest, manifest.counts)]),
          ...(records === undefined ? [] : [figure('records', records, 'cards')]),
        ],
      };
    })
    .toSorted((a, b) => size(b) - size(a));
  const net = units.reduce((sum, u) => sum + u.figures[0]!.value, 0);
  const figures = [
    figure('batches', manifest.batches.length, 'batches'),
    figure('differing', units.length, 'batches'),
    figure('net', net, 'cards'),
    figure('gross', units.reduce((sum, u) => sum + size(u), 0), 'cards'),
  ]; // oxfmt-ignore
  return [
    units.length === 0
      ? say('holds', { figures, read })
      : say('fails', { code: 'counts-differ', figures, read, units }),
  ];
});

/** The records add up to the reported results, choice by choice, and in each precinct that both name; of a ranked contest, the first choices. */
export const cvrsEqualResults = cvrCheck('cvrs-equal-results', ({ value, sources }, evidence, say) => {
  if (evidence.results.length === 0) return [say('cannot tell', { code: 'no-results' })];
  const tally = addTallies(value.tallies);
  if (!('units' in tally)) return [say('cannot tell', { code: 'exports-differ' })];
  const findings = evidence.results.flatMap(({ value: results, sources: reportedIn }): Finding[] => {
    const c = tally.header.contests.findIndex((contest) => contest.id === results.contest);
    if (c < 0) return [];
    const base = { contest: results.contest, read: [...sources, ...reportedIn] };
    const contest = tally.header.contests[c]!;
    const rows = results.rows.filter(
      (r) => value.jurisdiction === undefined || r.jurisdiction === value.jurisdiction,
    );
    if (rows.length === 0) return [say('cannot tell', { ...base, code: 'not-reported-there' })];
    const whole = differences(contest, results, rows, votesIn(tally, c), '');
    const precincts = byPrecinct(tally, contest, c, results, rows);
    const units = [...whole, ...precincts.units];
    const figures = [
      figure('choices', results.choices.length, 'choices'),
      figure('differing', whole.length, 'choices'),
      figure('gross', whole.reduce((sum, u) => sum + size(u), 0), 'votes'),
      figure('precincts', precincts.inBoth, 'rows'),
      figure('precinctsDiffering', precincts.differing, 'rows'),
    ]; // oxfmt-ignore
    return [
      units.length === 0
        ? say('holds', { ...base, figures })
        : say('fails', {
            ...base,
            code: contest.ranks > 0 ? 'first-choices-differ' : 'sum-differs',
            figures,
            units,
          }),
    ];
  });
  return findings.length > 0 ? findings : [say('cannot tell', { code: 'no-common-contest' })];
});

/** The records are numbered without gap or repeat, in the series that they show: of each batch, of each tabulator, or of the whole export. */
export const cvrNumbering = cvrCheck('cvr-numbering', ({ value, sources }, _, say) => {
  const { numbering, sums, records } = value.reconciliation;
  if (numbering === undefined)
    return [say('cannot tell', { code: records === 0 ? 'no-cards' : 'numbers-taken-out' })];
  const { over, series, faults, unnumbered } = numbering;
  const code = {
    batch: 'numbered-by-batch',
    tabulator: 'numbered-by-tabulator',
    export: 'numbered-through',
  }[over];
  const units = faults
    .map(({ missing, missingCount, repeated, ...of }): UnitConcerned => ({
      name: of.export === undefined ? batchName(of) : (sources[of.export]?.name ?? ''),
      // The first of them: whoever looks for a card begins there.
      found: [...missing, ...repeated].toSorted((a, b) => a - b).slice(0, 5).join(', '),
      figures: [figure('missing', missingCount, 'cards'), figure('repeated', repeated.length, 'cards')],
    }))
    .toSorted((a, b) => bothFigures(b) - bothFigures(a)); // oxfmt-ignore
  const missing = faults.reduce((sum, f) => sum + f.missingCount, 0);
  const repeated = faults.reduce((sum, f) => sum + f.repeated.length, 0);
  const figures = [
    figure('series', series, 'series'),
    figure('differing', units.length, 'series'),
    figure('missing', missing, 'cards'),
    figure('repeated', repeated, 'cards'),
  ];
  if (units.length === 0) return [say('holds', { code, figures })];
  // What has no number may be what is missing.
  if (repeated === 0 && sums > 0) return [say('cannot tell', { code: 'records-added-up', figures })];
  if (repeated === 0 && missing <= unnumbered)
    return [say('cannot tell', { code: 'numbers-taken-out', figures })];
  return [say('fails', { code, figures, units })];
});

/** No stretch of records stands twice, vote for vote: what a batch counted twice looks like, where its records were renumbered. */
export const recordsNotRepeated = cvrCheck('records-not-repeated', ({ value }, _, say) => {
  const { repeats, records } = value.reconciliation;
  if (repeats.sorted) return [say('cannot tell', { code: 'sorted-by-votes' })];
  if (repeats.shortest > records) return [say('cannot tell', { code: 'too-uniform' })];
  const figures = [
    figure('found', repeats.runs.length, 'rows'),
    figure('shortest', repeats.shortest, 'cards'),
    figure('records', records, 'cards'),
  ];
  const byChance = { expected: repeats.expectedByChance, unit: 'rows' } as const;
  const units = repeats.runs
    .map(({ first, second, length, batches: [a, b] }): UnitConcerned => ({
      name: `${batchName(a)} = ${batchName(b)}`,
      figures: [
        figure('length', length, 'cards'),
        figure('first', first + 1, 'rows'),
        figure('second', second + 1, 'rows'),
      ],
    }))
    .toSorted((a, b) => size(b) - size(a));
  return [
    units.length === 0
      ? say('holds', { figures, byChance })
      : say('fails', { code: 'repeated-stretch', figures, units, byChance }),
  ];
});

/** No card has a contest that its ballot style does not have. */
export const cardsOfTheirStyle = cvrCheck('cards-of-their-style', ({ value }, _, say) => {
  const { outsideStyle, records } = value.reconciliation;
  if (outsideStyle === undefined) return [say('cannot tell', { code: 'no-contests-of-styles' })];
  const units = outsideStyle
    .map(({ style, contest, records: cards }): UnitConcerned => ({
      name: `${style}: ${contest}`,
      figures: [figure('cards', cards, 'cards')],
    }))
    .toSorted((a, b) => size(b) - size(a));
  const figures = [figure('records', records, 'cards'), figure('found', units.length, 'contests')];
  return [
    units.length === 0 ? say('holds', { figures }) : say('fails', { code: 'outside-style', figures, units }),
  ];
});

/**
 * No published card is one of so few that whoever knows where and how somebody voted finds the vote. Of records alone, and so not among the others:
 * loose files are not published.
 */
export const noRareStyles = cvrCheck('no-rare-styles', ({ value: { rareStyles } }, _, say) => {
  if (rareStyles === undefined) return [say('does not apply', { code: 'not-published' })];
  const { cards, alone } = exposed(rareStyles);
  const figures = [
    figure('records', rareStyles.cards, 'cards'),
    figure('kinds', rareStyles.kinds, 'rows'),
    figure('few', rareStyles.rare.length, 'rows'),
    figure('exposed', cards, 'cards'),
    figure('alone', alone, 'cards'),
  ];
  const units = rareStyles.rare.map(({ style, precinct, countingGroup, cards: few }): UnitConcerned => ({
    name: [precinct, style, countingGroup].filter((part) => part.trim() !== '').join(' · '),
    figures: [figure('cards', few, 'cards')],
  }));
  return [
    units.length === 0 ? say('holds', { figures }) : say('fails', { code: 'rare-styles', figures, units }),
  ];
});

export const cvrChecks: readonly Check[] = [
  cvrRowsRead,
  cvrsOfThisElection,
  cvrsEqualManifest,
  cvrsEqualResults,
  roundsEqualReported,
  cvrNumbering,
  recordsNotRepeated,
  cardsOfTheirStyle,
];

const size = (unit: UnitConcerned): number => Math.abs(unit.figures[0]!.value);
const bothFigures = ({ figures }: UnitConcerned): number => figures[0]!.value + figures[1]!.value;
const batchName = ({ tabulator, batch }: Omit<BatchCount, 'records'>): string =>
  [tabulator, batch].filter((part) => part !== '').join(' · ');

// ── votes against reported votes ──

/** By choice; a choice with several lines (write-ins) has them together. */
type Votes = ReadonlyMap<ChoiceId, number>;

/** In the whole export, rows that are sums of many cards among them. */
function votesIn(tally: UnitTally, c: number): Votes {
  const { choices } = tally.header.contests[c]!;
  const of = (k: number): number =>
    tally.units.reduce((n, { contests }) => n + contests[c]!.votes[k]!, 0) +
    tally.sums.reduce((n, { votes }) => n + (votes[c]?.[k] ?? 0), 0);
  return byChoice(choices, choices.map((_, k) => of(k)));
} // oxfmt-ignore

function byChoice(choices: readonly CvrChoice[], votes: readonly number[]): Votes {
  const sums = new Map<ChoiceId, number>();
  for (const [k, { id }] of choices.entries()) sums.set(id, (sums.get(id) ?? 0) + votes[k]!);
  return sums;
}

function differences(
  contest: CvrContest,
  results: ReportedResults,
  rows: ReportedResults['rows'],
  counted: Votes,
  place: string,
): UnitConcerned[] {
  const nameOf = (choice: ChoiceId): string => contest.choices.find((c) => c.id === choice)?.name ?? choice;
  const reported = results.choices.map((choice, k): UnitConcerned | undefined => {
    const stated = rows.reduce((sum, row) => sum + row.votes[k]!, 0);
    const records = counted.get(choice) ?? 0;
    return stated === records
      ? undefined
      : {
          name: `${place}${nameOf(choice)}`,
          figures: [
            figure('difference', records - stated, 'votes'),
            figure('reported', stated, 'votes'),
            figure('records', records, 'votes'),
          ],
        };
  });
  // Write-in lines are often not reported one by one, and that is no difference.
  const unreported = contest.choices.filter(
    (choice, k) =>
      choice.writeIn === undefined &&
      !results.choices.includes(choice.id) &&
      contest.choices.findIndex((other) => other.id === choice.id) === k &&
      counted.get(choice.id)! > 0,
  );
  return [
    ...reported.filter((unit) => unit !== undefined),
    ...unreported.map((choice) => ({
      name: `${place}${choice.name}`,
      code: 'choice-not-reported',
      figures: [figure('records', counted.get(choice.id)!, 'votes')],
    })),
  ].toSorted((a, b) => size(b) - size(a));
}

/** Only precincts that both sides name are compared: one names split precincts, the other whole ones. Where rows are sums of many cards, none: they are of no precinct. */
function byPrecinct(
  tally: UnitTally,
  contest: CvrContest,
  c: number,
  results: ReportedResults,
  rows: ReportedResults['rows'],
): { readonly inBoth: number; readonly differing: number; readonly units: readonly UnitConcerned[] } {
  const by = tally.by.indexOf('precinct');
  const none = { inBoth: 0, differing: 0, units: [] };
  if (by < 0 || tally.sums.length > 0) return none;
  const reported = new Map<string, ReportedResults['rows'][number][]>();
  for (const row of rows)
    if (row.unit !== undefined) {
      const key = row.unit.trim().toLowerCase();
      reported.set(key, [...(reported.get(key) ?? []), row]);
    }
  const each = tally.units.flatMap(({ unit, contests }) => {
    const name = unit[by]!.trim();
    const of = reported.get(name.toLowerCase());
    if (name === '' || of === undefined) return [];
    return [differences(contest, results, of, byChoice(contest.choices, contests[c]!.votes), `${name}: `)];
  });
  return {
    inBoth: each.length,
    differing: each.filter((units) => units.length > 0).length,
    units: each.flat().toSorted((a, b) => size(b) - size(a)),
  };
}

// ── one election ──

interface Known {
  readonly id: ContestId;
  readonly name: string;
  readonly choices: readonly ChoiceId[];
}

/** The contests that somebody else names: the results, and the record's definition of the election. */
function knownContests({ record, election, results }: Evidence): Known[] {
  const nameOf = (id: ContestId): string => election.contests.find((c) => c.id === id)?.name ?? id;
  return [
    ...(record === undefined
      ? []
      : election.contests.map(({ id, name, choices }) => ({ id, name, choices: choices.map((c) => c.id) }))),
    ...results.map(({ value }) => ({
      id: value.contest,
      name: nameOf(value.contest),
      choices: value.choices,
    })),
  ];
}

/** What the exports say of themselves, held against the first of them. */
function betweenExports(tallies: readonly UnitTally[]): UnitConcerned[] {
  const [first] = tallies;
  const units: UnitConcerned[] = [];
  for (const { header } of tallies.slice(1)) {
    const [here, there] = [header, first!.header];
    if (here.election !== '' && there.election !== '' && folded(here.election) !== folded(there.election))
      units.push({ code: 'other-election', expected: there.election, found: here.election, figures: [] });
    for (const contest of here.contests) {
      const same = there.contests.find((c) => c.id === contest.id);
      if (same !== undefined && (same.ranks !== contest.ranks || same.voteFor !== contest.voteFor))
        units.push({ name: contest.name, code: 'contest-described-differently', expected: shape(same), found: shape(contest), figures: [] });
    }
    units.push(...renamed(there.contests.map(asKnown), here.contests.map(asKnown)));
  }
  return units;
} // oxfmt-ignore

function againstKnown(tallies: readonly UnitTally[], known: readonly Known[]): UnitConcerned[] {
  if (known.length === 0) return [];
  const here = new Map(tallies.flatMap(({ header }) => header.contests.map((c) => [c.id, asKnown(c)] as const)));
  const shared = known.some(({ id, choices }) => here.get(id)?.choices.some((c) => choices.includes(c)));
  const other = renamed(known, [...here.values()]);
  if (shared || other.length > 0) return other;
  const list = (contests: Iterable<Known>): string => [...contests].map((c) => c.name).slice(0, 3).join(', ');
  return [{ code: 'other-election', expected: list(known), found: list(here.values()), figures: [] }];
} // oxfmt-ignore

/**
 * Contests that one side alone has, and whose candidates the other side has in a contest of another name. Of questions (yes, no) the
 * choices tell nothing, nor does a list of candidates that stands in several contests.
 */
function renamed(there: readonly Known[], here: readonly Known[]): UnitConcerned[] {
  const candidates = ({ choices }: Known): string =>
    [...new Set(choices)]
      .filter((id) => !/^(write-?in|yes|no|for|against|approve|reject|si|retain)\b/.test(id))
      .toSorted()
      .join('\n');
  const only = (of: readonly Known[], others: readonly Known[]): Map<string, Known> => {
    const lists = of.map(candidates);
    return new Map(
      of.flatMap((contest, i) =>
        others.some((o) => o.id === contest.id) ||
        !lists[i]!.includes('\n') ||
        lists.some((l, j) => l === lists[i] && of[j]!.id !== contest.id)
          ? []
          : [[lists[i]!, contest] as const],
      ),
    );
  };
  const missing = only(there, here);
  return [...only(here, there)].flatMap(([list, contest]) => {
    const was = missing.get(list);
    return was === undefined
      ? []
      : [{ code: 'contest-renamed', expected: was.name, found: contest.name, figures: [] }];
  });
}

const asKnown = ({ id, name, choices }: CvrContest): Known => ({
  id,
  name,
  choices: choices.map((c) => c.id),
});
const shape = ({ ranks, voteFor }: CvrContest): string => `voteFor=${voteFor ?? '?'} ranks=${ranks}`;
/** As names of places are: capitals, blanks and hyphens apart. */
const folded = (name: string): string => jurisdictionId(name);
