// The draws of other tools, against their own published outputs.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { haveShared, sharedFile } from '../../../../tests/sharedData.ts';
import type { ArloBatch, ArloCard } from './index.ts';
import {
  arloBatches,
  arloCards,
  cryptorandom,
  firstTicket,
  nextTicket,
  rivestDistinct,
  rlauxeNumber,
  ticketsDrawn,
  trimTicket,
} from './index.ts';

const text = (path: string): string => readFileSync(sharedFile(path), 'utf8');

describe.skipIf(!haveShared())('published draws', () => {
  const cases: any[] = haveShared() ? JSON.parse(text('vectors/sampling_prng.json')).cases : [];
  const read: string[] = [];
  const one = (id: string): any => {
    const found = cases.find((c) => c.id === id);
    if (found === undefined) throw new Error(`the vector file has no case ${id}`);
    read.push(id);
    return found;
  };

  test('cryptorandom, the generator of SHANGRLA', () => {
    for (const [k, n] of Object.entries<string>(one('cryptorandom_sha256').expected))
      expect(cryptorandom(one('cryptorandom_sha256').seed, Number(k))).toBe(BigInt(n));
    const floats = one('cryptorandom_random_floats');
    const numbers = [...floats.expected_random_2, ...floats.then_random_4];
    expect(numbers).toHaveLength(6);
    for (const [i, x] of numbers.entries())
      expect(Number(cryptorandom(floats.seed, i + 1) >> 203n) / 2 ** 53).toBeCloseTo(x, 15);
    const three = one('cryptorandom_seed12345678901234567890_first3');
    expect(three.expected.map((_: string, i: number) => String(cryptorandom(three.seed, i + 1)))).toEqual(three.expected); // oxfmt-ignore
    expect(three.expected).toHaveLength(3);
  });
  test("Colorado's 47 cards of 876", () => {
    const { seed, max, min, expected } = one('corla_prng_47');
    expect([min, expected.length]).toEqual([1, 47]);
    expect(rivestDistinct(seed, max, 47)).toEqual(expected);
  });
  test('consistent_sampler: first and next tickets, trimming', () => {
    const { cases: fractions } = one('rivest_first_fraction');
    expect(fractions).toHaveLength(1);
    for (const { id, seed, expected, next } of fractions) {
      expect(firstTicket(id, seed)).toBe(expected);
      expect(nextTicket(expected)).toBe(next);
    }
    expect(nextTicket(one('rivest_next_fraction_doctest').input)).toBe(
      one('rivest_next_fraction_doctest').expected,
    );
    const trim = one('rivest_trim_doctest');
    expect(trimTicket(trim.input, trim.digits)).toBe(trim.expected);
  });
  test('consistent_sampler: the first five of 100,000', () => {
    const { seed, expected_first5: expected } = one('rivest_100k_sample_order');
    const ids = Array.from({ length: 100_000 }, (_, i) => `c-${i}`);
    const drawn = ticketsDrawn(ids, seed, { text: (id) => id, withReplacement: false, take: 5 });
    expect(drawn.map((t) => t.id)).toEqual(expected);
  });
  test('consistent_sampler: five of the 1,000,000, with their neighbours, stand in the published order', () => {
    // All million would take ten seconds; the five published ones must come in this order and before 5,000 others.
    const { seed, expected_first5: expected } = one('rivest_1M_sample_order');
    const others = Array.from({ length: 5_000 }, (_, i) => `c-${i * 200}`);
    const ids = [...new Set([...others, ...expected.toReversed()])];
    const drawn = ticketsDrawn(ids, seed, { text: (id) => id, withReplacement: false, take: 5 });
    expect(drawn.map((t) => t.id)).toEqual(expected);
  });
  test('rlauxe', () => {
    const { seed_hex: hex, expected_by_card_index: expected } = one('rlauxe_prng');
    const seed = hex.startsWith('-') ? -BigInt(`0x${hex.slice(1)}`) : BigInt(`0x${hex}`);
    expect(Object.keys(expected)).toHaveLength(4);
    for (const [card, prn] of Object.entries<string>(expected)) expect(rlauxeNumber(seed, Number(card)).toString(16)).toBe(prn); // oxfmt-ignore
  });
  test('every case of the file was read', () => {
    expect(cases.length).toBe(10);
    expect(new Set(read)).toEqual(new Set(cases.map((c) => c.id)));
  });
});

describe.skipIf(!haveShared())("the sampling calls recorded from Arlo's own tests", () => {
  const calls: any[] = haveShared()
    ? text('vectors/deployed-audit-tool.jsonl').trim().split('\n').map((l) => JSON.parse(l)) // oxfmt-ignore
    : [];
  const of = (fn: string): any[] => calls.filter((c) => c.fn === fn);

  test('there are nine', () => {
    expect(of('sampler.draw_sample')).toHaveLength(3);
    expect(of('sampler.draw_ppeb_sample')).toHaveLength(6);
  });
  test.each(of('sampler.draw_sample').map((c, i) => [i, c]))('cards %i', (_, { args, result }) => {
    const cards: ArloCard[] = Object.entries<number[]>(args.manifest).flatMap(([batch, positions]) =>
      positions.map((p): ArloCard => [batch, p]),
    );
    const drawn = arloCards(cards, args.seed, args.num_sampled, args.sample_size, args.with_replacement);
    expect(drawn.map((t) => [t.ticket, t.id, t.generation])).toEqual(result);
    expect(drawn.length).toBe(args.sample_size);
  });
  test.each(of('sampler.draw_ppeb_sample').map((c, i) => [i, c]))('batches %i', (_, { args, result }) => {
    const batches: ArloBatch[] = args.batch_results.$map.map(([key]: [ArloBatch]) => key);
    const { name, candidates, ballots } = args.contest.$contest;
    const [winner, loser] = Object.keys(candidates).toSorted((a, b) => candidates[b] - candidates[a]) as [string, string]; // oxfmt-ignore
    // u_b = (v_w - v_l + ballots) / V_wl (Stark 2009)
    const bounds = args.batch_results.$map.map(
      ([, b]: [unknown, any]) =>
      b[name] === undefined ? 0 : (b[name][winner] - b[name][loser] + b[name].ballots) / (candidates[winner] - candidates[loser]), // oxfmt-ignore
    );
    expect(ballots).toBeGreaterThan(0);
    const drawn = arloBatches(
      batches,
      bounds,
      args.seed,
      args.sample_size,
      args.previously_sampled_batch_keys,
    );
    expect(drawn.map((d) => [d.ticket, batches[d.batch]])).toEqual(result);
  });
  test('fault 12: the text a deployed tool hashes changes with an apostrophe in a name; we read it, and write our own', () => {
    const plain = arloBatches([['Lees Summit', 'a'], ['x', 'y']], [1, 0], '1'.repeat(20), 1); // oxfmt-ignore
    const apostrophe = arloBatches([["Lee's Summit", 'a'], ['x', 'y']], [1, 0], '1'.repeat(20), 1); // oxfmt-ignore
    // Both draw the first batch; its ticket is made from a text with other quotes.
    expect(plain[0]!.batch).toBe(0);
    expect(plain[0]!.ticket).toBe(trimTicket(firstTicket("('Lees Summit', 'a')", '1'.repeat(20)), 18));
    expect(apostrophe[0]!.ticket).toBe(trimTicket(firstTicket(`("Lee's Summit", 'a')`, '1'.repeat(20)), 18));
  });
});
