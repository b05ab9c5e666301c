// A made-up ranked contest in three counties, two batches of a hundred ballots in each: whom the paper elects is known from how the ballots were made.
import { toUtf8 } from '@opencanvass/evidence/bytes';
import { counties, type County, type Person, type TestDesk } from './testDesk.ts';

export const contest = 'judge';
export const batches = ['B1', 'B2'] as const;
const names = ['Ivy', 'Jon', 'Kim'] as const;

/** Ballots of a batch by ranking: "ivy jon" is Ivy first and Jon second, "ivy=jon" both at the first rank, "- jon" a blank first rank. */
export type Paper = Readonly<Record<string, number>>;
export type OnPaper = (county: County, batch: string) => Paper;

/** Ivy leads by first choices, 40 of 90 in each batch; without Kim, Jon has 45. */
export const jonWins: OnPaper = () => ({
  ivy: 30,
  'ivy kim': 10,
  'jon kim': 20,
  jon: 10,
  'kim jon': 14,
  '- kim jon': 1,
  'kim ivy': 3,
  'ivy=jon kim': 2,
});
export const ranksOf = (word: string): string[][] =>
  word.split(' ').map((at) => (at === '-' ? [] : at.split('=')));
export const counted = (paper: Paper) => ({
  rankings: Object.entries(paper).map(([word, ballots]) => ({ ranks: ranksOf(word), ballots })),
  blank: 8,
  writeIns: 2,
});
const size = 100;

/** First choices, as a results file has them. */
export const results = (): Uint8Array => {
  const votes = [40, 30, 18];
  const rows = counties.flatMap((c) => names.map((n, i) => `Judge,${c},${n},${votes[i]! * batches.length}`));
  return toUtf8(`contest,jurisdiction,choice,votes\n${rows.join('\n')}\n`);
};

/** Managers with their keys, and every county's manifest sealed. */
export async function sealManifests(t: TestDesk, state: Person): Promise<Record<County, Person>> {
  const managers = {} as Record<County, Person>;
  for (const county of counties) {
    const manager = (managers[county] = await t.account(state, `${county}-clerk`, 'county manager', county));
    const params = { county };
    const manifest = `Tabulator,Batch Name,Number of Ballots\n${batches.map((b) => `T1,${b},${size}`).join('\n')}\n`;
    await t.do(manager.client, 'manifest', { params, query: { name: 'm.csv' }, file: toUtf8(manifest) });
    await t.sign(manager, await t.do(manager.client, 'seal', { params }));
  }
  return managers;
}
