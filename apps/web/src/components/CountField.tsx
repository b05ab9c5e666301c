// A number of ballots or votes, typed: digits only, seven at most, and undefined while the field is empty.
import { TextField } from './fields.tsx';

interface Counted {
  readonly label: string;
  readonly value: number | undefined;
  readonly onCount: (n: number | undefined) => void;
}

/** With its label above. */
export const CountField = ({ label, value, onCount }: Counted) => (
  <TextField label={label} {...typed(value, onCount)} />
);

/** One line of a sheet: its label before it. */
export const CountLine = ({ label, value, onCount }: Counted) => (
  <label>
    <span className="what">{label}</span>
    <input className="usa-input" pattern="\d*" {...typed(value, onCount)} />
  </label>
);

const typed = (value: number | undefined, onCount: Counted['onCount']) => ({
  inputMode: 'numeric' as const,
  autoComplete: 'off',
  value: value ?? '',
  onChange: (e: { target: { value: string } }) => {
    const digits = e.target.value.replaceAll(/\D/g, '').slice(0, 7);
    onCount(digits === '' ? undefined : Number(digits));
  },
});
