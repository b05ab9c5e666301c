import { cardIds, readSeed } from '@opencanvass/evidence/draw';
import { expect, test } from 'vitest';
import { cardsDrawn, drawnHere, type ToDraw } from '../src/cardsDrawn.ts';
import { Threads } from '../src/threads.ts';

const toDraw = (cards: number, repeated = false): ToDraw => {
  const seed = readSeed('31415926535897932384');
  if (!seed.ok) throw new Error(seed.code);
  const ids = cardIds(Array.from({ length: cards }, (_, i) => `kern/T1/B1/${repeated && i === 7 ? 6 : i}`));
  return { seed: seed.seed, ids, from: 3, to: 40 };
};

test('many cards are drawn in a thread, and are the same; what cannot be drawn is refused there too', async () => {
  const threads = new Threads();
  let begun = 0;
  const counted = { run: (...given: Parameters<Threads['run']>) => (begun++, threads.run(...given)) };
  for (const [cards, inThread] of [
    [1000, 0],
    [60_000, 1],
  ] as const) {
    const drawn = await cardsDrawn(toDraw(cards), counted as Threads);
    expect(drawn).toEqual(drawnHere(toDraw(cards)));
    expect(begun).toBe(inThread);
  }
  expect(await cardsDrawn(toDraw(60_000, true), threads)).toEqual({
    ok: false,
    code: 'repeated-id',
    cards: [6, 7],
  });
  await threads.close();
});
