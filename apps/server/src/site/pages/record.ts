// The record to take away, the offline verifier beside it, and three ways to verify.
import { grouped } from '@opencanvass/evidence/sentences';
import type { Context, Page } from '../context.ts';
import { facts, placeOf, table, way } from '../frame.ts';
import { html } from '../html.ts';

/** `paths`: all files of the published record. */
export function recordPage(c: Context, paths: readonly string[]): Page {
  const { words: w, verification } = c;
  const { record } = verification;
  const k = w.recordPage;
  const here = placeOf(c.language, 'record.html');
  const data = {
    origin: record?.origin ?? '',
    entries: record?.entries.length ?? 0,
    root: record?.root ?? '',
    kind: record?.kind ?? '',
    zip: 'record.zip',
    verifier: 'opencanvass.html',
    files: paths.map((p) => `record/${p}`),
  };
  const shown = paths.filter((p) => !p.startsWith('tile/') && !p.startsWith('bodies/'));
  const content = html`<p class="lead">${k.lead}</p>
    <section aria-labelledby="download">
      <h2 id="download">${k.download}</h2>
      <ul class="downloads">
        <li><a href="${way(here, data.zip)}" download="record.zip">${k.zip}</a></li>
        <li><a href="${way(here, data.verifier)}" download="opencanvass.html">${k.page}</a></li>
      </ul>
    </section>
    <section aria-labelledby="ways">
      <h2 id="ways">${k.ways}</h2>
      <ol class="steps tall">
        <li>
          <h3>${k.offline}</h3>
          <p>${k.offlineSteps}</p>
        </li>
        <li>
          <h3>${k.command}</h3>
          <p><code>opencanvass verify record.zip</code></p>
        </li>
        <li>
          <h3>${k.own}</h3>
          <p>${k.ownSteps}</p>
        </li>
      </ol>
      <p>${k.compare}</p>
      ${facts([
        [k.origin, data.origin],
        [k.entries, grouped(data.entries)],
        [w.root, html`<code>${data.root}</code>`],
        [k.kind, data.kind === 'conducted' ? k.conducted : k.reconstructed],
      ])}
    </section>
    <section aria-labelledby="files">
      <h2 id="files">${k.folder}</h2>
      ${table(
        k.files,
        [{ name: k.path }],
        shown.map((p) => [html`<a href="${way(here, `record/${p}`)}"><code>${p}</code></a>`]),
        { titled: true },
      )}
    </section>`;
  return { path: 'record.html', title: k.title, section: 'record', data, content };
}
