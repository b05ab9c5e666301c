import { expect, test } from 'vitest';
import { nextTicket, numpyChoice, pcg64, pythonTuple, rivestDistinct, rivestDraws, seedSequence, trimTicket } from './index.ts'; // oxfmt-ignore

test("numpy's generator, as numpy 2.4 gives it", () => {
  // SeedSequence(entropy).generate_state(4, uint64); Generator(PCG64(entropy)).bit_generator.random_raw(3); computed with numpy 2.4.6.
  const cases: [bigint, bigint[], bigint[]][] = [
    [
      0n,
      [15793235383387715774n, 12390638538380655177n, 2361836109651742017n, 3188717715514472916n],
      [11749869230777074271n, 4976686463289251617n, 755828109848996024n],
    ],
    [
      1n,
      [7434755675892716031n, 10007452063617845036n, 5266248848659119178n, 15045448681910192573n],
      [9441442522235856127n, 17532960557476522086n, 2659275481604167885n],
    ],
    [
      12345678901234567890n,
      [4241512881237333164n, 6478917086951929363n, 17890761839038243604n, 3444762459348118978n],
      [77935276331132168n, 12033622772062331548n, 11213416055601313548n],
    ],
    [
      57896044618658097711785492504343953926634992332820282019728792003957552474289n,
      [10884862012378588725n, 15546984898389022168n, 599654504498641271n, 15136851463373531380n],
      [4505456736769890351n, 16166196391606519607n, 6398301481916699243n],
    ],
  ];
  for (const [entropy, state, raw] of cases) {
    expect(seedSequence(entropy, 4)).toEqual(state);
    const stream = pcg64(entropy);
    expect(raw.map(() => stream.next().value)).toEqual(raw);
  }
  // default_rng(20).choice(5, 20, p=[.1, .2, .05, .35, .3])
  expect(numpyChoice(20n, [0.1, 0.2, 0.05, 0.35, 0.3], 20)).toEqual([
    1, 3, 1, 3, 3, 0, 0, 4, 3, 3, 3, 1, 2, 0, 0, 4, 4, 0, 2, 0,
  ]);
  expect(() => numpyChoice(20n, [0.5, 0.4], 1)).toThrow(RangeError);
  expect(() => seedSequence(-1n, 1)).toThrow(RangeError);
});

test('a Python tuple as Python prints it', () => {
  expect(pythonTuple(['pct 2', 3])).toBe("('pct 2', 3)");
  expect(pythonTuple(["O'Brien", 'x'])).toBe(`("O'Brien", 'x')`);
  expect(pythonTuple([`O'Brien "Bob"`])).toBe(`('O\\'Brien "Bob"',)`);
  expect(pythonTuple(['a\\b\tc\u00a0\u0007é王😊\u{e0001}\u2028'])).toBe(
    "('a\\\\b\\tc\\xa0\\x07é王😊\\U000e0001\\u2028',)",
  );
});

test('tickets: leading nines stay', () => {
  expect(trimTicket('0.9991234567890', 4)).toBe('0.9991234');
  for (const ticket of ['0.5', '0.99', '0.999999', '0.9998']) {
    const next = nextTicket(ticket);
    expect(next > ticket, ticket).toBe(true);
    expect(next.startsWith(/^0\.9*/.exec(ticket)![0])).toBe(true);
  }
  expect(() => nextTicket('.5')).toThrow(RangeError);
});

test("Rivest's draw: in range, repetitions kept or dropped", () => {
  const draws = rivestDraws('12345678901234567890', 7, 100);
  expect(new Set(draws)).toEqual(new Set([1, 2, 3, 4, 5, 6, 7]));
  expect(rivestDistinct('12345678901234567890', 7, 7)).toEqual([...new Set(draws)]);
  expect(() => rivestDistinct('1', 3, 4)).toThrow(RangeError);
  expect(() => rivestDraws('1', 0, 4)).toThrow(RangeError);
});
