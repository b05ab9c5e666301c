// The id of a key, large and in groups of four, to be read out and compared by ear.
export function KeyId({ of: keyid }: { readonly of: string }) {
  return (
    <div className="key-id">
      {keyid.match(/.{1,4}/g)!.map((group, i) => (
        // The same group may come twice: its place is its name.
        <span key={i}>{group}</span>
      ))}
    </div>
  );
}
