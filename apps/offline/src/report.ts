// The report, in the order in which it is read: the verdict first, then whether the record holds and what it shows, the two counts, the
// places, the findings, what was said, and what was read.
import type { Finding } from '@opencanvass/evidence/checks';
import type { Verification } from '@opencanvass/evidence/verify';
import type { PageWords } from '@opencanvass/evidence/sentences';
import { claimsSection } from './claims.ts';
import { countiesSection } from './counties.ts';
import { h } from './dom.ts';
import { findingsList, wordClass } from './findings.ts';
import type { Language } from './opening.ts';
import { sayIn } from './say.ts';
import { sidesOf } from '@opencanvass/evidence/checks';
import { checkYourself, sourcesSection } from './sources.ts';
import { totalsSection, typesSection } from './totals.ts';

/** What is reported on: a record's name as it was opened, and what came out. */
export interface Said {
  readonly name: string;
  readonly verification: Verification;
}

export function report(words: PageWords, language: Language, { name, verification }: Said): HTMLElement[] {
  const { evidence, findings, answers } = verification;
  const say = sayIn(language, verification);
  const of = (which: 'record' | 'election'): Finding[] => findings.filter((f) => f.of === which);
  const verdicts = say.verdicts();
  // Of contests that are only reported there is nothing to compare: their figures are there for whoever asks.
  const reportedOnly = new Set(verdicts.flatMap((v) => (v.reportedOnly ? v.contests : [])));
  const sides = (evidence?.election.contests ?? []).map((c) => sidesOf(evidence!, c));
  const looked = sides.filter((s) => !reportedOnly.has(s.contest.name));
  const only = sides.filter((s) => !looked.includes(s));
  return [
    h('h1', {}, evidence === undefined ? name : say.title(evidence.election)),
    ...verdicts.map(({ contest, sentence, kind, contests }) =>
      h(
        'div',
        { class: `alert verdict ${kind}` },
        h('p', { class: 'contest' }, contest),
        h('p', { class: 'sentence' }, sentence),
        contests.length > 0 &&
          h(
            'details',
            {},
            h('summary', {}, words.whichContests),
            h('p', { class: 'contests' }, contests.join(' · ')),
          ),
      ),
    ),
    h(
      'div',
      { class: 'two' },
      summary(words, '#record', words.theRecord, words.recordLead, of('record')),
      summary(words, '#election', words.theElection, words.electionLead, of('election')),
    ),
    ...looked.flatMap((s) => [
      totalsSection(words, s),
      countiesSection(words, s, evidence?.election.state),
      typesSection(words, s),
    ]),
    only.length > 0 &&
      h(
        'details',
        {},
        h('summary', {}, words.reportedOnly(say.contests(only.length))),
        ...only.map((s) => totalsSection(words, s)),
      ),
    h('h2', { id: 'election' }, `${words.theElection}: ${words.findings.toLowerCase()}`),
    findingsList(words, say, of('election'), evidence),
    h('h2', { id: 'record' }, `${words.theRecord}: ${words.findings.toLowerCase()}`),
    findingsList(words, say, of('record'), evidence),
    claimsSection(words, say, answers),
    sourcesSection(words, verification),
    checkYourself(words, name),
  ].filter((section) => section !== undefined && section !== false);
}

/** How many checks hold, fail, cannot be told. Two boxes, so that the record's state and the election's are never mixed up. */
function summary(
  words: PageWords,
  findingsAt: string,
  title: string,
  lead: string,
  findings: readonly Finding[],
): HTMLElement {
  const counted = (['holds', 'fails', 'cannot tell', 'does not apply'] as const)
    .map((word) => ({ word, n: findings.filter((f) => f.word === word).length }))
    .filter(({ n }) => n > 0);
  return h(
    'section',
    { class: 'card' },
    h('h2', {}, h('a', { href: findingsAt }, title)),
    h('p', { class: 'soft' }, lead),
    h(
      'ul',
      { class: 'tallies' },
      ...counted.map(({ word, n }) =>
        h(
          'li',
          {},
          h('b', {}, String(n)),
          h('span', { class: `word ${wordClass[word]}` }, words.counts[word]),
        ),
      ),
    ),
  );
}
