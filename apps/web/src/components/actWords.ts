// An act of the record in plain words: what kind it is, and what its body says, line by line.
import type { Act } from '@opencanvass/evidence/record';
import type { Words } from '../words.tsx';
import { english, type Key } from '../words/english.ts';

/** The name of a kind of entry. */
export const kindInWords = (kind: string, { say }: Pick<Words, 'say'>): string => {
  const key = `kind.${kind}`;
  return key in english ? say(key as Key) : kind;
};

export interface Line {
  readonly name: string;
  readonly value: string;
}

export function bodyInWords(
  { about }: Pick<Act, 'about'>,
  body: unknown,
  { say, number }: Pick<Words, 'say' | 'number'>,
): Line[] {
  const named = (name: string): string => {
    const key = `body.${name}`;
    return key in english ? say(key as Key) : name;
  };
  const text = (value: unknown): string => {
    if (typeof value === 'number') return number(value, 6);
    if (typeof value !== 'object' || value === null) return String(value);
    if (Array.isArray(value))
      return value.map(text).join(value.some((v) => typeof v === 'object') ? '\n' : ', ');
    return Object.entries(value)
      .map(([k, v]) => `${named(k)}: ${text(v)}`)
      .join(' · ');
  };
  const lines = Object.entries(
    typeof body === 'object' && body !== null ? flat(body as Record<string, unknown>) : {},
  );
  return [
    ...(about.jurisdiction === undefined ? [] : [{ name: named('jurisdiction'), value: about.jurisdiction }]),
    ...(about.contest === undefined ? [] : [{ name: named('contest'), value: about.contest }]),
    ...(about.entries === undefined
      ? []
      : [{ name: named('entries'), value: about.entries.map((e) => number(e)).join(', ') }]),
    ...lines.map(([name, value]) => ({ name: named(name), value: text(value) })),
  ];
}

/** The file that was read, in three lines of its own. */
const flat = (body: Record<string, unknown>): Record<string, unknown> => {
  const { read, ...rest } = body;
  if (typeof read !== 'object' || read === null) return body;
  const { file, rowsRead } = read as { file?: { name?: string; sha256?: string }; rowsRead?: number };
  return { file: file?.name, sha256: file?.sha256, rowsRead, ...rest };
};
