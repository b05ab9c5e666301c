// The papers of a county: what to get out of the containers, what to put in its place, what to write the count on, and how a board begins. Made of
// what was drawn, of the manifest, and of the numbers that scanners printed on cards: nothing that a machine counted comes near them.
import type { papers } from '@opencanvass/contract';
import type { ContestId, JurisdictionId } from '@opencanvass/evidence/election';
import { batchKey, type ManifestBatch } from '@opencanvass/evidence/paper';
import { create } from 'qrcode';
import type { AuditState, ContestAudit } from '../audit.ts';
import { isRanked, ranksOf } from '../cvrs.ts';
import { drawnUnits, type DrawnUnit } from '../drawn.ts';
import { withImprints, type Imprinted } from '../imprints.ts';
import type { KeptFiles } from '../inputs.ts';
import type { Problem } from '../sampling.ts';
import type { Job } from './typeset.ts';
import { paperWords, type PaperLanguage, type PaperWords } from './words.ts';

export interface Asked {
  readonly county: JurisdictionId;
  readonly paper: (typeof papers)[number];
  readonly language: PaperLanguage;
  /** Of one contest only; needed for sheets of a full hand count. */
  readonly contest?: ContestId;
  /** What a round drew for the first time; absent: all rounds. */
  readonly round?: number;
  readonly way: 'sort and stack' | 'read and mark';
}

export type Made =
  | { readonly ok: true; readonly job: Job }
  | { readonly ok: false; readonly problem: Problem };
const refused = (problem: Problem): Made => ({ ok: false, problem });

export async function paperOf(state: AuditState, files: KeptFiles, asked: Asked): Promise<Made> {
  const { county, language } = asked;
  const w = paperWords[language];
  const place = state.election?.jurisdictions.find((j) => j.id === county);
  if (place === undefined) return refused({ code: 'unknown-jurisdiction', found: county });
  const manifest = state.sealed.get(county)?.manifest;
  if (manifest === undefined) return refused({ code: 'county-not-sealed', found: county });
  const { batches } = await files.manifest(manifest.read.file.sha256);
  const last = lastEntry(state);
  const common = {
    language,
    words: w,
    made: w.made(state.election!.name, place.name, `${last.position}`),
    way: asked.way,
  };
  const finish = (paper: Job['paper'], title: string, data: object): Made => ({
    ok: true,
    job: { paper, made: last.appended, data: { ...common, title, ...data } },
  });

  if (asked.paper === 'hand-count-sheets') {
    const audit = asked.contest === undefined ? undefined : state.contests.get(asked.contest);
    if (audit === undefined) return refused({ code: 'contest-not-announced', found: asked.contest ?? '' });
    const units = batches.map((b) =>
      sheetOf(audit, { ...b, id: `${county}/${b.tabulator}/${b.name}` }, w, place.name),
    );
    const intro = isRanked(audit.contest) ? w.rankIntro : introOf(asked.way, w);
    return finish('tally-sheets', w.tallySheet, { units, intro });
  }

  const audits = [...state.contests.values()].filter(
    (a) => asked.contest === undefined || a.contest.id === asked.contest,
  );
  const units = await withImprints(state, files, county, inOrder(unitsOf(audits, asked), batches));
  if (units.length === 0) return refused({ code: 'nothing-drawn', found: county });
  const [seed, cards] = [state.seed!.seed, units.some((u) => u.card !== undefined)];
  const imprints = units.some((u) => u.imprinted !== undefined);
  switch (asked.paper) {
    case 'retrieval-list':
      return finish('retrieval-list', `${w.retrievalList}: ${place.name}`, {
        intro: imprints ? `${w.retrievalIntro} ${w.imprintedIntro}` : w.retrievalIntro,
        facts: [
          [w.election, `${state.election!.name}, ${state.election!.date}`],
          [
            w.contests,
            audits
              .filter((a) => a.rounds.length > 0)
              .map((a) => a.contest.name)
              .join(' · '),
          ],
          [w.seed, seed],
          [cards ? w.cards : w.batch, `${units.length}`],
        ],
        cards,
        imprints,
        places: byContainer(units, w),
      });
    case 'placeholders':
      return finish('placeholders', w.placeholder, {
        intro: w.placeholderIntro,
        units: units.map((u) => ({ name: nameOf(u), facts: factsOf(u, w, place.name), qr: qrOf(u.id) })),
      });
    case 'labels':
      return finish('labels', `${w.labels}: ${place.name}`, {
        units: units.map((u) => ({
          name: nameOf(u),
          lines: [
            `${place.name} · ${u.container === '' ? u.tabulator : `${u.container} · ${u.tabulator}`}`,
            ...(u.imprinted === undefined ? [] : [`№ ${u.imprinted}`]),
            u.contests.join(' · '),
            `${w.round} ${u.round} · ${w.drawn} ${w.times(u.draws)}`,
          ],
          qr: qrOf(u.id),
        })),
      });
    case 'tally-sheets': {
      const sheets = audits
        .filter((a) => a.method === 'batch comparison')
        .flatMap((a) => inOrder(unitsOf([a], asked), batches).map((u) => sheetOf(a, u, w, place.name)));
      if (sheets.length === 0) return refused({ code: 'no-batches-drawn', found: county });
      return finish('tally-sheets', w.tallySheet, { units: sheets, intro: introOf(asked.way, w) });
    }
  }
}

export interface Credential {
  readonly language: PaperLanguage;
  readonly board: string;
  readonly county: JurisdictionId;
  readonly code: string;
  /** Where the desk is: 'https://elections.example.gov'. */
  readonly origin: string;
  /** When the board was made: RFC 3339. */
  readonly created: string;
}

/** The paper with a board's code. The code stands behind the # of the address: browsers send that to nobody. */
export function credentialOf(
  state: AuditState,
  { language, board, county, code, origin, created }: Credential,
): Job {
  const w = paperWords[language];
  const election = state.election!;
  const name = election.jurisdictions.find((j) => j.id === county)?.name ?? county;
  const address = `${origin}/desk/board`;
  return {
    paper: 'board-credential',
    made: created,
    data: {
      language,
      words: w,
      title: w.credential,
      made: `${election.name} · ${name}`,
      facts: [
        [w.election, `${election.name}, ${election.date}`],
        [w.county, name],
        [w.board, board],
      ],
      intro: w.credentialIntro,
      rules: w.rules,
      code,
      address,
      qr: qrOf(`${address}#${code}`),
    },
  };
}

// ── what was drawn, and where it lies ──

interface Located extends DrawnUnit {
  readonly container: string;
  readonly location: string;
  readonly contests: readonly string[];
}

/** Each unit of this county once, whatever number of contests drew it. */
function unitsOf(
  audits: readonly ContestAudit[],
  { county, round }: Asked,
): (DrawnUnit & { contests: string[] })[] {
  const units = new Map<string, DrawnUnit & { contests: string[] }>();
  for (const audit of audits)
    for (const unit of drawnUnits(audit)) {
      if (unit.jurisdiction !== county) continue;
      const known = units.get(unit.id);
      if (known === undefined) units.set(unit.id, { ...unit, contests: [audit.contest.name] });
      else
        units.set(unit.id, {
          ...known,
          draws: known.draws + unit.draws,
          round: Math.min(known.round, unit.round),
          contests: [...known.contests, audit.contest.name],
        });
    }
  return [...units.values()].filter((u) => round === undefined || u.round === round);
}

/** In the order in which the manifest lists the batches, containers together, and by place within the batch: the way somebody walks. */
function inOrder(
  units: readonly (DrawnUnit & { contests: string[] })[],
  batches: readonly ManifestBatch[],
): Located[] {
  const at = new Map(batches.map((b, i) => [batchKey(b.tabulator, b.name), i]));
  const containers = [...new Set(batches.map((b) => b.container))];
  const placed = units.map((u) => ({ u, i: at.get(batchKey(u.tabulator, u.batch))! }));
  const containerAt = (i: number): number => containers.indexOf(batches[i]!.container);
  return placed
    .toSorted((a, b) => containerAt(a.i) - containerAt(b.i) || a.i - b.i || (a.u.card ?? 0) - (b.u.card ?? 0))
    .map(({ u, i }) => ({
      ...u,
      container: batches[i]!.container.trim(),
      location: batches[i]!.location.trim(),
    }));
}

function byContainer(units: readonly (Located & Imprinted)[], w: PaperWords) {
  const places = new Map<string, { name: string; rows: object[] }>();
  for (const [i, u] of units.entries()) {
    const name = [u.container === '' ? w.noContainer : `${w.container} ${u.container}`, u.location]
      .filter((t) => t !== '')
      .join(' · ');
    const place = places.get(name) ?? { name, rows: [] };
    places.set(name, place);
    place.rows.push({
      n: i + 1,
      tabulator: u.tabulator,
      batch: u.batch,
      card: `${u.card ?? ''}`,
      imprinted: u.imprinted ?? '',
      round: u.round,
      draws: u.draws,
    });
  }
  return [...places.values()];
}

const nameOf = ({ batch, card }: DrawnUnit): string => (card === undefined ? batch : `${batch} / ${card}`);

const factsOf = (u: Located & Imprinted, w: PaperWords, county: string): [string, string][] =>
  [
    [w.county, county],
    [w.container, u.container],
    [w.location, u.location],
    [w.tabulator, u.tabulator],
    [w.batch, u.batch],
    [w.card, `${u.card ?? ''}`],
    [w.imprinted, u.imprinted ?? ''],
    [w.contests, u.contests.join(' · ')],
    [w.round, `${u.round}`],
  ].filter((fact): fact is [string, string] => fact[1] !== '');

interface SheetBatch {
  readonly id: string;
  readonly tabulator: string;
  readonly container: string;
  readonly batch?: string;
  readonly name?: string;
}
function sheetOf({ contest }: ContestAudit, b: SheetBatch, w: PaperWords, county: string) {
  return {
    facts: [
      [w.county, county],
      [w.contest, contest.name],
      [w.container, b.container.trim()],
      [w.tabulator, b.tabulator.trim()],
      [w.batch, (b.batch ?? b.name ?? '').trim()],
    ].filter(([, value]) => value !== ''),
    ...(isRanked(contest)
      ? {
          ranks: Math.min(ranksOf(contest), mostRanks),
          choices: contest.choices.map((c, i) => `${i + 1} ${c.name}`),
          others: [w.onlyWriteIn, w.blank],
        }
      : { choices: [...contest.choices.map((c) => c.name), w.writeIn, w.blank, w.overvote] }),
    qr: qrOf(b.id),
  };
}

/** What fits beside each other on a sheet of paper. */
const mostRanks = 8;

const introOf = (way: Asked['way'], w: PaperWords): string =>
  way === 'sort and stack' ? w.sortIntro : w.markIntro;

/** The last entry that says what is to be got or counted. Papers made of the same entries have the same bytes. */
function lastEntry({ entries }: AuditState) {
  const kinds = new Set([
    'manifest sealed',
    'contests and risk limits announced',
    'seed drawn',
    'sample drawn',
    'full hand count ordered',
  ]);
  return entries.findLast((e) => kinds.has(e.act.kind)) ?? entries.at(-1)!;
}

/** A QR code as SVG: dark squares as one path, with the four light modules around that scanners want. */
export function qrOf(text: string): { readonly text: string; readonly svg: string } {
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  const size = modules.size + 8;
  const squares = Array.from(modules.data, (dark, i) =>
    dark === 0 ? '' : `M${(i % modules.size) + 4} ${Math.floor(i / modules.size) + 4}h1v1h-1z`,
  ).join('');
  return {
    text,
    svg: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}"><path fill="#000" d="${squares}"/></svg>`,
  };
}
