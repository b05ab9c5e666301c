// A plan as a picture for a board's meeting: one bar for each method, from the cards it takes on average to those enough in nine cases of ten, on a
// logarithmic scale, because the methods differ a thousandfold. SVG alone, or a page with the table under it. Nothing in it is fetched.
import type { MethodPlan } from '@opencanvass/evidence/audit';

export interface PlanPicture {
  readonly title: string;
  readonly lines: readonly string[];
  /** All cards of the contest: the right end of the scale. */
  readonly cards: number;
  readonly rows: readonly MethodPlan[];
  readonly head: readonly string[];
  /** The cells of the table, a row for each of `rows`; the first names the method. */
  readonly cells: readonly (readonly string[])[];
}

const [width, left, right, row, top] = [1000, 370, 40, 26, 96] as const;
const blue = '#005ea2';
const ink = '#1b1b1b';
const grey = '#565c65';

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]!);
const grouped = (n: number): string => n.toLocaleString('en');

export function planSvg(picture: PlanPicture): string {
  const { rows, cards, cells } = picture;
  const height = top + rows.length * row + 50;
  const x = (n: number): number =>
    left + ((width - left - right) * Math.log(Math.max(1, n))) / Math.log(Math.max(2, cards));
  const bottom = top + rows.length * row;
  const text = (at: number, y: number, words: string, more = ''): string =>
    `<text x="${at.toFixed(1)}" y="${y}" ${more}>${escaped(words)}</text>`;
  const ticks = Array.from({ length: Math.floor(Math.log10(cards)) + 1 }, (_, i) => 10 ** i);
  const bars = rows.map((r, i) => {
    const y = top + i * row;
    const [from, to] = [x(r.cards.expected), x(Math.max(r.cards.p90, r.cards.expected))];
    const name = cells[i]!.slice(0, 3).filter((c) => c !== '').join(' · '); // oxfmt-ignore
    const figures = r.cards.p90 > r.cards.expected ? `${grouped(r.cards.expected)} – ${grouped(r.cards.p90)}` : grouped(r.cards.expected); // oxfmt-ignore
    // A figure that would leave the picture stands before its bar.
    const after = to + 12 + 7 * figures.length < width;
    return [
      text(left - 12, y + 17, name, 'text-anchor="end"'),
      `<rect x="${left}" y="${y + 6}" width="${(from - left).toFixed(1)}" height="14" fill="${blue}"/>`,
      `<rect x="${from.toFixed(1)}" y="${y + 6}" width="${(to - from).toFixed(1)}" height="14" fill="${blue}" fill-opacity="0.35"/>`,
      after
        ? text(to + 8, y + 17, figures, `fill="${ink}"`)
        : text(from - 8, y + 17, figures, 'text-anchor="end" fill="#fff"'),
    ].join('');
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(picture.title)}: cards by method" font-family="system-ui, sans-serif" font-size="13" fill="${ink}">
<rect width="100%" height="100%" fill="#fff"/>
${text(24, 34, picture.title, 'font-size="20" font-weight="600"')}
${picture.lines.map((line, i) => text(24, 56 + 18 * i, line, `fill="${grey}"`)).join('\n')}
${ticks.map((n) => `<line x1="${x(n).toFixed(1)}" x2="${x(n).toFixed(1)}" y1="${top}" y2="${bottom}" stroke="#dfe1e2"/>${text(x(n), bottom + 18, grouped(n), `text-anchor="middle" fill="${grey}"`)}`).join('\n')}
${bars.join('\n')}
${text(24, height - 10, 'Dark: on average; light: enough in nine cases of ten. Cards on a logarithmic scale, the whole paper at the right end.', `fill="${grey}"`)}
</svg>
`;
}

export function planHtml(picture: PlanPicture): string {
  const cell = (tag: 'td' | 'th') => (c: string, i: number) =>
    `<${tag}${i === 0 ? '' : ' class="n"'}${tag === 'th' ? ' scope="col"' : ''}>${escaped(c)}</${tag}>`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(picture.title)}: which audit</title>
<style>
body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem; font: 16px/1.5 system-ui, sans-serif; color: ${ink}; }
svg { width: 100%; min-width: 45rem; height: auto; }
div { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: 0.3rem 0.6rem; border-bottom: 1px solid #dfe1e2; text-align: left; white-space: nowrap; }
.n { text-align: right; }
caption { text-align: left; padding: 0.6rem; font-weight: 600; }
</style>
<div tabindex="0">${planSvg(picture)}</div>
<div tabindex="0"><table>
<caption>Cards that people read, if the reported result is right</caption>
<thead><tr>${picture.head.map(cell('th')).join('')}</tr></thead>
<tbody>
${picture.cells.map((cells) => `<tr>${cells.map(cell('td')).join('')}</tr>`).join('\n')}
</tbody>
</table></div>
</html>
`;
}
