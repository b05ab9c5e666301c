// What was said, verbatim, and what the record answers: part by part, with the findings that answer each.
import type { Answer } from '@opencanvass/evidence/verify';
import type { PageWords } from '@opencanvass/evidence/sentences';
import { h } from './dom.ts';
import type { Say } from './say.ts';

const partClass = {
  right: 'holds',
  wrong: 'fails',
  'cannot tell': 'tell',
  'no public record': 'none',
} as const;

export function claimsSection(
  words: PageWords,
  say: Say,
  answers: readonly Answer[],
): HTMLElement | undefined {
  if (answers.length === 0) return undefined;
  return h(
    'section',
    { 'aria-labelledby': 'claims' },
    h('h2', { id: 'claims' }, words.claims),
    h('p', {}, words.claimsLead),
    ...answers.map((answer) => oneClaim(words, say, answer)),
  );
}

function oneClaim(words: PageWords, say: Say, answer: Answer): HTMLElement {
  const { statement, parts } = answer;
  const full = say.answerInFull(answer);
  return h(
    'article',
    { class: 'claim', id: `claim-${statement.id}` },
    h(
      'p',
      { class: 'soft' },
      `${statement.kind === 'official statement' ? words.officialStatement : words.claim} · ${words.saidBy(statement.who, statement.when)} · ${statement.where}`,
    ),
    h(
      'blockquote',
      {},
      h('span', { lang: '' }, `“${statement.words}”`),
      statement.summarised === true && h('span', { class: 'note' }, ` (${words.summarised})`),
    ),
    h('p', { class: `answer ${answer.word.replace(' ', '-')}` }, say.answer(answer)),
    h(
      'details',
      {},
      h('summary', {}, `${words.parts} (${parts.length})`),
      h(
        'ul',
        {},
        ...full.parts.map((part, i) =>
          h(
            'li',
            {},
            h(
              'p',
              {},
              h('span', { class: `word ${partClass[parts[i]!.word]}` }, part.word),
              ` ${part.role}: ${part.asks}`,
            ),
            ...part.because.map((because) => h('p', { class: 'note' }, because)),
            part.beyond !== undefined &&
              h('p', { class: 'note' }, h('strong', {}, `${words.beyond}: `), part.beyond),
          ),
        ),
      ),
      ...full.figures.map((figure) => h('p', { class: 'note' }, figure)),
      full.change.length > 0 && h('p', {}, h('strong', {}, words.wouldChange)),
      full.change.length > 0 && h('ul', {}, ...full.change.map((c) => h('li', {}, c))),
    ),
  );
}
