// The examples of specs/draw.md, read from it and drawn.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { toHex } from '../bytes/index.ts';
import { cardIds, consistentSample, drawOrder, readSeed, weightedDraw } from './index.ts';

const spec = readFileSync(new URL('../../../../specs/draw.md', import.meta.url), 'utf8');

test('the examples of specs/draw.md are what is drawn', () => {
  const reading = readSeed(/^Seed `(\d+)`/m.exec(spec)![1]!);
  if (!reading.ok) throw new Error(reading.code);
  const rows = [...spec.matchAll(/^\| `([^`]+)` +\| `([0-9a-f]{64})` +\| (\d) +\|$/gm)];
  expect(rows).toHaveLength(5);
  const ids = rows.map((r) => r[1]!);
  const made = drawOrder(reading.seed, cardIds(ids));
  if (!made.ok) throw new Error(made.code);
  for (const [card, [, , ticket, place]] of rows.entries()) {
    expect(toHex(made.order.ticket(card))).toBe(ticket);
    expect(made.order.cardAt(Number(place) - 1)).toBe(card);
  }
  const sample = consistentSample(made.order, (card) => (card % 2 === 0 ? [0] : [0, 1]), [2, 2]);
  const stated = /The sample is (.+); X uses (\d) and Y (\d)\./.exec(spec)!;
  expect(sample.cards.map((c) => `\`${ids[c]!}\``).join(', ')).toBe(stated[1]);
  expect(sample.used).toEqual([Number(stated[2]), Number(stated[3])]);

  const batches = [...spec.matchAll(/`(East|North|West)` (\d+)/g)].map((m) => ({
    id: m[1]!,
    weight: BigInt(m[2]!),
  }));
  const draws = weightedDraw(reading.seed, batches, 0, 8);
  expect(draws.ok && draws.draws.map((b) => batches[b]!.id).join(', ')).toBe(/Draws 1 to 8: ([A-Za-z, ]+)\./.exec(spec)![1]); // oxfmt-ignore
});
