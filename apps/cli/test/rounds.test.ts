import { BallotBox, countRounds, instantRunoffRules } from '@opencanvass/evidence/tally';
import { expect, test } from 'vitest';
import { roundsTable, roundsText } from '../src/rounds.ts';

const box = new BallotBox(['Ann', 'Bo', 'Cy', 'Di'].map((name) => ({ name })));
box.add([[0]], 4000);
box.add([[1]], 3000);
box.add([[2], [1]], 1500);
box.add([[3], [2]], 20);
const result = countRounds(box.ballots(), instantRunoffRules);

test('a table of rounds, and the rounds in words', () => {
  expect(roundsText(result, 100)).toBe(`\
  candidate         Round 1  Round 2  Round 3
  Bo                  3,000    3,000    4,500+
  Ann                 4,000    4,000    4,000
  Cy                  1,500    1,520-
  Di                     20-
  count for nobody        0        0       20
  needed              4,261    4,261    4,251
  + elected, - eliminated

  Round 1
    Di is eliminated with the fewest votes, 20.
    Votes of Di: 20 to Cy.
  Round 2
    Cy is eliminated with the fewest votes, 1,520.
    Votes of Cy: 1,500 to Bo; 20 to nobody, with no further choice.
  Round 3
    Bo is elected with 4,500 votes; 4,251 are needed.
  Elected: Bo.
`);
});

test('as many rounds side by side as the terminal is wide', () => {
  const lines = roundsTable(result, 40);
  expect(Math.max(...lines.map((l) => l.length))).toBeLessThanOrEqual(38);
  expect(lines.filter((l) => l.startsWith('Bo'))).toHaveLength(2);
  // Whoever is out of the later rounds has no line in their table.
  expect(lines.filter((l) => l.startsWith('Di'))).toHaveLength(1);
});
