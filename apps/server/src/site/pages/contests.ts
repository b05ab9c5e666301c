// Contests: what was announced for each, what was drawn and read, what it came to, and the history of the risk as a drawing and as a table.
import { differences, winnerOf } from '@opencanvass/evidence/checks';
import type { Sides } from '@opencanvass/evidence/checks';
import {
  countLabels,
  endingInWords,
  grouped,
  leaderInWords,
  methodInWords,
} from '@opencanvass/evidence/sentences';
import type { ContestActs } from '../acts.ts';
import { countyOfUnit, drawnUnits, fileName, type Context, type Page } from '../context.ts';
import { facts, placeOf, table, way } from '../frame.ts';
import { html, type Html } from '../html.ts';

export function contestsPage(c: Context): Page {
  const { words: w } = c;
  const data = { contests: c.election.contests.map((contest) => lineOf(c, contest.id)) };
  const here = placeOf(c.language, 'contests.html');
  const k = w.contestsPage;
  const [only, audited] = [true, false].map((is) => data.contests.filter((l) => l.reportedOnly === is));
  const link = (l: (typeof data.contests)[number]): Html =>
    html`<a href="${way(here, placeOf(c.language, l.page))}">${l.name}</a>`;
  const content = html`<h2>${k.audited}</h2>
    <p>${w.contestPage.whatRisk}</p>
    ${audited!.length === 0 ? html`<p>${k.none}</p>` : auditedTable()}
    ${
      only!.length > 0 &&
      html`<h2 id="reported">${k.reportedOnly}</h2>
        <p>${k.notLookedAt}</p>
        ${table(
          k.reportedOnly,
          [{ name: w.contest }, { name: k.reported }],
          only!.map((l) => [link(l), l.reported ?? '–']),
          { titled: true },
        )}`
    }`;
  return { path: 'contests.html', title: k.title, section: 'contests', data, content };

  function auditedTable(): Html {
    return table(
      k.audited,
      [
        { name: w.contest },
        { name: k.method },
        { name: k.limit, numeric: true },
        { name: k.risk, numeric: true },
        { name: k.drawn, numeric: true },
        { name: k.read, numeric: true },
        { name: k.outcome },
      ],
      audited!.map((l) => [
        link(l),
        l.method || '–',
        l.riskLimit ?? '–',
        l.risk ?? '–',
        grouped(l.drawn),
        grouped(l.read),
        l.verdict,
      ]),
      { titled: true, stacks: true },
    );
  }
}

function lineOf(c: Context, id: string) {
  const contest = c.election.contests.find((k) => k.id === id)!;
  const audit = c.acts.contests.get(contest.id);
  const risk = audit?.assessed.findLast((a) => a.risk !== undefined)?.risk;
  const verdict = c.verdicts.find((v) => v.contest === contest.name);
  const side = c.sides.find((s) => s.contest.id === contest.id);
  return {
    contest: contest.id,
    name: contest.name,
    page: `contests/${fileName(contest.id)}.html`,
    method: audit === undefined ? '' : methodInWords(audit.method, c.language),
    ...(audit?.riskLimit === undefined || audit.riskLimit === 0
      ? {}
      : { riskLimit: c.share(audit.riskLimit) }),
    ...(risk === undefined ? {} : { risk: c.share(risk) }),
    drawn: audit === undefined ? 0 : drawnUnits(audit).length,
    read: audit === undefined ? 0 : drawnUnits(audit).filter((u) => audit.readings.has(u)).length,
    verdict: verdict?.sentence ?? '',
    /** Nobody has looked at its paper: no audit is announced, no hand count made. */
    reportedOnly: verdict?.reportedOnly === true,
    ...(side?.reported === undefined
      ? {}
      : { reported: leaderInWords(winnerOf(side, side.reported.total), c.language) }),
  };
}

export function contestPage(c: Context, sides: Sides): Page {
  const { words: w } = c;
  const { contest } = sides;
  const audit = c.acts.contests.get(contest.id);
  const line = lineOf(c, contest.id);
  const data = {
    ...line,
    rounds: (audit?.rounds ?? []).map((round, i) => {
      const units = [...new Set(round.draws)];
      const after = audit!.assessed.findLast((a) => a.rounds === i + 1 && a.method !== 'full hand count');
      return {
        round: i + 1,
        when: round.when,
        entry: round.entry,
        unit: round.unit,
        draws: round.draws.length,
        units: units.length,
        read: units.filter((u) => audit!.readings.has(u)).length,
        ...(after?.risk === undefined ? {} : { risk: after.risk }),
        ...(after === undefined ? {} : { ending: after.ending, stale: after.stale }),
        // Assessments that were made again since a reading was put right.
        before: audit!.assessed
          .filter((a) => a.rounds === i + 1 && a.method !== 'full hand count' && a !== after)
          .map((a) => ({
            entry: a.entry,
            ending: a.ending,
            ...(a.risk === undefined ? {} : { risk: a.risk }),
          })),
      };
    }),
    lots: (audit?.assessed ?? []).flatMap((a) =>
      a.lot === undefined ? [] : [{ ...a.lot, entry: a.entry, when: a.when }],
    ),
    ...(audit?.riskLimit === undefined ? {} : { limit: audit.riskLimit }),
    where: whereDrawn(c, audit),
    ...(audit?.ordered === undefined ? {} : { ordered: audit.ordered }),
    counts: sides.reported === undefined ? [] : countsOf(sides),
    differences: sides.reported === undefined || sides.counted === undefined ? undefined : differences(sides),
    labels:
      c.verification.evidence === undefined
        ? undefined
        : countLabels(sides, c.verification.evidence, c.language),
  };
  const path = line.page;
  return { path, title: contest.name, section: 'contests', data, content: show(c, data, path) };

  function show({ share, time }: Context, d: typeof data, from: string): Html {
    const k = w.contestPage;
    const here = placeOf(c.language, from);
    const named = (ids: readonly string[]): string =>
      ids.map((id) => contest.choices.find((x) => x.id === id)?.name ?? id).join(', ');
    return html`<div class="verdict">
        <p>${d.verdict}</p>
      </div>
      ${
        audit === undefined
          ? html`<p>${k.notAudited}</p>`
          : facts([
              [w.contestsPage.method, d.method],
              ...(d.riskLimit === undefined ? [] : [[w.contestsPage.limit, d.riskLimit] as const]),
              ...(d.risk === undefined ? [] : [[w.contestsPage.risk, d.risk] as const]),
              ...(d.ordered === undefined
                ? []
                : [[k.ordered, `${d.ordered.why} (${time(d.ordered.when)})`] as const]),
            ])
      }
      ${
        d.rounds.length > 0 &&
        html`<section aria-labelledby="history">
            <h2 id="history">${k.history}</h2>
            <p>${k.whatRisk} ${k.historyNote}</p>
            ${d.rounds.some((r) => r.risk !== undefined) ? riskDrawing(c, d.rounds, d.limit) : html`<p>${k.noHistory}</p>`}
            ${table(
              k.sample,
              [
                { name: k.round },
                { name: w.when },
                { name: k.draws, numeric: true },
                { name: k.units[d.rounds[0]!.unit] ?? d.rounds[0]!.unit, numeric: true },
                { name: w.contestsPage.read, numeric: true },
                { name: w.contestsPage.risk, numeric: true },
                { name: w.contestsPage.outcome },
              ],
              d.rounds.map((r) => [
                grouped(r.round),
                time(r.when),
                grouped(r.draws),
                grouped(r.units),
                grouped(r.read),
                r.risk === undefined ? '–' : share(r.risk),
                r.ending === undefined
                  ? '–'
                  : html`${endingInWords(r.ending, c.language)}${r.stale === true && html`<p class="small">${k.toBeAssessed}</p>`}${r.before.map((b) => html`<p class="small">${w.entry(grouped(b.entry))}: ${endingInWords(b.ending, c.language)}${b.risk !== undefined && `, ${share(b.risk)}`}; ${k.noLongerCounts}.</p>`)}`,
              ]),
            )}
          </section>
          <section aria-labelledby="where">
            <h2 id="where">${k.where}</h2>
            ${table(
              k.where,
              [
                { name: w.county },
                { name: w.contestsPage.drawn, numeric: true },
                { name: w.contestsPage.read, numeric: true },
              ],
              d.where.map((p) => [
                html`<a href="${way(here, placeOf(c.language, p.page))}">${p.name}</a>`,
                grouped(p.drawn),
                grouped(p.read),
              ]),
              { titled: true },
            )}
          </section>`
      }
      ${d.lots.map(
        (l) =>
          html`<section>
            <h2>${k.lot}</h2>
            <p>
              ${l.eliminated === '' ? k.lotElected(named(l.among), named(l.winners)) : k.lotEliminated(named(l.among), named([l.eliminated]))}
            </p>
            ${facts([
              [w.commitmentsPage.how, l.how],
              [k.statute, l.statute],
              [w.commitmentsPage.witnesses, l.witnesses.join(', ')],
              [w.when, `${time(l.when)} (${w.entry(grouped(l.entry))})`],
            ])}
          </section>`,
      )}
      ${
        d.counts.length > 0 &&
        html`<section aria-labelledby="counts">
          <h2 id="counts">${k.counts}</h2>
          ${d.labels !== undefined && html`<p>${d.labels.reported}${d.differences !== undefined && html`; ${d.labels.counted}`}</p>`}
          ${table(
            k.counts,
            [
              { name: k.choice },
              { name: k.reported, numeric: true },
              ...(d.differences === undefined
                ? []
                : [
                    { name: k.counted, numeric: true },
                    { name: k.difference, numeric: true },
                  ]),
            ],
            d.counts.map((r) => [
              r.choice,
              r.reported === undefined ? '–' : grouped(r.reported),
              ...(d.differences === undefined
                ? []
                : [
                    r.counted === undefined ? '–' : grouped(r.counted),
                    r.reported === undefined || r.counted === undefined
                      ? '–'
                      : signed(r.counted - r.reported),
                  ]),
            ]),
            { titled: true },
          )}
          ${d.differences !== undefined && html`<p>${k.netGross(signed(d.differences.net), grouped(d.differences.gross), grouped(d.differences.differ), grouped(d.differences.both))}</p>`}
        </section>`
      }`;
  }
}

export const countsOf = ({ choices, reported, counted }: Pick<Sides, 'choices' | 'reported' | 'counted'>) =>
  choices.map((choice, i) => ({
    choice: choice.name,
    reported: reported?.total[i],
    counted: counted?.total[i],
  }));

export const signed = (n: number): string => (n > 0 ? `+${grouped(n)}` : grouped(n));

function whereDrawn(c: Context, audit: ContestActs | undefined) {
  const drawn = audit === undefined ? [] : drawnUnits(audit);
  return c.election.jurisdictions
    .map(({ id, name }) => {
      const here = drawn.filter((u) => countyOfUnit(u) === id);
      return {
        county: id,
        name,
        page: `counties/${fileName(id)}.html`,
        drawn: here.length,
        read: here.filter((u) => audit!.readings.has(u)).length,
      };
    })
    .filter((p) => p.drawn > 0);
}

/** The risk of each round on a scale of powers of ten, from 100% down, with the limit as a line. */
function riskDrawing(
  { words: w, share }: Context,
  rounds: readonly { readonly round: number; readonly risk?: number }[],
  limit: number | undefined,
): Html {
  const points = rounds.filter((r): r is { round: number; risk: number } => r.risk !== undefined);
  const lowest = Math.min(...points.map((p) => p.risk), limit ?? 1);
  const decades = Math.max(2, Math.min(12, Math.ceil(-Math.log10(Math.max(lowest, 1e-12)) + 0.2)));
  const [left, top, width, height] = [70, 16, 560, 200];
  const x = (round: number): number => left + (width * (round - 0.5)) / rounds.length;
  const y = (risk: number): number =>
    top + (height * Math.min(decades, -Math.log10(Math.max(risk, 1e-12)))) / decades;
  const round1 = (n: number): string => n.toFixed(1);
  return html`<svg
    class="chart"
    viewBox="0 0 660 260"
    role="img"
    aria-label="${w.contestPage.history}: ${points.map((p) => `${w.contestPage.round} ${p.round}: ${share(p.risk)}`).join('; ')}"
  >
    ${Array.from({ length: decades + 1 }, (_, d) => {
      const at = round1(y(10 ** -d));
      return html`<line class="grid" x1="${left}" x2="${left + width}" y1="${at}" y2="${at}"></line
        ><text class="axis" x="${left - 8}" y="${at}" dy="4" text-anchor="end">${share(10 ** -d)}</text>`;
    })}
    ${limit !== undefined && limit > 0 && html`<line class="limit" x1="${left}" x2="${left + width}" y1="${round1(y(limit))}" y2="${round1(y(limit))}"></line><text class="limit-name" x="${left + width}" y="${round1(y(limit))}" dy="-6" text-anchor="end">${w.contestPage.riskOfLimit(share(limit))}</text>`}
    <polyline
      class="risk"
      points="${points.map((p) => `${round1(x(p.round))},${round1(y(p.risk))}`).join(' ')}"
    ></polyline>
    ${points.map((p) => html`<circle class="risk-point" cx="${round1(x(p.round))}" cy="${round1(y(p.risk))}" r="6"></circle><text class="value" x="${round1(x(p.round))}" y="${round1(y(p.risk))}" dx="11" dy="-8">${share(p.risk)}</text>`)}
    ${rounds.map((r) => html`<text class="axis" x="${round1(x(r.round))}" y="${top + height + 28}" text-anchor="middle">${w.contestPage.round} ${r.round}</text>`)}
  </svg>`;
}
