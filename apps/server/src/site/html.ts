// HTML as it is written here: a template in which every value is text unless it was made by such a template itself. Nothing from a record can
// become markup, and no page has to remember to escape.

/** Markup made by `html`; nothing else counts as markup. */
export class Html {
  readonly #text: string;
  private constructor(text: string) {
    this.#text = text;
  }
  toString(): string {
    return this.#text;
  }
  static of(strings: readonly string[], values: readonly Content[]): Html {
    return new Html(strings.map((s, i) => s + (i < values.length ? textOf(values[i]) : '')).join(''));
  }
}

export type Content = Html | string | number | false | undefined | readonly Content[];

/** html`<p class="${name}">${text}</p>`: values stand in text or in quoted attributes, nowhere else. */
export const html = (strings: TemplateStringsArray, ...values: readonly Content[]): Html =>
  Html.of(strings, values);

function textOf(value: Content): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Html) return value.toString();
  if (typeof value === 'object') return value.map(textOf).join('');
  return `${value}`.replaceAll(/[&<>"']/g, (c) => escapes[c]!);
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
