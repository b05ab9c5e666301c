// All findings, as `opencanvass verify` gives them: first the record itself, then the election; the two are never mixed.
import { checkWords, findingInWords } from '@opencanvass/evidence/sentences';
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
            ${data.findings
              .filter((f) => f.of === of)
              .map(
                (f) =>
                  html`<li data-check="${f.check}" data-word="${f.word}">
                    ${badge(f.word, f.inWords)} ${f.contest !== '' && `${f.contest}: `}${f.statement}
                    ${f.size !== '' && html`<p>${f.size}</p>`}
                    <details>
                      <summary>${k.question}: ${f.question}</summary>
                      <p><strong>${k.how}.</strong> ${f.how}</p>
                      <p><strong>${k.failure}.</strong> ${f.failure}</p>
                    </details>
                  </li>`,
              )}
          </ul>
        </section>`,
    )}`;
  return { path: 'checks.html', title: k.title, section: 'checks', data, content };
}
