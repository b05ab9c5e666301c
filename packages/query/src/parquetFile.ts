// The Parquet file format, as far as a flat table of small numbers and short texts needs it (apache/parquet-format 2.11: README.md,
// Encodings.md, parquet.thrift; Thrift's compact protocol). A row group is handed in column by column, already encoded; pages go to the disk as
// they come, and only what describes them is kept. All columns may hold nulls. Small numbers and names are written as a dictionary and
// bit-packed indexes, which every engine reads fastest; pages are compressed with zstd.
import { zstdCompressSync } from 'node:zlib';

export type ColumnType = 'smallint' | 'integer' | 'bigint' | 'boolean' | 'text';

/** A column of a row group: its pages, ready for the disk. */
export interface ColumnChunk {
  readonly bytes: Uint8Array;
  /** Length of the dictionary's page, which comes first; 0: there is none. */
  readonly dictionary: number;
  readonly unpacked: number;
  readonly rows: number;
}

// ── columns ──

/** Numbers of a column of 16 bits; `absent` is null. */
export function smallints(values: Int16Array, absent: number): ColumnChunk {
  const codeOf = new Int32Array(1 << 16).fill(-1);
  const known: number[] = [];
  const codes = new Uint32Array(values.length);
  const present = new Uint8Array(values.length);
  let n = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value === absent) continue;
    present[i] = 1;
    let code = codeOf[value + 32_768]!;
    if (code < 0) {
      code = known.push(value) - 1;
      codeOf[value + 32_768] = code;
    }
    codes[n++] = code;
  }
  const dictionary = Int32Array.from(known);
  return withDictionary(bytesOf(dictionary), known.length, codes.subarray(0, n), present);
}

/** Names by their codes. */
export function names(codes: Uint32Array, all: readonly string[]): ColumnChunk {
  const place = new Map<number, number>();
  const used: string[] = [];
  const places = codes.map((code) => {
    let at = place.get(code);
    if (at === undefined) {
      at = used.push(all[code]!) - 1;
      place.set(code, at);
    }
    return at;
  });
  return withDictionary(plainTexts(used), used.length, places);
}

/** Texts that few rows have: by row, in order. */
export function rareTexts(values: ReadonlyMap<number, string>, rows: number): ColumnChunk {
  const places = new Map<string, number>();
  const present = new Uint8Array(rows);
  const codes = Uint32Array.from(values, ([row, value]) => {
    const known = places.get(value) ?? places.size;
    places.set(value, known);
    present[row] = 1;
    return known;
  });
  return withDictionary(plainTexts([...places.keys()]), places.size, codes, present);
}

/** Texts, each mostly once: lengths and bytes as they are. */
export function texts(
  parts: readonly { readonly bytes: Uint8Array; readonly offsets: Uint32Array }[],
): ColumnChunk {
  const rows = parts.reduce((n, { offsets }) => n + offsets.length - 1, 0);
  const length = parts.reduce((n, { bytes }) => n + bytes.length, 4 * rows);
  const values = new Uint8Array(length);
  const view = new DataView(values.buffer);
  let at = 0;
  for (const { bytes, offsets } of parts)
    for (let i = 0; i + 1 < offsets.length; i++) {
      const [from, to] = [offsets[i]!, offsets[i + 1]!];
      view.setUint32(at, to - from, true);
      at += 4;
      for (let b = from; b < to; b++) values[at++] = bytes[b]!;
    }
  return plain(values, rows);
}

/** Whole numbers; undefined: all are null. */
export function bigints(values: Float64Array | undefined, rows: number): ColumnChunk {
  if (values === undefined) return nulls(rows);
  const bytes = new Uint8Array(8 * rows);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < rows; i++) view.setBigInt64(8 * i, BigInt(values[i]!), true);
  return plain(bytes, rows);
}

export function integers(values: Uint32Array): ColumnChunk {
  const places = new Map<number, number>();
  const codes = values.map((value) => {
    const known = places.get(value) ?? places.size;
    places.set(value, known);
    return known;
  });
  return withDictionary(bytesOf(Uint32Array.from(places.keys())), places.size, codes);
}

export function booleans(values: Uint8Array): ColumnChunk {
  return plain(packed(values, 1), values.length);
}

/** A column without a value, such as that of a contest which comes up only later. */
export const nulls = (rows: number): ColumnChunk => {
  const page = dataPage(levels(new Uint8Array(rows)), new Uint8Array(0), rows, encodings.plain);
  return { bytes: page.bytes, dictionary: 0, unpacked: page.unpacked, rows };
};

// ── pages (README.md, "Data Pages"; Encodings.md) ──

const encodings = { plain: 0, rle: 3, dictionary: 8 } as const;
const zstd = 6;

function plain(values: Uint8Array, rows: number): ColumnChunk {
  const page = dataPage(levels(undefined, rows), values, rows, encodings.plain);
  return { bytes: page.bytes, dictionary: 0, unpacked: page.unpacked, rows };
}

/** `codes` of the values that are there; `present`: by row, whether one is (absent: all are). */
function withDictionary(
  dictionary: Uint8Array,
  size: number,
  codes: Uint32Array,
  present?: Uint8Array,
): ColumnChunk {
  const rows = present?.length ?? codes.length;
  if (codes.length === 0) return nulls(rows);
  const width = Math.max(1, 32 - Math.clz32(size - 1));
  const first = page(dictionary, (header, compressed) =>
    struct(header, [
      [1, 'i32', 2],
      [2, 'i32', dictionary.length],
      [3, 'i32', compressed],
      [7, 'struct', [[1, 'i32', size], [2, 'i32', encodings.plain]]],
    ]),
  ); // oxfmt-ignore
  const values = concat([Uint8Array.of(width), run(packed(codes, width), codes.length)]);
  const second = dataPage(levels(present, rows), values, rows, encodings.dictionary);
  return {
    bytes: concat([first.bytes, second.bytes]),
    dictionary: first.bytes.length,
    unpacked: first.unpacked + second.unpacked,
    rows,
  };
}

interface Page {
  readonly bytes: Uint8Array;
  readonly unpacked: number;
}

function dataPage(definition: Uint8Array, values: Uint8Array, rows: number, encoding: number): Page {
  const body = concat([definition, values]);
  return page(body, (header, compressed) =>
    struct(header, [
      [1, 'i32', 0],
      [2, 'i32', body.length],
      [3, 'i32', compressed],
      [5, 'struct', [[1, 'i32', rows], [2, 'i32', encoding], [3, 'i32', encodings.rle], [4, 'i32', encodings.rle]]],
    ]),
  ); // oxfmt-ignore
}

function page(body: Uint8Array, head: (header: number[], compressed: number) => void): Page {
  const compressed = zstdCompressSync(body);
  const header: number[] = [];
  head(header, compressed.length);
  return { bytes: concat([Uint8Array.from(header), compressed]), unpacked: header.length + body.length };
}

/** Which rows have a value: definition levels 0 and 1, their length before them. */
function levels(present: Uint8Array | undefined, rows = present?.length ?? 0): Uint8Array {
  const body: number[] | Uint8Array =
    present === undefined || present.every((there) => there === 1)
      ? [...varint(rows << 1), 1]
      : run(packed(present, 1), rows);
  const bytes = new Uint8Array(4 + body.length);
  new DataView(bytes.buffer).setUint32(0, body.length, true);
  bytes.set(body, 4);
  return bytes;
}

/** One bit-packed run of the RLE hybrid: in groups of eight. */
const run = (bits: Uint8Array, values: number): Uint8Array =>
  concat([Uint8Array.from(varint((Math.ceil(values / 8) << 1) | 1)), bits]);

/** Values of `width` bits, the first in the lowest, filled up to eight values. */
function packed(values: ArrayLike<number>, width: number): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(values.length / 8) * width);
  let at = 0;
  let held = 0;
  let bits = 0;
  for (let i = 0; i < values.length; i++) {
    // Up to seven bits wait; a value of more than 24 would not find room beside them, and no dictionary is so large.
    held |= values[i]! << bits;
    bits += width;
    for (; bits >= 8; bits -= 8) {
      bytes[at++] = held;
      held >>>= 8;
    }
  }
  if (bits > 0) bytes[at] = held;
  return bytes;
}

function plainTexts(values: readonly string[]): Uint8Array {
  const encoder = new TextEncoder();
  return concat(
    values.flatMap((value) => {
      const text = encoder.encode(value);
      return [bytesOf(Uint32Array.of(text.length)), text];
    }),
  );
}

// ── the footer (parquet.thrift) ──

const physical = { boolean: 0, smallint: 1, integer: 1, bigint: 2, text: 6 } as const;
const converted = { smallint: 16, text: 0 } as const;

/** The end of the file: what all that came before it is. Column chunks of a row group stand in the columns' order. */
export function footer(
  columns: readonly { readonly name: string; readonly type: ColumnType }[],
  rowGroups: readonly (readonly (Omit<ColumnChunk, 'bytes'> & {
    readonly at: number;
    readonly length: number;
  })[])[],
  metadata: readonly (readonly [string, string])[],
): Uint8Array {
  const rowsOf = (group: (typeof rowGroups)[number]): number => group[0]!.rows;
  const out: number[] = [];
  struct(out, [
    [1, 'i32', 1],
    [
      2,
      'structs',
      [
        [[4, 'text', 'schema'], [5, 'i32', columns.length]],
        ...columns.map(({ name, type }): Fields => [
          [1, 'i32', physical[type]],
          [3, 'i32', 1],
          [4, 'text', name],
          ...(type === 'smallint' || type === 'text' ? [[6, 'i32', converted[type]] as const] : []),
        ]),
      ],
    ],
    [3, 'i64', rowGroups.reduce((n, group) => n + rowsOf(group), 0)],
    [
      4,
      'structs',
      rowGroups.map((group): Fields => [
        [
          1,
          'structs',
          group.map((chunk, c): Fields => [
            [2, 'i64', chunk.at],
            [
              3,
              'struct',
              [
                [1, 'i32', physical[columns[c]!.type]],
                [2, 'i32s', chunk.dictionary > 0 ? [encodings.plain, encodings.rle, encodings.dictionary] : [encodings.plain, encodings.rle]],
                [3, 'texts', [columns[c]!.name]],
                [4, 'i32', zstd],
                [5, 'i64', chunk.rows],
                [6, 'i64', chunk.unpacked],
                [7, 'i64', chunk.length],
                [9, 'i64', chunk.at + chunk.dictionary],
                ...(chunk.dictionary > 0 ? [[11, 'i64', chunk.at] as const] : []),
              ],
            ],
          ]),
        ],
        [2, 'i64', group.reduce((n, chunk) => n + chunk.unpacked, 0)],
        [3, 'i64', rowsOf(group)],
      ]),
    ],
    [5, 'structs', metadata.map(([key, value]): Fields => [[1, 'text', key], [2, 'text', value]])],
    [6, 'text', 'opencanvass'],
  ]); // oxfmt-ignore
  const body = Uint8Array.from(out);
  return concat([body, bytesOf(Uint32Array.of(body.length)), magic]);
}

/** At the beginning of a file, and at its end. */
export const magic = new TextEncoder().encode('PAR1');

// ── Thrift's compact protocol ──

type Field =
  | readonly [id: number, type: 'i32' | 'i64', value: number]
  | readonly [id: number, type: 'text', value: string]
  | readonly [id: number, type: 'i32s', value: readonly number[]]
  | readonly [id: number, type: 'texts', value: readonly string[]]
  | readonly [id: number, type: 'struct', value: Fields]
  | readonly [id: number, type: 'structs', value: readonly Fields[]];
type Fields = readonly Field[];

const wire = { i32: 5, i64: 6, text: 8, struct: 12 } as const;

function struct(out: number[], fields: Fields): void {
  let before = 0;
  const key = (id: number, type: number): void => {
    out.push(((id - before) << 4) | type);
    before = id;
  };
  const list = (id: number, type: number, size: number): void => {
    key(id, 9);
    if (size < 15) out.push((size << 4) | type);
    else out.push(0xf0 | type, ...varint(size));
  };
  for (const [id, type, value] of fields)
    switch (type) {
      case 'i32':
      case 'i64':
        key(id, wire[type]);
        out.push(...zigzag(value));
        break;
      case 'text':
        key(id, wire.text);
        text(out, value);
        break;
      case 'i32s':
        list(id, wire.i32, value.length);
        for (const n of value) out.push(...zigzag(n));
        break;
      case 'texts':
        list(id, wire.text, value.length);
        for (const t of value) text(out, t);
        break;
      case 'struct':
        key(id, wire.struct);
        struct(out, value);
        break;
      case 'structs':
        list(id, wire.struct, value.length);
        for (const of of value) struct(out, of);
    }
  out.push(0);
}

function text(out: number[], value: string): void {
  const bytes = new TextEncoder().encode(value);
  out.push(...varint(bytes.length));
  for (const byte of bytes) out.push(byte);
}

/** Numbers here are counts and places: never negative, below 2^52. */
const zigzag = (n: number): number[] => varint(n * 2);

function varint(n: number): number[] {
  const out: number[] = [];
  for (; n >= 128; n = Math.floor(n / 128)) out.push((n % 128) | 128);
  out.push(n);
  return out;
}

const bytesOf = (numbers: Int32Array | Uint32Array): Uint8Array =>
  new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
