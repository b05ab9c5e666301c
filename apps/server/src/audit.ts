// Where does the audit stand? The fold of the record's entries, sealed bodies included: what is sealed, announced, drawn, read, assessed. Every
// rule of the desk is put to this, and this is made of nothing but entries; the tables of the desk decide nothing.
import type { Choice, Contest, ContestId, Election, JurisdictionId } from '@opencanvass/evidence/election';
import type { Bodies, Entry, ReadFrom, SaltedBody } from '@opencanvass/evidence/record';
import type { AuditEnding } from '@opencanvass/evidence/sentences';
import type { Keeper, StoredEntry } from '@opencanvass/keeper';
import { Sample } from './drawn.ts';
import { Readings, type Telling } from './readings.ts';

export type Method =
  | 'batch comparison'
  | 'card comparison'
  | 'ballot polling'
  | 'ONEAudit'
  | 'full hand count';

/** The bodies of the desk's own entries: specs/desk.md. */
export interface ManifestSealed {
  readonly read: ReadFrom;
  readonly counts: 'ballots' | 'cards';
  readonly batches: number;
  readonly size: number;
}
/** Sealed: what the machines said, batch by batch or card by card. */
export type MachinesSealed =
  | { readonly of: 'batch totals'; readonly contest: ContestId; readonly read: ReadFrom }
  | { readonly of: 'cast vote records'; readonly read: ReadFrom };
export interface SampleDrawn {
  readonly unit: 'batch' | 'card';
  /** Draws (or places of the order) `from` + 1 to `to`. */
  readonly from: number;
  readonly to: number;
  readonly draws: readonly string[];
}
interface Told {
  readonly unit: string;
  readonly by: readonly Person[];
  /** Names the act, so that it is on the record once however often it is sent. */
  readonly entry?: string;
  /** Who typed it, where batches are entered twice. */
  readonly entered?: string;
  /** Of a reading that stands in another's place. */
  readonly why?: string;
  readonly witnesses?: readonly string[];
}
export interface BatchRead extends Told {
  readonly batch: BatchCount;
}
export interface CardRead extends Told {
  readonly contests: readonly { readonly contest: ContestId; readonly reading: CardReading }[];
}
export type PaperRead = BatchRead | CardRead;
/** By choice; in a full hand count also ballots left blank and overvoted. Of a ranked contest ballots by ranking. */
export type BatchCount =
  | {
      readonly votes: readonly number[];
      readonly blank?: number | undefined;
      readonly overvote?: number | undefined;
      readonly writeIns?: number | undefined;
    }
  | RankedCount
  | 'not found';
export interface RankedCount {
  readonly rankings: readonly CountedRanking[];
  readonly blank?: number | undefined;
  readonly writeIns?: number | undefined;
}
export interface CountedRanking {
  readonly ranks: readonly (readonly string[])[];
  readonly ballots: number;
}
export interface Person {
  readonly name: string;
  readonly party: string;
}
export type CardReading =
  | {
      readonly kind: 'votes';
      readonly choices: readonly string[];
      /** Votes for somebody who is no choice of the contest. */
      readonly writeIns?: readonly string[] | undefined;
    }
  /** By rank from the first: whoever is marked there. */
  | { readonly kind: 'ranking'; readonly ranks: readonly (readonly string[])[] }
  | { readonly kind: 'blank' | 'overvote' | 'not on ballot' | 'not found' };
export interface RoundAssessed {
  readonly method: Method;
  readonly risk?: number;
  readonly ending: AuditEnding;
  readonly winners: readonly string[];
  readonly why?: string;
  readonly next?: { readonly expected: number; readonly p90: number; readonly unit: string };
  /** Where a full hand count ties. */
  readonly tied?: readonly string[];
  /** Beside `tied`: whom the reported result elects. */
  readonly reported?: readonly string[];
  /** Beside `tied` of a ranked contest: is it the one who is elected, or the one who is eliminated, that is chosen? */
  readonly choosing?: 'winner' | 'loser';
  readonly lot?: {
    readonly among: readonly string[];
    readonly winners?: readonly string[];
    readonly eliminated?: string;
    readonly how: string;
    readonly statute: string;
    readonly witnesses: readonly string[];
  };
}

export interface CountySealed {
  manifest?: ManifestSealed;
  readonly totals: Map<ContestId, ReadFrom>;
  cvrs?: ReadFrom;
  positions: number[];
}
export interface ContestAudit {
  readonly contest: Contest;
  readonly method: Method;
  readonly riskLimit: number;
  readonly rule: string | undefined;
  readonly doubleEntry: boolean;
  /** Cards that hold the contest, as known from outside the machines. */
  readonly cards: number | undefined;
  /** Whom the reported result elects, where it was announced. */
  readonly reported: readonly string[] | undefined;
  readonly rounds: SampleDrawn[];
  /** The same, unit by unit, and how much of it is read. */
  readonly sample: Sample;
  /** What was read of the units drawn. */
  readonly read: Readings;
  /** What was counted of the batches of a full hand count. */
  readonly counted: Readings;
  readonly handCounts: Map<
    JurisdictionId,
    { readonly position: number; readonly body: Bodies['hand count reported'] }
  >;
  readonly assessed: (RoundAssessed & { readonly rounds: number; readonly position: number })[];
  ordered: boolean;
  /** A reading, or a hand count, was corrected after it was assessed: what was assessed no longer follows from what was read. */
  stale: boolean;
}

export interface Explained {
  readonly contest: ContestId | undefined;
  readonly position: number;
  readonly reason: string;
  readonly words: string;
  readonly by: readonly string[];
}
export interface Investigated {
  readonly contest: ContestId;
  readonly position: number;
  readonly words: string;
  readonly by: string;
}

export class AuditState {
  election: Election | undefined;
  readonly joined = new Set<JurisdictionId>();
  readonly results = new Map<
    ContestId,
    { readonly position: number; readonly body: Bodies['results reported'] }
  >();
  readonly sealed = new Map<JurisdictionId, CountySealed>();
  readonly contests = new Map<ContestId, ContestAudit>();
  announced = false;
  seed: Bodies['seed drawn'] | undefined;
  /** By the position of a reading: what explains how it differs from the machine's, and what was looked at to find out. */
  readonly explanations = new Map<number, Explained[]>();
  readonly investigations = new Map<number, Investigated[]>();
  readonly previews: { readonly position: number; readonly seed: string }[] = [];
  readonly sealedBodies = new Set<number>();
  /** Of sealed bodies, those that were opened. */
  readonly opened = new Set<number>();
  readonly #byKind = new Map<string, number[]>();
  /** Of keys that may sign. */
  readonly keyids = new Set<string>();
  readonly withdrawnKeyids = new Set<string>();
  certified = false;
  /** By the name that a board gave its act. */
  readonly boardActs = new Map<
    string,
    { readonly position: number; readonly entry: Entry; readonly body: object }
  >();
  readonly entries: Entry[] = [];

  get count(): number {
    return this.entries.length;
  }

  add({ leaf, body: salted }: StoredEntry): void {
    const entry = JSON.parse(leaf) as Entry;
    const { body } = JSON.parse(salted) as SaltedBody;
    const { kind, about, body: access } = entry.act;
    const { position } = entry;
    this.entries.push(entry);
    if (access.access === 'sealed') this.sealedBodies.add(position);
    const alike = this.#byKind.get(kind);
    if (alike === undefined) this.#byKind.set(kind, [position]);
    else alike.push(position);
    const { entry: own, replacement } = body as { entry?: unknown; replacement?: { entry?: unknown } };
    const named = own ?? replacement?.entry;
    if (typeof named === 'string') this.boardActs.set(named, { position, entry, body: body as object });
    const county = about.jurisdiction;
    const audit = about.contest === undefined ? undefined : this.contests.get(about.contest);
    switch (kind) {
      case 'election defined':
        this.election = (body as Bodies['election defined']).election;
        break;
      case 'key authorised':
        this.keyids.add((body as Bodies['key authorised']).keyid);
        break;
      case 'key withdrawn': {
        const { keyid } = body as Bodies['key withdrawn'];
        this.keyids.delete(keyid);
        this.withdrawnKeyids.add(keyid);
        break;
      }
      case 'jurisdiction joined':
        if (county !== undefined) this.joined.add(county);
        break;
      case 'results reported': {
        const results = body as Bodies['results reported'];
        if (!this.results.has(results.contest))
          this.results.set(results.contest, { position, body: results });
        break;
      }
      case 'manifest sealed':
        if (county === undefined) break;
        // A second seal of a county is of all its files: those of the first no longer count.
        this.sealed.set(county, {
          manifest: body as ManifestSealed,
          totals: new Map(),
          positions: [position],
        });
        break;
      case 'CVRs sealed': {
        if (county === undefined) break;
        const machines = body as MachinesSealed;
        const sealed = this.#ofCounty(county, position);
        if (machines.of === 'batch totals') sealed.totals.set(machines.contest, machines.read);
        else sealed.cvrs = machines.read;
        break;
      }
      case 'contests and risk limits announced':
        this.announced = true;
        for (const one of (body as Bodies['contests and risk limits announced']).contests) {
          const contest = this.election?.contests.find((c) => c.id === one.contest);
          if (contest === undefined) continue;
          this.contests.set(contest.id, {
            contest,
            method: one.method as Method,
            riskLimit: Number(one.riskLimit ?? 0),
            rule: one.rule,
            doubleEntry: one.doubleEntry === true,
            cards: one.cards,
            reported: one.reported,
            rounds: [],
            sample: new Sample(),
            read: new Readings(one.doubleEntry === true),
            counted: new Readings(one.doubleEntry === true),
            handCounts: new Map(),
            assessed: [],
            ordered: false,
            stale: false,
          });
        }
        break;
      case 'seed drawn':
        this.seed = body as Bodies['seed drawn'];
        break;
      case 'sample drawn':
        audit?.rounds.push(body as SampleDrawn);
        audit?.sample.draw(body as SampleDrawn, (unit) => audit.read.has(unit));
        break;
      case 'paper interpreted': {
        const paper = body as PaperRead;
        const telling = { position, at: entry.appended, paper };
        if ('contests' in paper)
          for (const { contest } of paper.contests) takeReading(this.contests.get(contest), telling);
        else if (audit?.ordered === true) audit.counted.take(telling);
        else takeReading(audit, telling);
        break;
      }
      case 'round assessed':
        if (audit === undefined) break;
        audit.assessed.push({ ...(body as RoundAssessed), rounds: audit.rounds.length, position });
        audit.stale = false;
        break;
      case 'full hand count ordered':
        if (audit !== undefined) audit.ordered = true;
        break;
      case 'hand count reported':
        if (county !== undefined)
          audit?.handCounts.set(county, { position, body: body as Bodies['hand count reported'] });
        break;
      case 'correction':
        this.#correct(entry, body as Bodies['correction']);
        break;
      case 'discrepancy explained': {
        const { reason = 'not known', words, by } = body as Bodies['discrepancy explained'];
        for (const named of about.entries ?? [])
          this.#beside(this.explanations, named, { contest: about.contest, position, reason, words, by });
        break;
      }
      case 'seal opened':
        for (const named of about.entries ?? []) this.opened.add(named);
        break;
      case 'certificate signed':
        this.certified = true;
        break;
      case 'incident noted': {
        const { preview, investigation, words } = body as {
          preview?: { seed: string };
          investigation?: { contest: ContestId };
          words: string;
        };
        if (preview !== undefined) this.previews.push({ position, seed: preview.seed });
        if (investigation !== undefined)
          for (const named of about.entries ?? [])
            this.#beside(this.investigations, named, {
              contest: investigation.contest,
              position,
              words,
              by: entry.act.author.name,
            });
        break;
      }
      default:
        break;
    }
  }

  /** A reading, or a county's hand count, that stands in another's place. */
  #correct(
    { position, appended, act: { about } }: Entry,
    { reason, replacement }: Bodies['correction'],
  ): void {
    if (replacement === undefined) return;
    const named = about.entries ?? [];
    if (named.some((p) => this.entries[p]?.act.kind === 'hand count reported')) {
      const body = replacement as Bodies['hand count reported'];
      const audit = this.contests.get(body.contest);
      if (audit === undefined || about.jurisdiction === undefined) return;
      audit.handCounts.set(about.jurisdiction, { position: named[0]!, body });
      audit.stale = audit.assessed.at(-1)?.method === 'full hand count';
      return;
    }
    const telling = { position, at: appended, paper: replacement as PaperRead, words: reason };
    for (const audit of this.contests.values()) {
      audit.counted.correct(named, telling);
      if (!audit.read.correct(named, telling)) continue;
      if (this.isAssessed(audit, telling.paper.unit)) audit.stale = true;
    }
  }

  #beside<T>(map: Map<number, T[]>, position: number, value: T): void {
    map.set(position, [...(map.get(position) ?? []), value]);
  }

  /** The units of the rounds that were assessed. */
  assessedUnits(audit: ContestAudit): ReadonlySet<string> {
    const rounds = audit.assessed.at(-1)?.rounds ?? 0;
    return new Set(audit.rounds.slice(0, rounds).flatMap((r) => r.draws));
  }

  /** Positions of these kinds from a position on, in their order, at most so many. */
  positionsOf(kinds: readonly string[], from: number, atMost: number): number[] {
    return kinds
      .flatMap((kind) => {
        const positions = this.#byKind.get(kind) ?? [];
        const first = firstFrom(positions, from);
        return positions.slice(first, first + atMost);
      })
      .toSorted((a, b) => a - b)
      .slice(0, atMost);
  }

  /** Was this unit in a round that was assessed? */
  isAssessed(audit: ContestAudit, unit: string): boolean {
    return (audit.sample.firstRound(unit) ?? Infinity) <= (audit.assessed.at(-1)?.rounds ?? 0);
  }

  #ofCounty(county: JurisdictionId, position: number): CountySealed {
    let sealed = this.sealed.get(county);
    if (sealed === undefined) this.sealed.set(county, (sealed = { totals: new Map(), positions: [] }));
    sealed.positions.push(position);
    return sealed;
  }

  /** The units drawn for a contest, each once, in the order drawn. */
  drawn(audit: ContestAudit): string[] {
    return [...new Set(audit.rounds.flatMap((r) => r.draws))];
  }

  /** What the audit of a contest has come to. A full hand count that was ordered replaces whatever was assessed before. */
  ending(audit: ContestAudit): AuditEnding {
    const last = audit.assessed.at(-1);
    if (audit.stale) return audit.ordered ? 'full hand count ordered' : 'go on';
    if (last?.ending.startsWith('full hand count ') === true && last.ending !== 'full hand count ordered')
      return last.ending;
    if (audit.ordered)
      return last?.ending === 'insufficient evidence' ? last.ending : 'full hand count ordered';
    return last?.ending ?? 'not begun';
  }

  readonly ended = (audit: ContestAudit): boolean =>
    ['confirmed', 'full hand count agrees', 'full hand count corrects'].includes(this.ending(audit));

  step(): Step {
    if (this.election === undefined) return 'set up';
    if (this.certified) return 'signed off';
    if (!this.announced)
      return [...this.joined].every((j) => this.sealed.get(j)?.manifest !== undefined)
        ? 'announce contests and risk limits'
        : 'seal the inputs';
    if (this.seed === undefined && [...this.contests.values()].some((a) => a.method !== 'full hand count'))
      return 'draw the seed';
    const open = [...this.contests.values()].filter((a) => !this.ended(a));
    if (open.length === 0) return 'sign off';
    const sampling = open.filter((a) => !a.ordered && a.method !== 'full hand count');
    if (sampling.some((a) => !a.sample.allRead)) return 'read the paper';
    if (sampling.some((a) => a.stale || a.rounds.length > (a.assessed.at(-1)?.rounds ?? 0)))
      return 'assess the round';
    if (sampling.length > 0) return 'draw the sample';
    return 'full hand count';
  }
}

export type Step =
  | 'set up'
  | 'seal the inputs'
  | 'announce contests and risk limits'
  | 'draw the seed'
  | 'draw the sample'
  | 'read the paper'
  | 'assess the round'
  | 'full hand count'
  | 'sign off'
  | 'signed off';

function takeReading(audit: ContestAudit | undefined, telling: Telling): void {
  if (audit?.read.take(telling) === true) audit.sample.tookReading(telling.paper.unit);
}

/** The choices of a contest by name, as a county's file spells them. */
export const choiceNames = (contest: Contest): string[] => contest.choices.map((c: Choice) => c.name);

/** The index of the first of these ascending numbers that is not below `from`. */
function firstFrom(ascending: readonly number[], from: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

const mostRead = 1000;

/** Reads the entries that were appended since, by whichever process. */
export async function catchUp(state: AuditState, keeper: Keeper): Promise<void> {
  for (;;) {
    const more = await keeper.storedFrom(state.count, mostRead);
    for (const entry of more) if (entry.position === state.count) state.add(entry);
    if (more.length < mostRead) return;
  }
}
