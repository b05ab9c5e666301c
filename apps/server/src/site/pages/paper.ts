// Batch by batch: what people counted in each batch of a county, or what the dice drew there and what was read, so that whoever kept a tally of
// their own can lay it beside this. Five hundred to a page: a large county has two thousand batches.
import { firstChoice } from '@opencanvass/evidence/audit';
import type { Contest, Jurisdiction } from '@opencanvass/evidence/election';
import { grouped } from '@opencanvass/evidence/sentences';
import { countyOfUnit, fileName, type Context, type Page } from '../context.ts';
import { placeOf, table, way } from '../frame.ts';
import { html } from '../html.ts';

const rowsOnPage = 500;

interface Row {
  /** The batch's name, or the unit's as it was drawn. */
  readonly name: string;
  /** What kind of batch, or in which round it was drawn. */
  readonly kind: string;
  /** By choice of the contest; absent where nothing was read yet, or where it was a card. */
  readonly votes?: readonly number[];
  /** What was read where it is no list of votes. */
  readonly said?: string;
}

export function paperPages(c: Context, county: Jurisdiction): readonly Page[] {
  const { words: w } = c;
  return c.election.contests.flatMap((contest): Page[] => {
    const hand = handCounted(c, county, contest);
    const rows = hand.length > 0 ? hand : drawn(c, county, contest);
    const hasSaid = rows.some((r) => r.said !== undefined);
    const pages = Math.ceil(rows.length / rowsOnPage);
    const pathOf = (n: number): string => `counties/${fileName(county.id)}/${fileName(contest.id)}-${n}.html`;
    return Array.from({ length: pages }, (_, i): Page => {
      const path = pathOf(i + 1);
      const data = {
        county: county.id,
        contest: contest.id,
        choices: contest.choices.map((k) => k.name),
        of: hand.length > 0 ? 'hand count' : 'sample',
        rows: rows.slice(i * rowsOnPage, (i + 1) * rowsOnPage),
        from: i * rowsOnPage + 1,
        all: rows.length,
      };
      const hrefTo = (to: string): string => way(placeOf(c.language, path), placeOf(c.language, to));
      const content = html`<p class="lead">
          ${contest.name}. ${w.paperPage.lead[hand.length > 0 ? 'counted' : 'drawn']}
          ${w.paperPage.range(grouped(data.from), grouped(data.from + data.rows.length - 1), grouped(data.all))}
          <a href="${hrefTo(`counties/${fileName(county.id)}.html`)}">${county.name}</a>
        </p>
        ${
          pages > 1 &&
          html`<p class="pages">
            ${Array.from({ length: pages }, (__, n) => (n === i ? html`<strong>${n + 1}</strong> ` : html`<a href="${hrefTo(pathOf(n + 1))}">${n + 1}</a> `))}
          </p>`
        }
        ${table(
          w.paperPage.title(county.name),
          [
            { name: w.paperPage.batch },
            { name: hand.length > 0 ? w.paperPage.kind : w.contestPage.round },
            ...contest.choices.map((k) => ({ name: k.name, numeric: true })),
            ...(hasSaid ? [{ name: w.paperPage.said }] : []),
          ],
          data.rows.map((r) => [
            r.name,
            r.kind,
            ...contest.choices.map((_k, k) => (r.votes === undefined ? '–' : grouped(r.votes[k] ?? 0))),
            ...(hasSaid ? [r.said ?? ''] : []),
          ]),
          { titled: true },
        )}`;
      return { path, title: w.paperPage.title(county.name), section: 'counties', data, content };
    });
  });
}

function handCounted({ verification }: Context, county: Jurisdiction, contest: Contest): Row[] {
  const rows: Row[] = [];
  for (const { value: hand } of verification.evidence?.handCounts ?? []) {
    if (hand.contest !== contest.id || hand.granularity !== 'batch') continue;
    const here = hand.jurisdictions.indexOf(county.id);
    if (here === -1) continue;
    // Of a ranked contest the first choices.
    const first = hand.columns.map((column) => firstChoice(contest, column));
    const columns = contest.choices.map((_, k) => first.flatMap((choice, at) => (choice === k ? [at] : [])));
    for (const [b, name] of hand.names.entries())
      if (hand.jurisdictionOf[b] === here)
        rows.push({
          name,
          kind: hand.types[b]!,
          votes: columns.map((of) =>
            of.reduce((n, column) => n + hand.tallies[b * hand.columns.length + column]!, 0),
          ),
        });
  }
  return rows;
}

function drawn(c: Context, county: Jurisdiction, contest: Contest): Row[] {
  const { words: w } = c;
  const audit = c.acts.contests.get(contest.id);
  const rows = new Map<string, Row>();
  for (const [r, round] of (audit?.rounds ?? []).entries())
    for (const unit of round.draws) {
      if (rows.has(unit) || countyOfUnit(unit) !== county.id) continue;
      const told = audit!.readings.get(unit)?.told;
      const base = { name: unit.slice(county.id.length + 1), kind: `${r + 1}` };
      if (told === undefined) rows.set(unit, { ...base, said: w.paperPage.notRead });
      else if (typeof told === 'string' || 'kind' in told)
        rows.set(unit, { ...base, said: cardInWords(c, contest, told) });
      else rows.set(unit, { ...base, votes: told.map(Number) });
    }
  return [...rows.values()];
}

/** What a board read on a card: names of choices, or one of the fixed words. */
function cardInWords(
  { words: w }: Context,
  contest: Contest,
  told: string | { readonly kind: string; readonly choices: readonly string[] },
): string {
  if (typeof told === 'string') return w.paperPage.kinds[told] ?? told;
  const names = told.choices.map((id) => contest.choices.find((k) => k.id === id)?.name ?? id);
  return names.length > 0 ? names.join(', ') : (w.paperPage.kinds[told.kind] ?? told.kind);
}
