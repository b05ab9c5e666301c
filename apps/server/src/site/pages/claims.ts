// What was said about the election, in its own words, and what the record answers.
import { answerInFull, answerInWords } from '@opencanvass/evidence/sentences';
import { fileName, type Context, type Page } from '../context.ts';
import { badge } from '../frame.ts';
import { html } from '../html.ts';

export function claimsPage(c: Context): Page {
  const { words: w, verification } = c;
  const k = w.claimsPage;
  const data = {
    claims: verification.answers.map((answer) => {
      const { statement } = answer;
      const { id, kind, who, when, where, words, summarised } = statement;
      return {
        id,
        kind,
        who,
        when,
        where,
        words,
        summarised: summarised === true,
        rating: answer.word,
        answer: answerInWords(answer, c.language),
        ...answerInFull(answer, c.election, c.language),
      };
    }),
  };
  const content = html`<p class="lead">${k.lead}</p>
    ${data.claims.length === 0 && html`<p>${k.none}</p>`}
    ${
      data.claims.length > 1 &&
      html`<ul class="contents">
        ${data.claims.map((s) => html`<li><a href="#${fileName(s.id)}">${s.who}: ${short(s.words)}</a></li>`)}
      </ul>`
    }
    ${data.claims.map(
      (s) =>
        html`<article class="claim" id="${fileName(s.id)}">
          <h2 lang="">${short(s.words)}</h2>
          <p class="small">
            ${s.kind === 'official statement' ? k.official : k.claim} · ${s.who}, ${s.when} ·
            ${/^https?:\/\/\S+$/.test(s.where) ? html`<a href="${s.where}" rel="noreferrer">${s.where}</a>` : s.where}
          </p>
          <blockquote>
            <p><span lang="">“${s.words}”</span>${s.summarised && ` (${k.summarised})`}</p>
          </blockquote>
          <p class="answer">${s.answer}</p>
          <ul class="findings">
            ${s.parts.map(
              (p) =>
                html`<li>
                  ${badge('part', p.word)} ${p.role}: ${p.asks}
                  ${p.because.map((b) => html`<p class="small">${b}</p>`)}
                  ${p.beyond !== undefined && html`<p class="small"><strong>${k.beyond}:</strong> ${p.beyond}</p>`}
                </li>`,
            )}
          </ul>
          ${s.figures.map((f) => html`<p class="small">${f}</p>`)}
          ${
            s.change.length > 0 &&
            html`<p><strong>${s.wouldChange}</strong></p>
              <ul>
                ${s.change.map((line) => html`<li>${line}</li>`)}
              </ul>`
          }
        </article>`,
    )}`;
  return { path: 'claims.html', title: k.title, section: 'claims', data, content };
}

/** The first words, for a heading. */
const short = (words: string): string =>
  words.length <= 90 ? words : `${words.slice(0, 90).replace(/\s+\S*$/, '')}…`;
