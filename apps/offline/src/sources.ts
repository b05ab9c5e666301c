// What was read, with digests; the log it hangs on; and how to check all of it without this page.
import type { Verification } from '@opencanvass/evidence/verify';
import type { Source } from '@opencanvass/evidence/record';
import type { PageWords } from '@opencanvass/evidence/sentences';
import { h } from './dom.ts';
import { number } from './numbers.ts';
import { sortedTable } from './table.ts';

export function sourcesSection(words: PageWords, { record, evidence }: Verification): HTMLElement {
  const sources = new Map<string, Source & { readonly sha256: string }>();
  const all = [
    ...(evidence?.results ?? []),
    ...(evidence?.handCounts ?? []),
    ...(evidence?.ballotsCast ?? []),
    ...(evidence?.statedAudits ?? []),
  ].flatMap((s) => s.sources);
  for (const source of all)
    if (source.sha256 !== undefined) sources.set(source.sha256, { ...source, sha256: source.sha256 });
  return h(
    'section',
    { 'aria-labelledby': 'sources' },
    h('h2', { id: 'sources' }, words.sources),
    h('p', {}, words.sourcesLead),
    record !== undefined &&
      h(
        'dl',
        { class: 'facts' },
        h('dt', {}, words.origin),
        h('dd', {}, record.origin),
        h('dt', {}, words.theRecord),
        h('dd', {}, words[record.kind]),
        h('dt', {}, words.logSize),
        h('dd', {}, number(record.size)),
        h('dt', {}, words.logRoot),
        h('dd', { class: 'digest' }, record.root),
      ),
    sortedTable(
      words,
      words.sources,
      [
        { title: words.source, show: (s) => s.name, by: (s) => s.name },
        { title: words.digest, show: (s) => h('span', { class: 'digest' }, s.sha256), by: (s) => s.sha256 },
        {
          title: words.entry,
          show: (s) => (s.position === undefined ? '' : number(s.position)),
          by: (s) => s.position ?? -1,
          numeric: true,
        },
      ],
      [...sources.values()],
    ),
  );
}

export const checkYourself = (words: PageWords, name: string): HTMLElement =>
  h(
    'section',
    { 'aria-labelledby': 'yourself' },
    h('h2', { id: 'yourself' }, words.checkYourself),
    h('p', {}, words.checkLead),
    h(
      'pre',
      { tabindex: 0 },
      h('code', {}, `npm exec opencanvass -- verify ${name === '' ? 'RECORD' : name}`),
    ),
  );
