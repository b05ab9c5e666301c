// All findings, as `opencanvass verify` gives them: first the record itself, then the election; the two are never mixed.
import { checkWords, figureInWords, findingInWords, findingsTogether } from '@opencanvass/evidence/sentences';
import type { Context, Page } from '../context.ts';
import { badge } from '../frame.ts';
import { html } from '../html.ts';

export function checksPage(c: Context): Page {
  const { words: w, verification } = c;
  const k = w.checksPage;
  const data = {
    findings: verification.findings.map((f) => {
      const { word, statement, size } = findingInWords(f, c.election, c.language);
      const { question, how, failure } = checkWords(f.check, c.language);
      const contest =
        c.election.contests.length > 1
          ? (c.election.contests.find((q) => q.id === f.contest)?.name ?? '')
          : '';
      return {
        of: f.of,
        check: f.check,
        contest,
        word: f.word,
        inWords: word,
        statement,
        size,
        question,
        how,
        failure,
      };
    }),
  };
  const content = html`<p class="lead">${k.lead}</p>
    ${(['record', 'election'] as const).map(
      (of) =>
        html`<section aria-labelledby="${of}">
          <h2 id="${of}">${k[of]}</h2>
          <ul class="findings">
            ${findingsTogether(
              verification.findings.filter((f) => f.of === of),
              c.election,
              c.language,
            ).map(({ finding, word, statement, size, contests }) => {
              const { question, how, failure } = checkWords(finding.check, c.language);
              return html`<li data-check="${finding.check}" data-word="${finding.word}">
                ${badge(finding.word, word)} ${contests.length === 1 && `${contests[0]}: `}${statement}
                ${size !== '' && html`<p>${size}</p>`}
                ${
                  contests.length > 1 &&
                  html`<details>
                    <summary>
                      ${figureInWords({ name: 'contests', value: contests.length, unit: 'contests' }, c.language)}
                    </summary>
                    <p>${contests.join(' · ')}</p>
                  </details>`
                }
                <details>
                  <summary>${k.question}: ${question}</summary>
                  <p><strong>${k.how}.</strong> ${how}</p>
                  <p><strong>${k.failure}.</strong> ${failure}</p>
                </details>
              </li>`;
            })}
          </ul>
        </section>`,
    )}`;
  return { path: 'checks.html', title: k.title, section: 'checks', data, content };
}
