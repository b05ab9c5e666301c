// The digits of a seed, each as a die that lies on the table, numbered so that a witness can compare them one by one.
export function Dice({ digits, label }: { readonly digits: string; readonly label: string }) {
  return (
    <ol className="dice" aria-label={`${label}: ${digits.split('').join(' ')}`}>
      {digits.split('').map((digit, i) => (
        // A digit may come twice: its place is its name.
        <li key={i} aria-hidden="true">
          <span className="place">{i + 1}</span>
          <span className="digit">{digit}</span>
        </li>
      ))}
    </ol>
  );
}
