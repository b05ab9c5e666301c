// Canonical JSON, RFC 8785 (JCS): one text for one value, so that it can be hashed and signed. Members are sorted by the UTF-16
// code units of their names, numbers are written as ECMAScript does, there is no space, and strings are well-formed Unicode.
//
// Beyond the RFC we refuse nesting deeper than `maxDepth`, so that hostile bytes cannot exhaust a verifier's stack.
import { fromUtf8, toUtf8 } from './utf8.ts';

export const maxDepth = 100;

/** What JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** The canonical bytes of a value. Throws TypeError on what JSON cannot say (undefined, NaN, a lone surrogate): a fault in us. */
export const canonicalJson = (value: unknown): Uint8Array => toUtf8(canonicalText(value));

export type CanonicalReading =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly code: 'not-utf8' | 'not-json' | 'too-deep' }
  /** JSON, but not written canonically: where the bytes first differ from the canonical ones (or end). */
  | { readonly ok: false; readonly code: 'not-canonical'; readonly at: number };

/**
 * Reads bytes that claim to be canonical JSON. Refuses everything that is not, to the byte: a space, an unsorted or repeated name,
 * an escape that need not be, -0, 1.0, a number that a double cannot hold, a lone surrogate, a byte order mark.
 */
export function parseCanonical(bytes: Uint8Array): CanonicalReading {
  const text = fromUtf8(bytes);
  if (text === undefined) return { ok: false, code: 'not-utf8' };
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    return { ok: false, code: 'not-json' };
  }
  let canonical: string;
  try {
    canonical = canonicalText(value);
  } catch (fault) {
    if (fault instanceof TooDeep) return { ok: false, code: 'too-deep' };
    if (!(fault instanceof NotJson)) throw fault;
    return { ok: false, code: 'not-canonical', at: 0 }; // a number beyond a double, or an escaped lone surrogate
  }
  return canonical === text
    ? { ok: true, value }
    : { ok: false, code: 'not-canonical', at: firstDifference(text, canonical) };
}

class NotJson extends TypeError {}
class TooDeep extends TypeError {}

function canonicalText(value: unknown, depth = 0): string {
  if (depth > maxDepth) throw new TooDeep(`nested deeper than ${maxDepth}`);
  switch (typeof value) {
    case 'string':
      if (!value.isWellFormed()) throw new NotJson('a string with a lone surrogate is not JSON');
      return JSON.stringify(value); // RFC 8785 section 3.2.2.2 is ECMAScript's own rule
    case 'number':
      if (!Number.isFinite(value)) throw new NotJson(`${value} is not JSON`);
      return String(value); // section 3.2.2.3; -0 becomes 0
    case 'boolean':
      return String(value);
    case 'object':
      if (value === null) return 'null';
      if (Array.isArray(value)) return `[${value.map((v) => canonicalText(v, depth + 1)).join(',')}]`;
      return objectText(value, depth);
    default:
      throw new NotJson(`a value of type ${typeof value} is not JSON`);
  }
}

function objectText(value: object, depth: number): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw new NotJson('only plain objects are JSON');
  const members = value as Readonly<Record<string, unknown>>;
  const names = Object.keys(members).sort(); // by UTF-16 code units: section 3.2.3
  return `{${names.map((name) => `${canonicalText(name)}:${canonicalText(members[name], depth + 1)}`).join(',')}}`;
}

/** Offset in bytes. */
function firstDifference(text: string, canonical: string): number {
  let i = 0;
  while (i < text.length && text.charCodeAt(i) === canonical.charCodeAt(i)) i++;
  if (i > 0 && !text.slice(0, i).isWellFormed()) i--; // they part within a surrogate pair
  return toUtf8(text.slice(0, i)).length;
}
