// An answer in words, in both languages, and as ClaimReview.
import { expect, test } from 'vitest';
import type { Finding } from '../checks/index.ts';
import { answerStatements, type Answer } from '../claims/index.ts';
import { contestId, jurisdictionId } from '../election/index.ts';
import type { Evidence, Statement } from '../record/index.ts';
import { answerInFull, answerInWords, claimReview } from './index.ts';

const contest = contestId('Clerk');
const adams = jurisdictionId('Adams');
const election = {
  name: 'Test',
  date: '2026-11-03',
  jurisdictions: [{ id: adams, name: 'Adams' }],
  contests: [],
};
const found = (check: string, word: Finding['word'], more: Partial<Finding>): Finding => ({
  check, of: 'election', word, contest, figures: [], units: [], read: [], explainedBy: [], ...more,
}); // prettier-ignore

function answered(): Answer {
  const statement: Statement = {
    id: 's', kind: 'claim', who: 'Somebody', when: '2026-11-04', where: 'The Paper', words: 'They moved 500 votes.', contest,
    parts: [
      { id: 'moved', asks: 'Were votes moved?', role: 'kernel', tests: [{ check: 'differences-below-margin', word: 'fails' }] },
      { id: 'adams', asks: 'In Adams.', role: 'kernel', tests: [{ check: 'voters-credited', word: 'fails', jurisdiction: adams }] },
      { id: 'meant', asks: 'On purpose?', role: 'conclusion', tests: [], beyond: 'A court would hear it.' },
    ],
    figures: [{ name: 'moved', value: '500', of: 'votes moved', note: 'From a chart.' }],
  }; // prettier-ignore
  const evidence: Evidence = {
    election, results: [], handCounts: [], handCountTotals: [], ballotsCast: [], statedAudits: [], explanations: [],
    statements: [{ value: statement, sources: [{ name: 'entry 7', position: 7 }] }],
  }; // prettier-ignore
  return answerStatements(evidence, [
    found('same-winner', 'holds', { figures: [{ name: 'reportedMargin', value: 12_670, unit: 'votes' }] }),
    found('differences-below-margin', 'holds', {
      figures: [
        { name: 'grossMargin', value: 3_974, unit: 'votes' },
        { name: 'margin', value: 12_670, unit: 'votes' },
      ],
      read: [{ name: 'hand.csv', sha256: 'ab' }],
    }),
    found('voters-credited', 'cannot tell', { code: 'no-voter-credit-file' }),
  ])[0]!;
}

test('the word, the size beside the margin', () => {
  expect(answerInWords(answered())).toBe('answered in part; 3,974 votes, beside a margin of 12,670 votes');
  expect(answerInWords(answered(), 'es')).toBe(
    'respondido en parte; 3,974 votos, junto a un margen de 12,670 votos',
  );
});

test('each part with what answered it, the figures, and what would change the answer', () => {
  const { parts, figures, change } = answerInFull(answered(), election);
  expect(parts.map((p) => [p.role, p.word])).toEqual([
    ['it starts from', 'wrong'],
    ['it starts from', 'cannot tell'],
    ['it concludes', 'no record here answers it'],
  ]);
  expect(parts.map((p) => p.because)).toEqual([
    [
      'holds: all differences together, even if all went one way, are smaller than the margin (3,974 votes against a margin of 12,670)',
    ],
    ['cannot tell, in Adams: ballots counted = voters credited (no voter credit file)'],
    [],
  ]);
  expect(figures).toEqual(['votes moved, stated as 500: made from records not at hand. From a chart.']);
  expect(change).toEqual([
    'if this came out the other way: all differences together, even if all went one way, are smaller than the margin',
    'if this were in the record: The list of voters credited with voting, by county.',
    'A court would hear it.',
  ]);
});

test('in Spanish the words are Spanish, and the statement’s own stand as they are', () => {
  const { word, parts } = answerInFull(answered(), election, 'es');
  expect([word, parts[0]!.word, parts[0]!.asks]).toEqual([
    'respondido en parte',
    'falso',
    'Were votes moved?',
  ]);
  expect(parts[1]!.because[0]).toMatch(/^no se puede determinar, en Adams: /);
});

test('as ClaimReview: verbatim, with the digests of what was read, and no number where the answer is none', () => {
  const review = claimReview(answered(), {
    url: 'https://example.org/claims/s',
    publisher: 'A county',
    date: '2026-12-01',
  });
  expect(review).toMatchObject({
    '@type': 'ClaimReview',
    claimReviewed: 'They moved 500 votes.',
    itemReviewed: { '@type': 'Claim', author: { name: 'Somebody' }, datePublished: '2026-11-04' },
    reviewRating: { alternateName: 'answered in part' },
    isBasedOn: [{ name: 'hand.csv', identifier: 'sha256:ab' }],
  });
  expect(JSON.stringify(review)).not.toContain('ratingValue');
  const { ratingExplanation } = (review as { reviewRating: { ratingExplanation: string } }).reviewRating;
  expect(ratingExplanation).not.toMatch(/[.?!]{2}|[^.?!]$/);
});
