import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Forms } from './jsonForms.ts';

const encoded = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** What the text fills: its numbers, and how many bytes it took. */
function filled(
  forms: Forms<string>,
  text: string,
): { as: string; numbers: number[]; end: number } | undefined {
  const bytes = new Uint8Array(encoded(text).length + 8);
  bytes.set(encoded(text));
  const as = forms.filledAt(bytes, new DataView(bytes.buffer), 0);
  const count = as?.replace(/"(?:[^"\\]|\\.)*"/g, '').match(/\d+/g)?.length ?? 0;
  return as === undefined
    ? undefined
    : { as, numbers: Array.from(forms.numbers.subarray(0, count)), end: forms.end };
}

const learned = (...texts: string[]): Forms<string> => {
  const forms = new Forms<string>();
  for (const text of texts) forms.learn(encoded(text), (numbered) => new TextDecoder().decode(numbered));
  return forms;
};

describe('forms', () => {
  const mark = '{"Id":7,"Marks":[{"CandidateId":12,"IsVote":true}],"Seen":[]}';

  test('a text with other numbers fills the form, and what comes after it is left', () => {
    const other = '{"Id":1234567,"Marks":[{"CandidateId":0,"IsVote":true}],"Seen":[]}';
    expect(filled(learned(mark), `${other},{"Id":1`)).toEqual({
      as: '{"Id":0,"Marks":[{"CandidateId":1,"IsVote":true}],"Seen":[]}',
      numbers: [1234567, 0],
      end: other.length,
    });
  });

  test('a text with another key, value, blank, sign or fraction does not, nor one that ends too soon', () => {
    const forms = learned(mark);
    for (const other of [
      mark.replace('true', 'null'),
      mark.replace('CandidateId', 'CandidateIs'),
      mark.replace(':7', ': 7'),
      mark.replace('7', '-7'),
      mark.replace('7', '7.5'),
      mark.replace('7', '7e5'),
      mark.replace('7', ''),
      mark.replace('"Seen":[]', '"Seen":[1]'),
      mark.slice(0, -1),
      mark.slice(0, 20),
      '',
    ])
      expect([other, filled(forms, other)]).toEqual([other, undefined]);
  });

  test('a number of 15 digits is taken to the last one, one of 16 is not', () => {
    const forms = learned(mark);
    expect(filled(forms, mark.replace('7', '123456789012345'))?.numbers).toEqual([123456789012345, 12]);
    expect(filled(forms, mark.replace('7', '1234567890123456'))).toBeUndefined();
  });

  test('digits within strings are text', () => {
    const forms = learned('{"Key 1":"a \\" 2","n":3}');
    expect(filled(forms, '{"Key 1":"a \\" 2","n":44}')).toMatchObject({ numbers: [44] });
    expect(filled(forms, '{"Key 1":"a \\" 9","n":44}')).toBeUndefined();
    expect(filled(forms, '{"Key 2":"a \\" 2","n":44}')).toBeUndefined();
  });

  test('where one text is how another begins, the one that is meant is found', () => {
    const texts = ['{"List":[1]}', '{"List":[]}', '{"List":[1,2]}', '{"List":[],"n":1}'];
    for (const order of [texts, texts.toReversed()]) {
      const forms = learned(...order);
      expect(texts.map((text) => filled(forms, text)?.numbers)).toEqual([[1], [], [1, 2], [1]]);
    }
  });

  test('every text that was learned fills its form with any numbers, and no other', () => {
    const value = fc.letrec<{ any: unknown }>((tie) => ({
      any: fc.oneof(
        { maxDepth: 3 },
        fc.nat(),
        fc.constantFrom('', '5', 'a\\"7', true, false, null),
        fc.array(tie('any'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom('Id', 'Overvotes', 'A key of 20 letters', '8'), tie('any')),
      ),
    })).any;
    const object = fc.dictionary(fc.constantFrom('Id', 'Marks', 'OutstackConditionIds'), value);
    const numbersOf = (text: string): number[] =>
      Array.from(text.replace(/"(?:[^"\\]|\\.)*"/g, '').matchAll(/\d+/g), ([n]) => Number(n));
    fc.assert(
      fc.property(fc.array(object, { maxLength: 8 }), object, (objects, stranger) => {
        const texts = objects.map((o) => JSON.stringify(o));
        const forms = learned(...texts);
        const shape = (text: string): string => {
          let n = 0;
          return text.replace(/"(?:[^"\\]|\\.)*"|\d+/g, (part) =>
            part.startsWith('"') ? part : String(n++),
          );
        };
        for (const text of texts) {
          expect(filled(forms, text)).toEqual({
            as: shape(text),
            numbers: numbersOf(text),
            end: text.length,
          });
          let k = 0;
          const other = text.replace(/"(?:[^"\\]|\\.)*"|\d+/g, (part) =>
            part.startsWith('"') ? part : String((k++ + 3) * 977),
          );
          expect(filled(forms, other)).toMatchObject({ as: shape(text), numbers: numbersOf(other) });
        }
        const strange = JSON.stringify(stranger);
        const known = texts.some((text) => shape(text) === shape(strange));
        expect(filled(forms, strange) !== undefined).toBe(known);
      }),
    );
  });

  test('what is learned is bounded: beyond it texts are not forms, and nothing else changes', () => {
    const forms = new Forms<number>();
    for (let n = 0; n < 50_000; n++) forms.learn(encoded(`{"${n.toString(36)}":1,"Id":2}`), () => n);
    const bytes = new Uint8Array(64);
    const at = (text: string): number | undefined => {
      bytes.fill(0);
      bytes.set(encoded(text));
      return forms.filledAt(bytes, new DataView(bytes.buffer), 0);
    };
    expect(at('{"0":8,"Id":9}')).toBe(0);
    expect(at(`{"${(49_999).toString(36)}":8,"Id":9}`)).toBeUndefined();
  });
});
