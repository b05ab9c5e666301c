// The audit that Georgia runs, computed again: batch comparison by MACRO, batches drawn in proportion to the largest error they can hold (Stark 2009;
// risk/macro.ts), with the tool that draws them as draw/arlo.ts says. Inputs: the report, each county's manifest and its votes by batch.
import { arloBatches, firstTicket, nextTicket, pythonTuple, trimTicket } from '../draw/index.ts';
import { jurisdictionId } from '../election/index.ts';
import type { Bundle, SampledBatch } from '../formats/arloBatchAudit.ts';
import { readBatchTotals } from '../formats/batchTotals.ts';
import { readManifest } from '../formats/manifest.ts';
import type { Refusal } from '../formats/reading.ts';
import { macro, macroDraws } from '../risk/macro.ts';
import type { StatedAudit, StatedContest, StatedRound } from '../stated/index.ts';
import type { Named, ReplayItem, ReplayUnit } from './replay.ts';
import { partsItem } from './replay.ts';

/** A batch of the manifest with the votes reported for it. */
interface Batch {
  /** As the tool names them: that is what it hashed. */
  readonly jurisdiction: string;
  readonly name: string;
  readonly ballots: number;
  /** By choice of the contest; zeros where the contest is not in the batch. */
  readonly votes: readonly number[];
}

export function replayBatchComparison(
  stated: StatedAudit,
  sample: readonly SampledBatch[] | undefined,
  bundles: readonly Named<Bundle>[],
  refusals: Refusal[],
): ReplayItem[] {
  const digests = bundles.flatMap(({ name, value: { digest } }): ReplayItem[] =>
    digest === undefined
      ? []
      : [
          {
            of: 'digest',
            word: digest.stated === digest.found ? 'reproduced' : 'differs',
            stated: digest.stated,
            recomputed: digest.found,
            units: [{ name }],
          },
        ],
  );
  const targeted = stated.contests.filter((c) => c.targeted);
  if (stated.auditType !== 'BATCH_COMPARISON' || sample === undefined)
    return [...digests, { of: 'risk', word: 'missing input', code: 'method-not-replayed', stated: `${stated.auditType ?? ''} ${stated.auditMath ?? ''}`.trim(), units: [] }]; // oxfmt-ignore
  return [
    ...digests,
    ...targeted.flatMap((contest) => {
      const batches = batchesOf(contest, stated, sample, bundles, refusals);
      return replayContest(contest, stated, sample, batches);
    }),
  ];
}

function replayContest(
  contest: StatedContest,
  stated: StatedAudit,
  sample: readonly SampledBatch[],
  found: Batch[] | MissingFiles,
): ReplayItem[] {
  const about = { contest: contest.contest };
  const drawn = sample.flatMap((row) => {
    const of = row.contests.find((c) => c.contest === contest.contest);
    return of === undefined ? [] : [{ row, of }];
  });
  const tickets = ticketsItem(about, stated.seed, drawn);
  if ('missing' in found) {
    const missing = (of: ReplayItem['of']): ReplayItem => ({
      of,
      ...about,
      word: 'missing input',
      code: 'manifests-and-totals',
      units: found.missing,
    });
    return [missing('totals'), missing('batches'), missing('sample-size'), missing('draw'), tickets, discrepancies(about, drawn), missing('risk')]; // oxfmt-ignore
  }
  return [
    totals(contest, found),
    batchesItem(contest, found, drawn),
    ...sizesDrawsAndRisk(contest, stated, found, drawn),
    tickets,
    discrepancies(about, drawn),
  ];
}

interface Drawn {
  readonly row: SampledBatch;
  readonly of: SampledBatch['contests'][number];
}

interface MissingFiles {
  readonly missing: readonly ReplayUnit[];
}

/** All batches in the tool's order: counties by name, batches as the manifest lists them. */
function batchesOf(
  contest: StatedContest,
  stated: StatedAudit,
  sample: readonly SampledBatch[],
  bundles: readonly Named<Bundle>[],
  refusals: Refusal[],
): Batch[] | MissingFiles {
  const names = new Map(sample.map((row) => [jurisdictionId(row.jurisdiction) as string, row.jurisdiction]));
  const contests = stated.contests.map((c) => ({ name: c.contest, choices: c.tabulated.map((v) => v.name) }));
  const choices = contest.tabulated.map((v) => v.name);
  const manifests = new Map<string, ReturnType<typeof readManifest>>();
  const votes = new Map<string, Map<string, readonly number[]>>();
  const folders = new Map<string, string>();
  for (const file of bundles.flatMap((b) => b.value.files)) {
    const county = jurisdictionId(file.jurisdiction) as string;
    folders.set(county, file.jurisdiction);
    const path = `${file.jurisdiction}/${file.name}`;
    const manifest = readManifest(path, file.bytes);
    if (manifest.ok) {
      manifests.set(county, manifest);
      continue;
    }
    const read = readBatchTotals(path, file.bytes, contests.length > 1 ? contests : []);
    if (!read.ok) {
      refusals.push(...read.refusals);
      continue;
    }
    const byName = new Map<string, readonly number[]>();
    votes.set(county, byName);
    for (const table of read.value) {
      if (table.contest !== undefined && table.contest !== contest.contest) continue;
      const at = choices.map((c) => table.choices.indexOf(c));
      for (const [b, name] of table.batches.entries())
        byName.set(name.trim(), at.map((i) => (i === -1 ? 0 : table.votes[b * table.choices.length + i]!))); // oxfmt-ignore
    }
  }
  const batches: Batch[] = [];
  const missing: ReplayUnit[] = [];
  for (const county of new Set([...folders.keys(), ...names.keys()])) {
    const jurisdiction = names.get(county) ?? folders.get(county)!.replaceAll('-', ' ');
    const manifest = manifests.get(county);
    if (manifest?.ok !== true) missing.push({ name: jurisdiction, code: 'manifest' });
    if (!votes.has(county)) missing.push({ name: jurisdiction, code: 'totals' });
    if (manifest?.ok !== true || !votes.has(county)) continue;
    for (const b of manifest.value.batches)
      batches.push({ jurisdiction, name: b.name, ballots: b.size, votes: votes.get(county)!.get(b.name.trim()) ?? choices.map(() => 0) }); // oxfmt-ignore
  }
  if (missing.length > 0 || batches.length === 0)
    return { missing: missing.length > 0 ? missing : [{ name: stated.state ?? '', code: 'manifest' }] };
  return batches
    .map((b, i) => ({ b, i }))
    .toSorted((x, y) =>
      x.b.jurisdiction < y.b.jurisdiction ? -1 : x.b.jurisdiction > y.b.jurisdiction ? 1 : x.i - y.i,
    ) // oxfmt-ignore
    .map(({ b }) => b);
}

/** Do the batches add up to the votes and ballots the report states? */
function totals(contest: StatedContest, batches: readonly Batch[]): ReplayItem {
  const units = contest.tabulated.flatMap(({ name, votes }, i): ReplayUnit[] => {
    const sum = batches.reduce((n, b) => n + b.votes[i]!, 0);
    return sum === votes ? [] : [{ name, stated: `${votes}`, recomputed: `${sum}` }];
  });
  const ballots = batches.reduce((n, b) => n + b.ballots, 0);
  const cast = contest.totalBallotsCast;
  if (cast !== undefined && cast !== ballots) units.push({ name: 'ballots', stated: `${cast}`, recomputed: `${ballots}` }); // oxfmt-ignore
  return partsItem('totals', { contest: contest.contest }, contest.tabulated.length + (cast === undefined ? 0 : 1), units); // oxfmt-ignore
}

const keyOf = (jurisdiction: string, name: string): string =>
  `${jurisdictionId(jurisdiction)}\u0000${name.trim()}`;
const label = (jurisdiction: string, name: string): string => `${jurisdiction} · ${name}`;

/** Has each batch of the sample the ballots and reported votes that manifest and totals give it? A combined one is not of one batch. */
function batchesItem(contest: StatedContest, batches: readonly Batch[], drawn: readonly Drawn[]): ReplayItem {
  const byKey = new Map(batches.map((b) => [keyOf(b.jurisdiction, b.name), b]));
  const single = drawn.filter(({ row }) => row.combined === '');
  const units = single.flatMap(({ row, of }): ReplayUnit[] => {
    const batch = byKey.get(keyOf(row.jurisdiction, row.name));
    const name = label(row.jurisdiction, row.name);
    if (batch === undefined) return [{ name, code: 'not-in-manifest' }];
    const votes = contest.tabulated.map((c) => of.reported.find((v) => v.name === c.name)?.votes ?? 0);
    const [stated, recomputed] = [
      [row.ballots, ...votes].join(' · '),
      [batch.ballots, ...batch.votes].join(' · '),
    ];
    return stated === recomputed ? [] : [{ name, stated, recomputed }];
  });
  return partsItem('batches', { contest: contest.contest }, single.length, units);
}

/** A comparison that the outcome rests on: the sum of `weights` times votes, `margin` in all. One ballot changes it by at most 2. */
interface Pair {
  readonly weights: readonly number[];
  readonly margin: number;
}

const scoreOf = ({ weights }: Pick<Pair, 'weights'>, votes: readonly number[]): number =>
  weights.reduce((sum, w, i) => sum + w * votes[i]!, 0);

/** The comparisons of the reported result; none where one is tied. */
function pairsOf(contest: StatedContest, law: 'plurality' | 'majority-runoff'): Pair[] {
  const votes = contest.tabulated.map((c) => c.votes);
  const order = votes.map((_, i) => i).toSorted((a, b) => votes[b]! - votes[a]!);
  const majority = 2 * votes[order[0]!]! > votes.reduce((a, b) => a + b, 0);
  const winners = order.slice(0, law === 'majority-runoff' ? (majority ? 1 : 2) : (contest.winners ?? 1));
  const losers = order.slice(winners.length);
  const weights = [
    ...winners.flatMap((w) => losers.map((l) => votes.map((_, i) => (i === w ? 1 : i === l ? -1 : 0)))),
    // More than half: twice the winner's votes above all votes. Nobody more than half: the other way round, for both who advance.
    ...(law === 'plurality'
      ? []
      : winners.map((w) => votes.map((_, i) => (i === w ? 1 : -1) * (majority ? 1 : -1)))),
  ];
  // A ballot still out could go against each comparison.
  const pending = contest.pendingBallots ?? 0;
  const pairs = weights.map((w) => ({ weights: w, margin: scoreOf({ weights: w }, votes) - pending }));
  return pairs.some((p) => p.margin <= 0) ? [] : pairs;
}

/** u_b = max (score + ballots) / margin: no error of a batch is larger (Stark 2009). */
const bound = (pairs: readonly Pair[], b: Batch): number =>
  Math.max(...pairs.map((p) => (scoreOf(p, b.votes) + b.ballots) / p.margin));

function sizesDrawsAndRisk(
  contest: StatedContest,
  stated: StatedAudit,
  batches: readonly Batch[],
  drawn: readonly Drawn[],
): ReplayItem[] {
  const about = { contest: contest.contest };
  const missing = (of: ReplayItem['of'], code: string, units: readonly ReplayUnit[] = []): ReplayItem => ({ of, ...about, word: 'missing input', code, units }); // oxfmt-ignore
  const alpha = /^(\d+(?:\.\d+)?)%$/.exec(stated.riskLimit ?? '')?.[1];
  const rounds = stated.rounds.filter((r) => r.contest === contest.contest);
  const first = rounds.find((r) => r.round === 1)?.sampleSize;
  // The report does not say whether the law asks for a majority. The stated size tells, where only one of the two gives it.
  const laws = (['plurality', 'majority-runoff'] as const).flatMap((law) => {
    const pairs = pairsOf(contest, law);
    if (pairs.length === 0) return [];
    const bounds = batches.map((b) => bound(pairs, b));
    const whole = bounds.reduce((a, b) => a + b, 0);
    // The tool adds one draw to the formula's.
    return [{ law, pairs, bounds, whole, size: alpha === undefined ? undefined : macroDraws(whole, Number(alpha) / 100) + 1 }]; // oxfmt-ignore
  });
  const chosen = laws.find((l) => l.size === first) ?? laws[0];
  if (chosen === undefined) return [missing('sample-size', 'tied-or-uncontested'), missing('draw', 'tied-or-uncontested'), missing('risk', 'tied-or-uncontested')]; // oxfmt-ignore
  const { law, pairs, bounds, whole, size } = chosen;
  const sizeItem: ReplayItem =
    first === undefined || size === undefined
      ? missing('sample-size', 'risk-limit-and-size')
      : { of: 'sample-size', ...about, word: size === first ? 'reproduced' : 'differs', stated: `${first}`, recomputed: `${size}`, ...(law === 'plurality' ? {} : { code: 'majority-runoff' }), units: [] }; // oxfmt-ignore

  const statedDraws = drawn.flatMap(({ row, of }) => of.tickets.map((t) => ({ round: t.round, key: `${keyOf(row.jurisdiction, row.name)} ${t.ticket}`, name: label(row.jurisdiction, row.name) }))); // oxfmt-ignore
  const draw = (): ReplayItem => {
    if (stated.seed === undefined) return missing('draw', 'seed');
    const ids = batches.map((b): [string, string] => [b.jurisdiction, b.name]);
    const before: [string, string][] = [];
    const ours: { key: string; name: string }[] = [];
    // A later round goes on where the one before ended.
    for (const round of [...new Set(statedDraws.map((d) => d.round))].toSorted((a, b) => a - b)) {
      const size = statedDraws.filter((d) => d.round === round).length;
      const found = arloBatches(ids, bounds, stated.seed, size, before);
      for (const d of found) {
        ours.push({ key: `${keyOf(...ids[d.batch]!)} ${d.ticket}`, name: label(...ids[d.batch]!) });
        before.push(ids[d.batch]!);
      }
    }
    const units = [
      ...statedDraws.filter((s) => !ours.some((o) => o.key === s.key)).map(({ name }) => ({ name, code: 'not-drawn' })), // oxfmt-ignore
      ...ours.filter((o) => !statedDraws.some((s) => s.key === o.key)).map(({ name }) => ({ name, code: 'left-out' })), // oxfmt-ignore
    ];
    const same = statedDraws.filter((s) => ours.some((o) => o.key === s.key)).length;
    return { of: 'draw', ...about, word: units.length === 0 && same > 0 ? 'reproduced' : 'differs', same, all: statedDraws.length, units }; // oxfmt-ignore
  };

  const risk = (): ReplayItem => {
    const told = rounds.filter((r) => r.pValue !== undefined);
    if (told.length === 0) return missing('risk', 'stated-risk');
    const inSample = drawn.filter(({ of }) => of.tickets.length > 0);
    const cannot = inSample.filter(({ row }) => row.combined !== '' || !row.audited);
    if (cannot.length > 0)
      return missing('risk', 'combined-or-not-audited', cannot.map(({ row }) => ({ name: label(row.jurisdiction, row.name), code: row.audited ? 'combined' : 'not-audited' }))); // oxfmt-ignore
    const byKey = new Map(batches.map((b, i) => [keyOf(b.jurisdiction, b.name), i]));
    const unknown = inSample.filter(({ row }) => !byKey.has(keyOf(row.jurisdiction, row.name)));
    if (unknown.length > 0) return missing('risk', 'not-in-manifest', unknown.map(({ row }) => ({ name: label(row.jurisdiction, row.name) }))); // oxfmt-ignore
    const taints = inSample.flatMap(({ row, of }) => {
      const i = byKey.get(keyOf(row.jurisdiction, row.name))!;
      const counted = contest.tabulated.map((c) => of.counted.find((v) => v.name === c.name)?.votes ?? 0);
      const reported = batches[i]!.votes;
      const error = Math.max(...pairs.map((p) => (scoreOf(p, reported) - scoreOf(p, counted)) / p.margin));
      return of.tickets.map(({ round }) => ({ round, taint: error / bounds[i]! }));
    });
    return risksItem(about, told, (round) => {
      // The tool states the product over all draws so far, not the smallest on the way.
      const soFar = taints.filter((t) => t.round <= round).map((t) => t.taint);
      return Math.min(1, 1 / (macro(whole, soFar).statistic.at(-1) ?? 1));
    });
  };
  // How the tool sizes a later round from what the one before found is in no file.
  const later = rounds.filter((r) => r.round > 1 && r.sampleSize !== undefined);
  const laterSizes: ReplayItem[] = later.length === 0 ? [] : [{ of: 'sample-size', ...about, word: 'cannot tell', code: 'later-rounds', units: later.map((r) => ({ name: `${r.round}`, stated: `${r.sampleSize}` })) }]; // oxfmt-ignore
  return [sizeItem, ...laterSizes, draw(), risk()];
}

/** The stated risk of each round, to the decimals it is stated with; one item, of the last round where all are the same. */
export function risksItem(
  about: Pick<ReplayItem, 'contest'>,
  rounds: readonly StatedRound[],
  riskAfter: (round: number) => number,
): ReplayItem {
  const all = rounds.map(({ round, pValue }) => {
    const stated = pValue!;
    const recomputed = riskAfter(round).toFixed(stated.split('.')[1]?.length ?? 0);
    return { name: `${round}`, stated, recomputed };
  });
  const units = all.filter((r) => Number(r.stated) !== Number(r.recomputed));
  const last = units.at(-1) ?? all.at(-1)!;
  return {
    of: 'risk',
    ...about,
    word: units.length === 0 ? 'reproduced' : 'differs',
    stated: last.stated,
    recomputed: last.recomputed,
    ...(all.length > 1 ? { same: all.length - units.length, all: all.length } : {}),
    units: all.length > 1 ? units : [],
  };
}

/** Tickets follow from the seed and the batch's names alone. */
function ticketsItem(
  about: Pick<ReplayItem, 'contest'>,
  seed: string | undefined,
  drawn: readonly Drawn[],
): ReplayItem {
  if (seed === undefined) return { of: 'tickets', ...about, word: 'missing input', code: 'seed', units: [] };
  let all = 0;
  const units = drawn.flatMap(({ row, of }): ReplayUnit[] => {
    let ticket = '';
    return of.tickets.flatMap(({ ticket: stated }) => {
      all++;
      ticket = trimTicket(
        ticket === '' ? firstTicket(pythonTuple([row.jurisdiction, row.name]), seed) : nextTicket(ticket),
        18,
      );
      return ticket === stated
        ? []
        : [{ name: label(row.jurisdiction, row.name), stated, recomputed: ticket }];
    });
  });
  if (all === 0) return { of: 'tickets', ...about, word: 'missing input', code: 'no-draws', units: [] };
  return partsItem('tickets', about, all, units);
}

/** Does the report mark as changed exactly the batches whose hand count differs from the reported votes? */
function discrepancies(about: Pick<ReplayItem, 'contest'>, drawn: readonly Drawn[]): ReplayItem {
  const text = (votes: Drawn['of']['counted']): string =>
    votes.map((v) => `${v.name}: ${v.votes}`).join('; ');
  const audited = drawn.filter(({ row }) => row.audited);
  const differing = audited.filter(({ of }) => text(of.reported) !== text(of.counted));
  const units = audited
    .filter(({ of }) => (text(of.reported) !== text(of.counted)) !== of.changed)
    .map(({ row, of }) => ({ name: label(row.jurisdiction, row.name), stated: text(of.reported), recomputed: text(of.counted) })); // oxfmt-ignore
  return { ...partsItem('discrepancies', about, audited.length, units), recomputed: `${differing.length}` };
}
