// Cards on which every vote and every code of one occurs: contests for one vote, for three, ranked, and two of almost one name.
import { ChunkBuilder, cvrChoice, cvrContest, emptyNames, voteCodes } from '@opencanvass/evidence/cvr';
import type { CvrConsumer, GrowingHeader } from '@opencanvass/evidence/cvr';

/** Hands over `cards` cards; a chunk has 700. */
export async function everyCode(to: CvrConsumer, cards: number): Promise<void> {
  const contests = [
    cvrContest('Mayor', 1, 0),
    cvrContest('Town Council', 3, 0),
    cvrContest('2nd "Sheriff"', 1, 3),
    cvrContest('Mayor!', 1, 0),
  ];
  for (const contest of contests)
    contest.choices.push(...['Ann', 'Bo', "D'Ax", 'Write-in'].map((name) => cvrChoice(name)));
  const header: GrowingHeader = {
    election: 'Test',
    format: 'test',
    version: '1',
    contests,
    names: emptyNames(),
  };
  const b = new ChunkBuilder(header, 700);
  let state = 12_345;
  const below = (n: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 16) % n;
  };
  await to.begin(header);
  for (let i = 0; i < cards; i++) {
    if (b.full) await b.deliver(to);
    b.card();
    b.number(i + 1);
    b.attribute('precinct', b.code('precinct', `P ${below(40)}`));
    for (const [c, { ranks }] of contests.entries()) {
      if (below(8) === 0) continue;
      const marked = [0, 1, 2, 3].filter(() => below(3) === 0);
      if (below(50) === 0) b.vote(c, voteCodes.invalid);
      else if (ranks === 0) b.marked(c, marked, marked.length);
      else {
        b.vote(c, marked.length === 0 ? voteCodes.blank : voteCodes.listed);
        const ranked = marked.map((k) => [k, 1 + below(3)] as const).sort((x, y) => x[1] - y[1]);
        for (const [k, rank] of ranked) b.mark(c, k, rank);
      }
    }
  }
  await b.deliver(to);
}
