import { sha256 } from '@noble/hashes/sha2.js';
import * as fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { compareBytes, toHex, toUtf8 } from '../bytes/index.ts';
import type { DrawSeed } from './index.ts';
import { CardHasher, cardIds, consistentSample, drawOrder, nextRound, readSeed, sampleFaults, weightedDraw } from './index.ts'; // oxfmt-ignore

const seedOf = (text: string): DrawSeed => {
  const reading = readSeed(text);
  if (!reading.ok) throw new Error(reading.code);
  return reading.seed;
};
const seed = seedOf('34363370190391208563');
const orderOf = (ids: readonly string[], s = seed) => {
  const made = drawOrder(s, cardIds(ids));
  if (!made.ok) throw new Error(made.code);
  return made.order;
};

describe('SHA-256 of a fixed beginning and many ends', () => {
  const hash = (beginning: Uint8Array, end: Uint8Array): string => {
    const hasher = new CardHasher(beginning);
    hasher.hash(end, 0, end.length);
    return toHex(hasher.digest());
  };
  test('the examples of NIST (FIPS 180-4, "SHA-256 examples"), split anywhere', () => {
    const examples: [string, string][] = [
      ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
      ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
      [
        'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
        '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
      ],
      [
        'abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu',
        'cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1',
      ],
    ];
    for (const [text, digest] of examples) {
      const bytes = toUtf8(text);
      for (let at = 0; at <= bytes.length; at++)
        expect(hash(bytes.subarray(0, at), bytes.subarray(at))).toBe(digest);
    }
  });
  test('equals the library on bytes of every length, one object for all of them', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 90 }),
        fc.array(fc.uint8Array({ maxLength: 200 })),
        (beginning, ends) => {
          const hasher = new CardHasher(beginning);
          for (const end of ends) {
            hasher.hash(end, 0, end.length);
            const whole = new Uint8Array([...beginning, ...end]);
            expect(toHex(hasher.digest())).toBe(toHex(sha256(whole)));
          }
        },
      ),
    );
    for (let n = 0; n < 300; n++) {
      const bytes = new Uint8Array(n).fill(n);
      expect(hash(new Uint8Array(0), bytes)).toBe(toHex(sha256(bytes)));
    }
  });
});

describe('the order of the cards', () => {
  const ids = Array.from({ length: 9000 }, (_, i) => `tabulator ${i % 7}:batch ${i % 93}:${i}`);

  test('a ticket is SHA-256 of seed, colon, id, in UTF-8', () => {
    const order = orderOf(['Añasco:1', '王小明', 'x']);
    expect(toHex(order.ticket(0))).toBe(toHex(sha256(toUtf8('34363370190391208563:Añasco:1'))));
    expect(toHex(order.ticket(1))).toBe(toHex(sha256(toUtf8('34363370190391208563:王小明'))));
  });
  test('is the order of the tickets, however far and in whatever steps it is read', () => {
    const expected = ids
      .map((id, card) => ({ card, ticket: sha256(toUtf8(`${seed}:${id}`)) }))
      .toSorted((a, b) => compareBytes(a.ticket, b.ticket))
      .map((c) => c.card);
    const whole = orderOf(ids);
    expect(ids.map((_, place) => whole.cardAt(place))).toEqual(expected);
    const jumping = orderOf(ids);
    for (const place of [8999, 0, 4097, 4096, 12, 8191]) expect(jumping.cardAt(place)).toBe(expected[place]);
  });
  test('a card keeps its ticket whatever cards are beside it, and the order of the rest', () => {
    const some = ids.filter((_, i) => i % 3 === 0);
    const [whole, part] = [orderOf(ids), orderOf(some)];
    const kept = ids.map((_, p) => ids[whole.cardAt(p)]!).filter((id) => some.includes(id));
    expect(some.map((_, p) => some[part.cardAt(p)]!)).toEqual(kept);
  });
  test('cards whose tickets begin alike are told apart by the rest', () => {
    // Of 150,000 cards some pairs share their first 32 bits; the order must be that of the whole tickets all the same.
    const order = orderOf(Array.from({ length: 150_000 }, (_, i) => `${i}`));
    const alike: [number, number][] = [];
    let [before, last] = [order.ticket(order.cardAt(0)), order.cardAt(0)];
    for (let place = 1; place < order.cards; place++) {
      const card = order.cardAt(place);
      const ticket = order.ticket(card);
      if (compareBytes(before.subarray(0, 4), ticket.subarray(0, 4)) === 0) alike.push([place, last]);
      if (compareBytes(before, ticket) >= 0) throw new Error(`out of order at ${place}`);
      [before, last] = [ticket, card];
    }
    // Such a pair where one stretch of the order that is sorted at a time ends and the next begins: places 4095 and 4096 of a shorter list.
    const [place, first] = alike.find(([p]) => p > 5000)!;
    const listed = Array.from({ length: 4095 + 3000 }, (_, i) =>
      order.cardAt(i < 4095 ? i : place - 1 + i - 4095),
    );
    const short = orderOf(listed.toReversed().map(String));
    const found = listed.map((_, p) => listed.toReversed()[short.cardAt(p)]!);
    expect(found).toEqual(listed);
    expect(found[4095]).toBe(first);
  });
  test('what cannot be drawn is refused', () => {
    expect(drawOrder(seed, cardIds([]))).toEqual({ ok: false, code: 'no-cards' });
    expect(drawOrder(seed, cardIds(['a', '', 'b']))).toEqual({ ok: false, code: 'empty-id', card: 1 });
    expect(drawOrder(seed, cardIds(['b', 'a', 'c', 'a']))).toEqual({
      ok: false,
      code: 'repeated-id',
      cards: [1, 3],
    });
    expect(() => cardIds(['\ud800'])).toThrow(RangeError);
    expect(() => orderOf(['a']).cardAt(1)).toThrow(RangeError);
    expect(() => orderOf(['a']).ticket(1)).toThrow(RangeError);
  });
  test('a seed is at least 20 decimal digits', () => {
    expect(readSeed('1'.repeat(19))).toMatchObject({ ok: false, code: 'seed-too-short' });
    expect(readSeed('1234567890123456789x')).toMatchObject({ ok: false, code: 'seed-not-digits' });
    expect(readSeed(' 12345678901234567890')).toMatchObject({ ok: false, code: 'seed-not-digits' });
    expect(readSeed('٣'.repeat(20))).toMatchObject({ ok: false, code: 'seed-not-digits' });
  });
  test('fault 12: seed and ids are bytes that any language can make; no text of another language is hashed', () => {
    // A deployed tool hashes Python's print of a tuple, in which an apostrophe changes the quotes and a new library the text.
    const order = orderOf(["('O''Brien', 1)", "O'Brien", 'O"Brien', 'O’Brien']);
    expect(Array.from({ length: 4 }, (_, card) => toHex(order.ticket(card)))).toEqual(
      ["('O''Brien', 1)", "O'Brien", 'O"Brien', 'O’Brien'].map((id) =>
        toHex(sha256(toUtf8(`${seed}:${id}`))),
      ),
    );
    // No two pairs of seed and id make the same bytes: a seed has no colon.
    expect(readSeed('12345678901234567890:1').ok).toBe(false);
    // "é" in one code point and in two are two ids: nothing is normalised.
    expect(drawOrder(seed, cardIds(['\u00e9', 'e\u0301'])).ok).toBe(true);
  });
});

describe('the sample of a round', () => {
  const cards = 600;
  const order = orderOf(Array.from({ length: cards }, (_, i) => `card ${i}`));
  /** Contests by card: each of four contests on a share of the cards. */
  const styles = fc.array(fc.subarray([0, 1, 2, 3]), { minLength: 5, maxLength: 5 });
  const sizes = fc.array(fc.nat(80), { minLength: 4, maxLength: 4 });

  test('is the union of the first cards of each contest, each once and in order', () => {
    fc.assert(
      fc.property(styles, sizes, (on, wanted) => {
        const contestsOn = (card: number): number[] => on[card % 5]!;
        const sample = consistentSample(order, contestsOn, wanted);
        const inOrder = Array.from({ length: cards }, (_, p) => order.cardAt(p));
        const first = wanted.map((n, c) =>
          inOrder.filter((card) => contestsOn(card).includes(c)).slice(0, n),
        );
        expect(sample.cards).toEqual(inOrder.filter((card) => first.some((f) => f.includes(card))));
        for (const c of wanted.keys()) {
          // The prefix rule: used up to the first card with the contest that is not in the sample.
          const holding = inOrder.filter((card) => contestsOn(card).includes(c));
          const skipped = holding.findIndex((card) => !sample.cards.includes(card));
          const all = sample.cards.filter((card) => contestsOn(card).includes(c)).length;
          if (wanted[c] === 0) continue;
          expect(sample.used[c]).toBe(skipped === -1 ? all : skipped);
          expect(sample.used[c]).toBeGreaterThanOrEqual(Math.min(wanted[c]!, holding.length));
        }
      }),
      { numRuns: 200 },
    );
  });

  test('fault 9: a later round continues, and never draws a card twice', () => {
    fc.assert(
      fc.property(styles, sizes, sizes, (on, wanted, more) => {
        const contestsOn = (card: number): number[] => on[card % 5]!;
        const one = consistentSample(order, contestsOn, wanted);
        const two = nextRound(order, contestsOn, one, wanted.map((n, c) => n + more[c]!)); // oxfmt-ignore
        expect(new Set([...one.cards, ...two.added]).size).toBe(one.cards.length + two.added.length);
        expect(new Set([...one.cards, ...two.added])).toEqual(new Set(two.cards));
        for (const c of wanted.keys()) expect(two.used[c]).toBeGreaterThanOrEqual(one.used[c]!);
      }),
      { numRuns: 200 },
    );
    const one = consistentSample(order, () => [0], [20]);
    expect(() => nextRound(order, () => [0], one, [19])).toThrow(RangeError);
    expect(() => nextRound(order, () => [0], one, [])).toThrow(RangeError);
  });

  test('a second contest and a second round hash nothing again', () => {
    const hash = vi.spyOn(CardHasher.prototype, 'hash');
    try {
      const counted = orderOf(Array.from({ length: 500 }, (_, i) => `card ${i}`));
      expect(hash).toHaveBeenCalledTimes(500);
      const one = consistentSample(counted, () => [0], [20]);
      nextRound(counted, (card) => (card % 2 === 0 ? [0, 1] : [0]), one, [40, 60]);
      expect(hash).toHaveBeenCalledTimes(500);
    } finally {
      hash.mockRestore();
    }
  });

  test('a stated sample is compared card by card', () => {
    expect(sampleFaults([3, 1, 2], [3, 1, 2])).toEqual([]);
    expect(sampleFaults([3, 1, 3, 4], [3, 1, 2])).toEqual([
      { code: 'twice', card: 3 },
      { code: 'not-drawn', card: 4 },
      { code: 'left-out', card: 2 },
    ]);
    expect(sampleFaults([1, 3, 2], [3, 1, 2]).map((f) => f.code)).toEqual(['out-of-order', 'out-of-order']);
  });

  test('fault 13: another seed, or cards added or left out after the seed, show in the sample', () => {
    const ids = Array.from({ length: cards }, (_, i) => `card ${i}`);
    const published = consistentSample(orderOf(ids), () => [0], [30]).cards.map((c) => ids[c]!);
    const shopped = consistentSample(orderOf(ids, seedOf('34363370190391208564')), () => [0], [30]);
    expect(sampleFaults(shopped.cards, published.map((id) => ids.indexOf(id))).length).toBeGreaterThan(0); // oxfmt-ignore
    // The seed is fixed and one drawn card taken out of the manifest: all other tickets stay, so exactly one card takes its place.
    const without = ids.filter((id) => id !== published[4]);
    const again = consistentSample(orderOf(without), () => [0], [30]).cards.map((c) => without[c]!);
    expect(published.filter((id) => !again.includes(id))).toEqual([published[4]]);
    expect(again.filter((id) => !published.includes(id))).toHaveLength(1);
  });
});

describe('batches by weight', () => {
  const batches = [
    { id: 'b', weight: 5n },
    { id: 'a', weight: 3n },
    { id: 'c', weight: 0n },
    { id: 'ä', weight: 12n },
  ];
  const draw = (from: number, to: number): number[] => {
    const made = weightedDraw(seed, batches, from, to);
    if (!made.ok) throw new Error(made.code);
    return [...made.draws];
  };
  test('as the specification says', () => {
    // By hand: the line is a 0-2, b 3-7, ä 8-19.
    const expected = Array.from({ length: 40 }, (_, i) => {
      const x = (BigInt(`0x${toHex(sha256(toUtf8(`${seed}/${i + 1}`)))}`) * 20n) >> 256n;
      return x < 3n ? 1 : x < 8n ? 0 : 3;
    });
    expect(draw(0, 40)).toEqual(expected);
    expect(new Set(expected)).toEqual(new Set([0, 1, 3]));
  });
  test('a later round goes on', () => expect([...draw(0, 15), ...draw(15, 40)]).toEqual(draw(0, 40)));
  test('by about their weights, and never one without', () => {
    const counts = [0, 0, 0, 0];
    for (const b of draw(0, 4000)) counts[b]!++;
    expect(counts[2]).toBe(0);
    for (const [b, { weight }] of batches.entries())
      expect(Math.abs(counts[b]! - 200 * Number(weight))).toBeLessThan(150);
  });
  test('the order in which batches are listed does not matter', () => {
    const turned = weightedDraw(seed, batches.toReversed(), 0, 30);
    expect(turned.ok && turned.draws.map((b) => batches.toReversed()[b]!.id)).toEqual(draw(0, 30).map((b) => batches[b]!.id)); // oxfmt-ignore
  });
  test('what cannot be drawn is refused', () => {
    expect(weightedDraw(seed, [], 0, 1)).toEqual({ ok: false, code: 'no-weight' });
    expect(weightedDraw(seed, [{ id: 'a', weight: 0n }], 0, 1)).toEqual({ ok: false, code: 'no-weight' });
    expect(weightedDraw(seed, [...batches, batches[0]!], 0, 1)).toEqual({
      ok: false,
      code: 'repeated-id',
      id: 'b',
    });
    expect(weightedDraw(seed, [{ id: 'a', weight: -1n }], 0, 1)).toMatchObject({ code: 'negative-weight' });
  });
});
