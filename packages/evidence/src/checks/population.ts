// What a contest's sample was drawn from, and what the machines say of it: the batches or cards of its counties, from the sealed inputs as the record
// publishes them (specs/desk.md, "Ids, and the draw"). The desk that drew has code of its own for this: the two share that page (decisions/0014).
import type { CardRecord, ReportedBatch } from '../audit/index.ts';
import { assertionsFor, rankingOf, type ContestTally, type RankingCount } from '../assertions/index.ts';
import { voteCodes } from '../cvr/index.ts';
import type { Contest, JurisdictionId } from '../election/index.ts';
import type {
  AuditedContest,
  CardsOnRecord,
  ConductedAudit,
  ContestOnRecord,
  Evidence,
  Source,
} from '../record/index.ts';
import { instantRunoffRules } from '../tally/index.ts';
import { reportedFor } from './countsCompared.ts';

/** What is missing, and where. */
export interface Lacking {
  readonly ok: false;
  readonly code: string;
  readonly jurisdiction?: JurisdictionId;
  readonly read: readonly Source[];
}
export interface Population {
  readonly ok: true;
  /** The ids of batches or cards. */
  readonly units: readonly string[];
  readonly tally: ContestTally;
  /** Of batches, in the order of `units`. */
  readonly batches: readonly ReportedBatch[];
  /** Of cards, where the method compares them: by id. */
  readonly records: ReadonlyMap<string, CardRecord>;
  /** Of ONEAudit: what each batch without records holds. */
  readonly pools: ReadonlyMap<string, ContestTally>;
  readonly cardStyles: boolean;
  readonly read: readonly Source[];
}

/** A unit that stands for a card nobody has. */
const phantom = '/phantom/';
export const isPaper = (unit: string): boolean => !unit.startsWith(phantom);

/** The methods of specs/desk.md, and what they want of each county. */
const methods: Readonly<Record<string, 'totals' | 'records' | 'records or totals' | 'nothing'>> = {
  'batch comparison': 'totals',
  'card comparison': 'records',
  ONEAudit: 'records or totals',
  'ballot polling': 'nothing',
};
export const isRanked = ({ rule }: Contest): boolean => rule.kind === 'instantRunoff';

/** To draw, what the machines say of cards is left out where the draw does not hang on it. */
export function populationOf(
  evidence: Evidence,
  audit: ConductedAudit,
  contest: AuditedContest,
  purpose: 'draw' | 'assess',
): Population | Lacking {
  const key = contest.rounds; // made anew with every fold
  let known = made.get(key);
  if (known === undefined) made.set(key, (known = {}));
  return (known[purpose] ??= makePopulation(evidence, audit, contest, purpose));
}

/** Whom the reported result of a ranked contest elects: as announced, or by the machines' rankings. */
export function reportedWinners(
  evidence: Evidence,
  audit: ConductedAudit,
  contest: AuditedContest,
): { readonly ok: true; readonly winners: readonly string[] } | Lacking {
  if (contest.reported !== undefined) return { ok: true, winners: contest.reported };
  const population = populationOf(evidence, audit, contest, 'assess');
  if (!population.ok) return population;
  const found = assertionsFor(contest.contest, population.tally);
  return found.ok
    ? { ok: true, winners: found.winners }
    : { ok: false, code: 'not-assessed-again', read: population.read };
}

/** Several checks and rounds ask for one population; a county's cards are many. */
const made = new WeakMap<object, { draw?: Population | Lacking; assess?: Population | Lacking }>();

function makePopulation(
  evidence: Evidence,
  audit: ConductedAudit,
  contest: AuditedContest,
  purpose: 'draw' | 'assess',
): Population | Lacking {
  const wants = methods[contest.method];
  if (wants === undefined) return { ok: false, code: 'method-not-known', read: [] };
  const results = reportedFor(evidence, contest.contest.id);
  if (results === undefined) return { ok: false, code: 'no-results', read: [] };
  const { id, choices } = contest.contest;
  const needsRecords = wants.startsWith('records') && (purpose === 'assess' || contest.cards !== undefined);
  const units: string[] = [];
  const batches: ReportedBatch[] = [];
  const records = new Map<string, CardRecord>();
  const pools = new Map<string, ContestTally>();
  const rankings = new Map<string, { readonly ranking: readonly number[]; count: number }>();
  const votes = choices.map(() => 0);
  const read = [...results.sources];
  let cards = 0;
  let holding = 0;
  for (const jurisdiction of new Set(results.value.rows.map((r) => r.jurisdiction))) {
    const lacking = (code: string, source?: Source): Lacking => ({
      ok: false,
      code,
      jurisdiction,
      read: source === undefined ? read : [source],
    });
    const inputs = audit.counties.get(jurisdiction);
    const manifest = inputs?.manifest;
    if (manifest === undefined) return lacking('no-manifest');
    if (!manifest.ok) return lacking(manifest.code, manifest.source);
    read.push(manifest.source);
    const hasRecords = (inputs?.exports.length ?? 0) > 0;
    const said =
      needsRecords && hasRecords ? countyRecords(evidence, jurisdiction, contest.contest) : undefined;
    if (said?.ok === false) return lacking(said.code, said.source);
    if (wants === 'records' && !hasRecords) return lacking('no-cvrs');
    if (said !== undefined) {
      read.push(...said.sources);
      holding += said.holding;
      for (const [c, n] of said.votes.entries()) votes[c]! += n;
      for (const { ranking, count } of said.rankings) {
        const known = rankings.get(ranking.join());
        if (known === undefined) rankings.set(ranking.join(), { ranking, count });
        else known.count += count;
      }
    }
    const byTotals = wants === 'totals' || (wants === 'records or totals' && !hasRecords);
    const totals = byTotals ? inputs?.totals.get(id) : undefined;
    if (byTotals && totals === undefined) return lacking('no-batch-totals');
    if (totals?.ok === false) return lacking(totals.code, totals.source);
    if (totals?.ok === true) read.push(totals.source);
    for (const { tabulator, name, size } of manifest.value.batches) {
      const batch = `${jurisdiction}/${tabulator.trim()}/${name.trim()}`;
      cards += size;
      const counted = totals?.ok === true ? totals.value.get(name.trim()) : undefined;
      if (totals !== undefined && counted === undefined) return lacking('batch-without-totals');
      if (counted !== undefined) for (const [c, n] of counted.entries()) votes[c]! += n;
      if (wants === 'totals') {
        units.push(batch);
        batches.push({ name: batch, cards: size, votes: counted! });
        continue;
      }
      if (counted !== undefined) pools.set(batch, { cards: size, votes: counted });
      for (let n = 1; n <= size; n++) {
        const card = `${batch}/${n}`;
        const record: CardRecord | undefined =
          counted !== undefined ? { kind: 'pooled', pool: batch } : said?.recordOf(tabulator, name, n);
        if (contest.cards !== undefined && record?.kind === 'contestAbsent') continue;
        units.push(card);
        if (record !== undefined) records.set(card, record);
      }
    }
    if (wants === 'nothing')
      for (const { jurisdiction: of, votes: row } of results.value.rows)
        if (of === jurisdiction)
          for (const [c, choice] of choices.entries())
            votes[c]! += row[results.value.choices.indexOf(choice.id)] ?? 0;
  }
  if (contest.cards !== undefined) {
    if (holding > contest.cards) return { ok: false, code: 'more-records-than-cards', read };
    for (let n = 1; units.length < contest.cards; n++) {
      units.push(`${phantom}${n}`);
      records.set(`${phantom}${n}`, { kind: 'phantom' });
    }
  }
  const size = wants === 'totals' ? cards : units.length;
  const tally = isRanked(contest.contest)
    ? { cards: size, votes: [], rankings: [...rankings.values()] }
    : { cards: size, votes };
  return { ok: true, units, tally, batches, records, pools, cardStyles: contest.cards !== undefined, read };
}

/** A county's records in one contest, in the words of the election: its choices in its order. */
interface CountyRecords {
  readonly ok: true;
  readonly sources: readonly Source[];
  readonly votes: readonly number[];
  readonly rankings: readonly RankingCount[];
  /** On how many records the contest stands. */
  readonly holding: number;
  readonly recordOf: (tabulator: string, batch: string, place: number) => CardRecord;
}

function countyRecords(
  evidence: Evidence,
  jurisdiction: JurisdictionId,
  contest: Contest,
): CountyRecords | { readonly ok: false; readonly code: string; readonly source?: Source } {
  const cvrs = evidence.cvrs?.find((c) => c.value.jurisdiction === jurisdiction);
  if (cvrs?.value.cards === undefined) {
    const not = evidence.cvrsNotRead?.find((c) => c.jurisdiction === jurisdiction);
    return not === undefined
      ? { ok: false, code: 'no-cvrs' }
      : { ok: false, code: not.code, source: not.source };
  }
  const [source] = cvrs.sources;
  const { cards } = cvrs.value;
  const lacking = (code: string) =>
    ({ ok: false, code, ...(source === undefined ? {} : { source }) }) as const;
  if (cards.addedUp) return lacking('records-added-up');
  const column = cards.contests.get(contest.id);
  if (column === undefined) return lacking('contest-without-records');
  const choices = column.contest.choices.map((k) => contest.choices.findIndex((known) => known.id === k.id));
  if (column.contest.choices.some((k, i) => choices[i] === -1 && k.writeIn !== 'line'))
    return lacking('unknown-choice');
  const places = placesOf(cards);
  if (places === undefined) return lacking('record-numbered-twice');
  const find = batchFinder(places);
  const said = Array.from(column.vote, (_, record) => recordIn(column, record, choices, contest));
  const votes = contest.choices.map(() => 0);
  const rankings: RankingCount[] = [];
  let holding = 0;
  for (const record of said) {
    if (record.kind !== 'marks') continue;
    holding += 1;
    if (isRanked(contest)) rankings.push({ ranking: record.marks, count: 1 });
    else for (const m of record.marks) votes[m]! += 1;
  }
  return {
    ok: true,
    sources: cvrs.sources,
    votes,
    rankings,
    holding,
    recordOf: (tabulator, batch, place) => {
      const record = find(tabulator.trim(), batch.trim())?.get(place);
      return record === undefined ? { kind: 'phantom' } : said[record]!;
    },
  };
}

/** By batch, the record at each place; undefined where a number stands twice in a batch. */
function placesOf({ batches }: CardsOnRecord): ReadonlyMap<string, ReadonlyMap<number, number>> | undefined {
  const places = new Map<string, ReadonlyMap<number, number>>();
  for (const [batch, { records, numbers }] of batches) {
    const numbered = numbers.every((n) => n > 0);
    const of = new Map(records.map((record, i) => [numbered ? numbers[i]! : i + 1, record]));
    if (of.size < records.length) return undefined;
    places.set(batch, of);
  }
  return places;
}

/** By tabulator and name; where the manifest or the export names no tabulator, by the name alone if one batch has it. */
function batchFinder(
  places: ReadonlyMap<string, ReadonlyMap<number, number>>,
): (tabulator: string, batch: string) => ReadonlyMap<number, number> | undefined {
  const byName = Map.groupBy(places.keys(), (key) => key.slice(key.indexOf('/') + 1));
  return (tabulator, batch) => {
    const exact = places.get(`${tabulator}/${batch}`);
    const [alone, ...others] = byName.get(batch) ?? [];
    if (exact !== undefined || alone === undefined || others.length > 0) return exact;
    return tabulator === '' || alone.startsWith('/') ? places.get(alone) : undefined;
  };
}

function recordIn(
  { vote, listed }: ContestOnRecord,
  record: number,
  choices: readonly number[],
  contest: Contest,
): CardRecord {
  const code = vote[record]!;
  const known = (of: readonly number[]): number[] => of.map((k) => choices[k]!).filter((k) => k >= 0);
  if (code === voteCodes.notOnCard) return { kind: 'contestAbsent' };
  if (code >= 0) return { kind: 'marks', marks: known([code]) };
  const more = listed.get(record);
  if (more?.kind === 'votes') return { kind: 'marks', marks: known(more.choices) };
  if (more?.kind === 'ranking')
    return {
      kind: 'marks',
      marks: rankingIn(
        more.ranks.map((at) => (at === 'several' ? at : known(at))),
        contest,
      ),
    };
  return { kind: 'marks', marks: [] }; // blank, overvoted, set aside: a vote for nobody
}

/** A ranking as it counts: a rank with several choices ends it, blank and repeated ones are passed over. */
export const rankingIn = (
  ranks: readonly (readonly number[] | 'several')[],
  { rule }: Contest,
): readonly number[] =>
  rankingOf(ranks, {
    ...instantRunoffRules,
    maxRankings: rule.kind === 'instantRunoff' ? (rule.ranks ?? 'all') : 'all',
  }) ?? [];
