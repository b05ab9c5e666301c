// The steps with what an observer can watch at each, and what has happened so far by the record. Dates ahead are the office's to announce.
import { grouped } from '@opencanvass/evidence/sentences';
import type { Context, Page } from '../context.ts';
import { badge, table } from '../frame.ts';
import { html } from '../html.ts';
import { stepsOf } from './home.ts';

export function schedulePage(c: Context): Page {
  const { words: w } = c;
  const data = { steps: stepsOf(c).map((s) => ({ ...s, watch: w.observe[s.step] })), happened: happened(c) };
  const conducted = c.verification.record?.kind === 'conducted';
  const content = html`<p class="lead">${w.schedule.lead}</p>
    <ol class="steps tall">
      ${data.steps.map(
        (s) =>
          html`<li class="${conducted ? s.state : 'later'}">
            <h2>${s.name}</h2>
            ${conducted && badge(s.state, w.stepStates[s.state])}
            <p><strong>${w.schedule.watch}.</strong> ${s.watch}</p>
          </li>`,
      )}
    </ol>
    <section aria-labelledby="happened">
      <h2 id="happened">${w.schedule.happened}</h2>
      ${table(
        w.schedule.happened,
        [
          { name: w.schedule.what },
          { name: w.schedule.acts, numeric: true },
          { name: w.schedule.first },
          { name: w.schedule.last },
        ],
        data.happened.map((h) => [h.kind, grouped(h.acts), c.time(h.first), c.time(h.last)]),
        { titled: true },
      )}
    </section>`;
  return { path: 'schedule.html', title: w.schedule.title, section: 'schedule', data, content };
}

/** The acts of the record, in the order in which each came first, in words. */
const happened = ({ acts, words }: Context) =>
  [...acts.happened].map(([variant, times]) => ({ act: variant, kind: words.acts[variant], ...times }));
