// A word for a state, in a colour that says the same again.
export type Tone = 'good' | 'open' | 'warn' | 'bad' | 'plain';

export function Tag({ tone, children }: { readonly tone: Tone; readonly children: string }) {
  return <span className={`usa-tag ${tone}`}>{children}</span>;
}
