// What the checks of the election found, with what explains it beside it; and what people put on the record: explanations, objections, incidents,
// corrections. A correction is marked as one for good, and what it corrects stays.
import { findingInWords, grouped, jurisdictionName } from '@opencanvass/evidence/sentences';
import type { Note } from '../acts.ts';
import { entries, type Context, type Page } from '../context.ts';
import { badge } from '../frame.ts';
import { html } from '../html.ts';
import type { SiteWords } from '../words.ts';

const kinds: readonly Note['kind'][] = [
  'correction',
  'challenge',
  'investigation',
  'incident',
  'explanation',
];

export function discrepanciesPage(c: Context): Page {
  const { words: w, acts, verification } = c;
  const k = w.discrepanciesPage;
  const explanations = new Map((verification.evidence?.explanations ?? []).map((e) => [e.position, e]));
  const data = {
    found: verification.findings
      .filter((f) => f.of === 'election' && f.word === 'fails')
      .map((f) => {
        const { word, statement, size } = findingInWords(f, c.election, c.language);
        return {
          check: f.check,
          word,
          statement,
          size,
          units: f.units.length,
          explanations: f.explainedBy.map((position) => ({
            position,
            words: explanations.get(position)?.words ?? '',
            by: explanations.get(position)?.by ?? [],
          })),
        };
      }),
    notes: acts.notes.map((n) => ({
      ...n,
      countyName: n.county === undefined ? '' : jurisdictionName(n.county, c.election),
    })),
  };
  const content = html`<p class="lead">${k.lead}</p>
    <section aria-labelledby="found">
      <h2 id="found">${k.found}</h2>
      ${
        data.found.length === 0
          ? html`<p>${k.nothing}</p>`
          : html`<ul class="findings">
              ${data.found.map(
                (f) =>
                  html`<li>
                    ${badge('fails', f.word)} ${f.statement}
                    <p>${f.size}</p>
                    ${f.explanations.length === 0 && html`<p class="small">${k.noExplanation}</p>`}
                    ${f.explanations.map(
                      (e) =>
                        html`<blockquote>
                          <p>
                            ${k.explanation}
                            (${w.entry(grouped(e.position))}${e.by.length > 0 && `, ${k.by(e.by.join(', '))}`}):
                            ${e.words}
                          </p>
                        </blockquote>`,
                    )}
                  </li>`,
              )}
            </ul>`
      }
    </section>
    ${kinds.map((kind) => {
      const notes = data.notes.filter((n) => n.kind === kind);
      return (
        notes.length > 0 &&
        html`<section aria-labelledby="${kind}">
          <h2 id="${kind}">${k.notes[kind]}</h2>
          ${kind === 'correction' && html`<p>${k.correctionNote}</p>`}
          <ul class="findings">
            ${notes.map(
              (n) =>
                html`<li>
                  ${badge(kind, w.entry(grouped(n.entry)))}
                  ${n.about.length > 0 && (kind === 'correction' ? k.corrects(entries(c, n.about)) : k.about(entries(c, n.about)))}
                  <p>
                    <strong>${w.acts[n.variant]}</strong>${n.unit !== undefined && html`: ${n.unit}`}.
                    ${n.why !== undefined && k.why(whyOf(w, n.why))}
                  </p>
                  <blockquote><p>${n.words}</p></blockquote>
                  ${n.witnesses !== undefined && html`<p>${k.witnesses(n.witnesses.join(', '))}</p>`}
                  <p class="small">
                    ${[n.countyName, k.by(n.by.join(', ')), c.time(n.when)].filter((t) => t !== '').join(' · ')}
                  </p>
                </li>`,
            )}
          </ul>
        </section>`
      );
    })}`;
  return { path: 'discrepancies.html', title: k.title, section: 'discrepancies', data, content };
}

/** Why something was read again, or differs: a fixed word, told in the reader's language. */
const whyOf = ({ whyRead, whyDiffer }: SiteWords, why: string): string =>
  ({ ...whyRead, ...whyDiffer } as Readonly<Record<string, string>>)[why] ?? why;
