// The frame around every page: who speaks, where one is, the other language, what it was made from, and the same as data.
import { grouped } from '@opencanvass/evidence/sentences';
import { headline, type Context, type Page } from './context.ts';
import { html, type Content, type Html } from './html.ts';
import type { SiteWords } from './words.ts';

const places: readonly (readonly [keyof SiteWords['nav'], string])[] = [
  ['home', 'index.html'],
  ['schedule', 'schedule.html'],
  ['counties', 'counties.html'],
  ['contests', 'contests.html'],
  ['commitments', 'commitments.html'],
  ['discrepancies', 'discrepancies.html'],
  ['claims', 'claims.html'],
  ['checks', 'checks.html'],
  ['record', 'record.html'],
];

/** Where a page lies in the site: English at the top, Spanish in its folder. */
export const placeOf = (language: 'en' | 'es', path: string): string =>
  language === 'es' ? `es/${path}` : path;
export const dataOf = (language: 'en' | 'es', path: string): string =>
  placeOf(language, `data/${path.replace(/\.html$/, '.json')}`);

/** From one file of the site to another, so that it works at any address and from a disk. */
export const way = (from: string, to: string): string => '../'.repeat(from.split('/').length - 1) + to;

export function pageText(c: Context, { path, title, section, content }: Page): string {
  const { words: w, language } = c;
  const here = placeOf(language, path);
  const other = language === 'en' ? 'es' : 'en';
  const { record } = c.verification;
  const last = record?.entries.at(-1);
  return documentText(
    { language, title: `${title} · ${headline(c)}`, style: way(here, 'site.css') },
    html`<a class="skip" href="#content">${w.skip}</a>
      <header class="top">
        <div class="wide">
          <p class="tagline">${w.official}</p>
          <p class="name"><a href="${way(here, placeOf(language, 'index.html'))}">${headline(c)}</a></p>
          <p class="other">
            <a href="${way(here, placeOf(other, path))}" lang="${other}" hreflang="${other}"
              >${w.otherLanguage}</a
            >
          </p>
        </div>
        <nav aria-label="${w.menu}">
          <ul class="wide">
            ${places.map(
              ([name, to]) =>
                html`<li>
                  <a
                    href="${way(here, placeOf(language, to))}"
                    ${name === section && html` aria-current="${path === to ? 'page' : 'true'}"`}
                    >${w.nav[name]}</a
                  >
                </li>`,
            )}
          </ul>
        </nav>
      </header>
      <main id="content" class="wide" tabindex="-1">
        <h1>${title}</h1>
        ${record?.kind === 'reconstructed' && html`<p class="note">${w.reconstructed}</p>`} ${content}
      </main>
      <footer>
        <div class="wide">
          <p>
            ${w.madeFrom(grouped(record?.entries.length ?? 0), last === undefined ? '' : c.time(last.appended))}
          </p>
          <p>${w.root}: <code>${record?.root ?? ''}</code></p>
          <p><a href="${way(here, dataOf(language, path))}">${w.asJson}</a></p>
          <p>${w.footer}</p>
        </div>
      </footer>`,
  );
}

/** A whole document. No script, and no style of its own: what the strictest policy allows. */
export const documentText = (
  {
    language,
    title,
    style,
    againIn,
  }: {
    readonly language: string;
    readonly title: string;
    readonly style: string;
    /** Seconds after which a browser asks for it again by itself. */
    readonly againIn?: number | undefined;
  },
  body: Html,
): string =>
  html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        ${againIn !== undefined && html`<meta http-equiv="refresh" content="${againIn}" />`}
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="${style}" />
      </head>
      <body>
        ${body}
      </body>
    </html> `.toString();

// ── parts that several pages use ──

/**
 * A table that scrolls by itself where the screen is narrow. The first cell of a row is its head. `titled`: a heading right above it says the same as its
 * caption, which is then for screen readers alone. `stacks`: on a phone each row is a block of its own, for few rows with sentences in them.
 */
export const table = (
  caption: string,
  columns: readonly { readonly name: string; readonly numeric?: boolean }[],
  rows: readonly (readonly Content[])[],
  { titled = false, stacks = false }: { readonly titled?: boolean; readonly stacks?: boolean } = {},
): Html =>
  html`<div class="scroll" tabindex="0" role="group" aria-label="${caption}">
    <table${stacks && html` class="stacks"`}>
      <caption${titled && html` class="unseen"`}>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map((k) => html`<th scope="col" ${k.numeric === true && html` class="num"`}>${k.name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell, i) =>
                i === 0
                  ? html`<th scope="row">${cell}</th>`
                  : html`<td${columns[i]?.numeric === true && html` class="num"`}${stacks && html` data-label="${columns[i]?.name ?? ''}"`}>${cell}</td>`,
              )}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;

export const facts = (pairs: readonly (readonly [string, Content])[]): Html =>
  html`<dl class="facts">
    ${pairs.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;

/** A word on its colour; the word says it, the colour only repeats it. */
export const badge = (kind: string, text: string): Html =>
  html`<span class="badge ${kind.replaceAll(' ', '-')}">${text}</span>`;
