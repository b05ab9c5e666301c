import { describe, expect, test } from 'vitest';
import {
  ChunkBuilder,
  CvrCollector,
  cardsWith,
  cvrChoice,
  cvrContest,
  emptyNames,
  identityOf,
  isWriteInLine,
  severalUnnamed,
  textAt,
  voteCodes,
  voteOn,
} from './index.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function builder(capacity?: number): ChunkBuilder {
  const mayor = cvrContest('Mayor', 1, 3);
  const council = cvrContest('Council', 2, 0);
  mayor.choices.push(...['Alice', 'Bob', 'Chuan'].map((n) => cvrChoice(n)));
  council.choices.push(...['Diego', 'Eli', 'Farhad'].map((n) => cvrChoice(n)));
  const header = { election: 'Test', format: 'test', contests: [mayor, council], names: emptyNames() };
  return new ChunkBuilder(header, capacity);
}

describe('cast vote records in columns', () => {
  test('what a card says comes back as it went in', () => {
    const b = builder();
    b.card(); // ranks Bob first, skips the second rank, and two choices at the third
    b.attribute('batch', b.code('batch', 'Batch 7'));
    b.imprinted(encode('x1-7-1y'), 1, 6);
    b.vote(0, voteCodes.listed);
    b.mark(0, 1, 1);
    b.mark(0, 0, 3);
    b.mark(0, 2, 3);
    b.marked(1, [0, 2], 2);
    b.card(); // mayor not on the card; three marks for two seats
    b.marked(1, [0, 1, 2], 3);
    b.card();
    b.vote(0, voteCodes.listed);
    b.mark(0, severalUnnamed, 2);
    b.marked(1, [], 0);
    const chunk = b.take();
    const votes = [0, 1, 2].map((i) => [0, 1].map((c) => voteOn(b.header, chunk, c, i)));
    expect(votes).toEqual([
      [
        { kind: 'ranking', ranks: [[1], [], [0, 2]] },
        { kind: 'votes', choices: [0, 2] },
      ],
      [{ kind: 'notOnCard' }, { kind: 'overvoted', choices: [0, 1, 2] }],
      [{ kind: 'ranking', ranks: [[], 'several'] }, { kind: 'blank' }],
    ]);
    expect(identityOf(b.header, chunk, 0)).toMatchObject({
      batch: 'Batch 7',
      imprinted: '1-7-1',
      precinct: '',
    });
    expect(identityOf(b.header, chunk, 1)).toMatchObject({ batch: '', imprinted: '' });
  });

  test('a refused row leaves no trace, wherever it stood', () => {
    const b = builder(2);
    b.card();
    b.marked(1, [1], 1);
    b.card();
    b.attribute('precinct', b.code('precinct', 'P'));
    b.record(encode('12'), 0, 2);
    b.adjudicated();
    b.weight(9);
    b.marked(1, [0, 1, 2], 3);
    b.withdraw();
    b.card();
    b.record(encode('34'), 0, 2);
    const chunk = b.take();
    expect([...chunk.adjudicated, ...(chunk.weight ?? [])]).toEqual([0, 0, 1, 1]);
    expect(chunk.contests[1]!.marks.record).toHaveLength(0);
    expect(voteOn(b.header, chunk, 1, 1)).toEqual({ kind: 'notOnCard' });
    expect([textAt(chunk.record, 0), textAt(chunk.record, 1)]).toEqual(['', '34']);
    expect(identityOf(b.header, chunk, 1).precinct).toBe('');
  });

  test('chunks join: a contest learned late is on no earlier card', async () => {
    const b = builder(1);
    const all = new CvrCollector();
    all.begin(b.header);
    b.card();
    b.marked(1, [0], 1);
    expect(() => b.card()).toThrow(RangeError);
    await b.deliver(all);
    b.header.contests.push(cvrContest('Measure A', 1, 0));
    b.header.contests[2]!.choices.push(cvrChoice('Yes'));
    b.card();
    b.weight(4);
    b.marked(2, [0], 1);
    await b.deliver(all);
    await b.deliver(all); // nothing left: no empty chunk
    const { chunks } = all.cvrs!;
    expect(chunks.map((c) => [c.first, c.cards])).toEqual([
      [0, 1],
      [1, 1],
    ]);
    const cards = [...cardsWith(all.cvrs!, 2)];
    expect(cards.map(({ vote, weight }) => [vote, weight])).toEqual([[{ kind: 'votes', choices: [0] }, 4]]);
  });

  test('write-in lines are known by their letters', () => {
    expect(
      ['Write-in', 'Write-In', 'Write in', 'Write_in', 'writeIn', 'WRITEIN', 'WRITE_IN'].every(isWriteInLine),
    ).toBe(true);
    expect(['Im a write-in 1', 'Im not a write-in 1', 'Wright In'].some(isWriteInLine)).toBe(false);
  });
});
