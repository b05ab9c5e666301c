// Text to UTF-8 and back without replacement characters: what is not well-formed is refused, never repaired.

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }); // ignoreBOM: a BOM stays in the text, where its reader sees it

/** The UTF-8 of `text`. Throws RangeError on a lone surrogate: no bytes stand for it. */
export function toUtf8(text: string): Uint8Array {
  if (!text.isWellFormed()) throw new RangeError('a lone surrogate has no UTF-8');
  return encoder.encode(text);
}

/** The text, or undefined if the bytes are not well-formed UTF-8. A byte order mark is kept as U+FEFF. */
export function fromUtf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
