// Where the audit stands: one sentence for each contest, the steps, and every county on a map and in a table.
import { grouped, verdictsTogether } from '@opencanvass/evidence/sentences';
import {
  countyState,
  fileName,
  hasEnded,
  drawnUnits,
  movedIn,
  readInCounty,
  type Context,
  type Moved,
  type Page,
} from '../context.ts';
import { badge, placeOf, table, way } from '../frame.ts';
import { html, type Html } from '../html.ts';
import type { CountyState, StepName } from '../words.ts';

/** A state's counties as paths of a drawing: what apps/offline makes of the Census Bureau's shapes. */
export interface CountyShapes {
  readonly width: number;
  readonly height: number;
  readonly counties: readonly { readonly id: string; readonly name: string; readonly path: string }[];
}

export function homePage(c: Context, shapes: CountyShapes | undefined): Page {
  const { words: w } = c;
  const data = {
    verdicts: c.verdicts,
    checks: checksCounted(c),
    steps: stepsOf(c),
    counties: countyRows(c),
  };
  return { path: 'index.html', title: w.home.title, section: 'home', data, content: show(c, data, shapes) };
}

/** The counties alone, for whoever looks for theirs. */
export function countiesPage(c: Context, shapes: CountyShapes | undefined): Page {
  const data = { counties: countyRows(c) };
  return {
    path: 'counties.html',
    title: c.words.nav.counties,
    section: 'counties',
    data,
    content: html`${mapOf(c, data.counties, shapes, 'counties.html')}
    ${countyTable(c, data.counties, 'counties.html')}`,
  };
}

const show = (
  c: Context,
  {
    verdicts: said,
    checks,
    steps,
    counties,
  }: {
    readonly verdicts: Context['verdicts'];
    readonly checks: ReturnType<typeof checksCounted>;
    readonly steps: ReturnType<typeof stepsOf>;
    readonly counties: ReturnType<typeof countyRows>;
  },
  shapes: CountyShapes | undefined,
): Html => {
  const { words: w } = c;
  const conducted = c.verification.record?.kind === 'conducted';
  return html`<section aria-labelledby="outcome">
      <h2 id="outcome">${w.home.outcome}</h2>
      ${verdictsTogether(said, c.language).map(
        (v) =>
          html`<div class="verdict ${v.kind}">
            <h3>${v.contest}</h3>
            <p>${v.sentence}</p>
            ${v.contests.length > 0 && (v.reportedOnly === true ? html`<p><a href="${hrefOf(c, 'contests.html')}#reported">${w.home.seeReported}</a></p>` : html`<p>${v.contests.join(' · ')}</p>`)}
          </div>`,
      )}
      <p>
        ${w.home.checks(...checks.election)} <a href="${hrefOf(c, 'checks.html')}">${w.home.seeChecks}</a>.
      </p>
    </section>
    ${
      conducted &&
      html`<section aria-labelledby="steps">
        <h2 id="steps">${w.home.steps}</h2>
        <ol class="steps">
          ${steps.map((s) => html`<li class="${s.state}"><span>${s.name}</span> ${badge(s.state, w.stepStates[s.state])}</li>`)}
        </ol>
      </section>`
    }
    <section aria-labelledby="counties">
      <h2 id="counties">${w.home.counties}</h2>
      ${mapOf(c, counties, shapes, 'index.html')} ${countyTable(c, counties, 'index.html')}
    </section>`;
};

const hrefOf = (c: Context, to: string, from = 'index.html'): string =>
  way(placeOf(c.language, from), placeOf(c.language, to));

function checksCounted({ verification }: Context): {
  readonly record: readonly [string, string, string];
  readonly election: readonly [string, string, string];
} {
  const count = (of: 'record' | 'election'): [string, string, string] => {
    const n = (word: string): string =>
      grouped(verification.findings.filter((f) => f.of === of && f.word === word).length);
    return [n('holds'), n('fails'), n('cannot tell')];
  };
  return { record: count('record'), election: count('election') };
}

// ── the steps ──

export interface Step {
  readonly step: StepName;
  readonly name: string;
  readonly state: 'done' | 'open' | 'later';
}

/** A conducted audit's steps: everything before the first that is not done is done, and that one is now. */
export function stepsOf({ acts, election, words: w }: Context): readonly Step[] {
  const contests = [...acts.contests.values()];
  const sampled = contests.filter((a) => a.method !== 'full hand count' && a.ordered === undefined);
  const goesOn = sampled.some(
    (a) => a.assessed.at(-1)?.ending === 'go on' && a.assessed.at(-1)!.rounds === a.rounds.length,
  );
  const done: Record<StepName, boolean> = {
    setUp: acts.defined !== undefined,
    seal: election.jurisdictions.every((j) => acts.counties.get(j.id)?.manifest !== undefined),
    announce: contests.length > 0,
    seed: acts.seed !== undefined || (contests.length > 0 && sampled.length === 0),
    draw: contests.length > 0 && sampled.every((a) => a.rounds.length > 0) && !goesOn,
    read: contests.length > 0 && sampled.every((a) => drawnUnits(a).every((u) => a.readings.has(u))),
    assess: contests.length > 0 && contests.every(hasEnded),
    sign: acts.certificate !== undefined,
  };
  const names = Object.keys(done) as StepName[];
  const first = names.findIndex((n) => !done[n]);
  return names.map((step, i) => ({
    step,
    name: w.stepNames[step],
    state: first === -1 || i < first ? 'done' : i === first ? 'open' : 'later',
  }));
}

// ── the counties ──

export interface CountyLine {
  readonly county: string;
  readonly name: string;
  readonly page: string;
  readonly state: CountyState;
  readonly stateInWords: string;
  readonly batches?: number;
  readonly listed?: number;
  readonly drawn: number;
  readonly read: number;
  /** Where both counts were made: how far the margin moved, as a step of the map's scale. */
  readonly shade?: 0 | 1 | 2 | 3 | 4;
  /** In words, contest by contest. */
  readonly moved: readonly string[];
}

export const countyRows = (c: Context): readonly CountyLine[] =>
  c.election.jurisdictions
    .map(({ id, name }): CountyLine => {
      const state = countyState(c, id);
      const known = c.acts.counties.get(id);
      const batches =
        known?.manifest?.batches ??
        [...(known?.handCounts.values() ?? [])].reduce<number | undefined>(
          (n, h) => Math.max(n ?? 0, h.batches),
          undefined,
        );
      return {
        county: id,
        name,
        page: `counties/${fileName(id)}.html`,
        state,
        stateInWords: c.words.states[state],
        ...(batches === undefined ? {} : { batches }),
        ...(known?.manifest === undefined ? {} : { listed: known.manifest.size }),
        ...readInCounty(c, id),
        ...shadeOf(movedIn(c, id)),
        moved: movedIn(c, id).map((m) =>
          m.change === 0 ? c.words.unchanged : c.words.towards(grouped(m.change), m.towards),
        ),
      };
    })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));

/** Where a change of the margin begins to be drawn darker, in 1/10,000 of the county's votes. */
const shades = [5, 10, 50];
const shadeNames = ['0%', '< 0.05%', '< 0.1%', '< 0.5%', '≥ 0.5%'];

function shadeOf(moved: readonly Moved[]): { readonly shade?: 0 | 1 | 2 | 3 | 4 } {
  const [first] = moved.toSorted((a, b) => b.change * a.of - a.change * b.of);
  if (first === undefined) return {};
  if (first.change === 0) return { shade: 0 };
  const step = shades.findIndex((s) => first.change * 10_000 < s * first.of);
  return { shade: ((step === -1 ? shades.length : step) + 1) as 1 | 2 | 3 | 4 };
}

const looks = ({ state, shade }: CountyLine): string =>
  shade === undefined ? state.replaceAll(' ', '-') : `moved-${shade}`;

function countyTable(c: Context, rows: readonly CountyLine[], from: string): Html {
  const { home, county, state } = c.words;
  const isSample = rows.some((r) => r.drawn > 0);
  const [hasList, hasBoth] = [rows.some((r) => r.listed !== undefined), rows.some((r) => r.moved.length > 0)];
  const n = (value: number | undefined): string => (value === undefined ? '–' : grouped(value));
  return table(
    home.counties,
    [
      { name: county },
      { name: state },
      { name: home.batches, numeric: true },
      ...(hasList ? [{ name: home.paper, numeric: true }] : []),
      ...(isSample
        ? [
            { name: home.toRead, numeric: true },
            { name: home.read, numeric: true },
          ]
        : []),
      ...(hasBoth ? [{ name: home.difference }] : []),
    ],
    rows.map((r) => [
      html`<a href="${hrefOf(c, r.page, from)}">${r.name}</a>`,
      badge(r.state, r.stateInWords),
      n(r.batches),
      ...(hasList ? [n(r.listed)] : []),
      ...(isSample ? [n(r.drawn), n(r.read)] : []),
      ...(hasBoth ? [r.moved.join('; ') || '–'] : []),
    ]),
    { titled: true },
  );
}

/** A picture for those who would rather look: the table under it has every figure, so that nobody needs it. */
function mapOf(
  c: Context,
  rows: readonly CountyLine[],
  shapes: CountyShapes | undefined,
  from: string,
): Html | false {
  const known = new Map(rows.map((r) => [r.county, r]));
  if (shapes === undefined || !shapes.counties.some((s) => known.has(s.id))) return false;
  const key = new Map(
    rows.map((r) => [
      looks(r),
      r.shade === undefined ? r.stateInWords : c.words.marginMoved(shadeNames[r.shade]!),
    ]),
  );
  return html`<figure class="map">
    <svg viewBox="-4 -4 ${shapes.width + 8} ${shapes.height + 8}" aria-hidden="true">
      ${shapes.counties.map((shape) => {
        const row = known.get(shape.id);
        if (row === undefined) return html`<path class="shape none" d="${shape.path}"></path>`;
        return html`<a href="${hrefOf(c, row.page, from)}" tabindex="-1"
          ><path class="shape ${looks(row)}" d="${shape.path}"
            ><title>${row.name}: ${row.moved[0] ?? row.stateInWords}</title></path
          ></a
        >`;
      })}
    </svg>
    <figcaption>
      ${c.words.home.map}. ${c.words.home.mapNote}
      <ul class="key">
        ${[...key]
          .toSorted(([a], [b]) => (a < b ? -1 : 1))
          .map(
            ([look, name]) =>
              html`<li>
                <svg class="swatch" viewBox="0 0 20 20" aria-hidden="true">
                  <rect class="shape ${look}" width="20" height="20"></rect>
                </svg>
                ${name}
              </li>`,
          )}
      </ul>
    </figcaption>
  </figure>`;
}
