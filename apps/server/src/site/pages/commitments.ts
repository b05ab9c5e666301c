// What was committed to before the dice, and the dice: the digests of everything sealed, the seed shown large with its witnesses, and every preview
// with a made-up seed, which stays what it is.
import { grouped, jurisdictionName } from '@opencanvass/evidence/sentences';
import type { Context, Page } from '../context.ts';
import { badge, facts, table } from '../frame.ts';
import { html } from '../html.ts';

export function commitmentsPage(c: Context): Page {
  const { words: w, acts } = c;
  const k = w.commitmentsPage;
  const data = {
    ...(acts.seed === undefined ? {} : { seed: acts.seed }),
    previews: acts.previews,
    commitments: acts.commitments.map((s) => ({
      ...s,
      countyName: s.county === undefined ? '' : jurisdictionName(s.county, c.election),
    })),
  };
  const { seed } = data;
  const content = html`<p class="lead">${k.lead}</p>
    <section aria-labelledby="seed">
      <h2 id="seed">${k.seed}</h2>
      ${
        seed === undefined
          ? html`<p>${k.noSeed}</p>`
          : html`<p class="seed">
                ${(seed.seed.match(/.{1,5}/gsu) ?? []).map((five) => html`<span>${five}</span>`)}
              </p>
              <p>${k.seedNote}</p>
              ${facts([
                [k.how, seed.how],
                [k.witnesses, seed.witnesses.join(', ')],
                [w.when, `${c.time(seed.when)} (${w.entry(grouped(seed.entry))})`],
              ])}`
      }
    </section>
    ${
      data.previews.length > 0 &&
      html`<section aria-labelledby="previews">
        <h2 id="previews">${k.previews}</h2>
        <p>${k.previewNote}</p>
        <ul class="findings">
          ${data.previews.map((p) => html`<li>${badge('preview', k.preview)} <code>${p.seed}</code> · ${c.time(p.when)} · ${w.entry(grouped(p.entry))}</li>`)}
        </ul>
      </section>`
    }
    <section aria-labelledby="sealed">
      <h2 id="sealed">${k.sealed}</h2>
      ${
        data.commitments.length === 0
          ? html`<p>${k.none}</p>`
          : table(
              k.sealed,
              [
                { name: w.county },
                { name: k.what },
                { name: w.when },
                { name: k.digest },
                { name: k.file },
                { name: w.state },
              ],
              data.commitments.map((s) => [
                s.countyName,
                k.kinds[s.kind] ?? s.kind,
                html`${c.time(s.when)}<br />${w.entry(grouped(s.entry))}`,
                html`<code>${s.digest}</code>`,
                s.files.length === 0
                  ? '–'
                  : s.files.map((f) => html`${f.name}<br /><code>${f.sha256}</code>`),
                s.isSealed
                  ? badge('sealed', k.still)
                  : s.opened === undefined
                    ? k.open
                    : k.opened(grouped(s.opened)),
              ]),
              { titled: true },
            )
      }
    </section>`;
  return { path: 'commitments.html', title: k.title, section: 'commitments', data, content };
}
