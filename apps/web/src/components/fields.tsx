// Fields of a form: a label above, a hint under it, and what is wrong beside the field it is wrong in.
import { useId, type ComponentProps, type ReactNode } from 'react';

interface Around {
  readonly label: string;
  readonly hint?: ReactNode | undefined;
  readonly error?: string | undefined;
}

function Group({
  id,
  label,
  hint,
  error,
  children,
}: Around & { readonly id: string; readonly children: ReactNode }) {
  return (
    <div className={`usa-form-group${error === undefined ? '' : ' usa-form-group--error'}`}>
      <label className="usa-label" htmlFor={id}>
        {label}
      </label>
      {hint === undefined ? null : (
        <span className="usa-hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {error === undefined ? null : (
        <span className="usa-error-message" id={`${id}-error`} role="alert">
          {error}
        </span>
      )}
      {children}
    </div>
  );
}

const described = (id: string, { hint, error }: Around) => ({
  id,
  ...(hint === undefined && error === undefined
    ? {}
    : {
        'aria-describedby': [hint === undefined ? '' : `${id}-hint`, error === undefined ? '' : `${id}-error`]
          .join(' ')
          .trim(),
      }),
  ...(error === undefined ? {} : { 'aria-invalid': true as const }),
});

export function TextField({ label, hint, error, ...rest }: Around & ComponentProps<'input'>) {
  const id = useId();
  return (
    <Group id={id} label={label} hint={hint} error={error}>
      <input
        type="text"
        {...rest}
        {...described(id, { label, hint, error })}
        className={`usa-input${error === undefined ? '' : ' usa-input--error'}`}
      />
    </Group>
  );
}

export function TextArea({ label, hint, error, ...rest }: Around & ComponentProps<'textarea'>) {
  const id = useId();
  return (
    <Group id={id} label={label} hint={hint} error={error}>
      <textarea {...rest} {...described(id, { label, hint, error })} className="usa-textarea" />
    </Group>
  );
}

export function SelectField({ label, hint, error, children, ...rest }: Around & ComponentProps<'select'>) {
  const id = useId();
  return (
    <Group id={id} label={label} hint={hint} error={error}>
      <select {...rest} {...described(id, { label, hint, error })} className="usa-select">
        {children}
      </select>
    </Group>
  );
}

export function Checkbox({ label, hint, ...rest }: Omit<Around, 'error'> & ComponentProps<'input'>) {
  const id = useId();
  return (
    <div className="usa-checkbox">
      <input type="checkbox" className="usa-checkbox__input" {...rest} id={id} />
      <label className="usa-checkbox__label" htmlFor={id}>
        {label}
        {hint === undefined ? null : <span className="usa-checkbox__label-description">{hint}</span>}
      </label>
    </div>
  );
}

/** One of several, each with words of its own. */
export function Choices<T extends string>({
  legend,
  name,
  value,
  onPick,
  of: choices,
}: {
  readonly legend: string;
  readonly name: string;
  readonly value: T | undefined;
  readonly onPick: (value: T) => void;
  readonly of: readonly {
    readonly value: T;
    readonly label: string;
    readonly hint?: string;
    readonly disabled?: boolean;
  }[];
}) {
  const id = useId();
  return (
    <fieldset className="usa-fieldset">
      <legend className="usa-legend">{legend}</legend>
      {choices.map((c) => (
        <div className="usa-radio" key={c.value}>
          <input
            type="radio"
            className="usa-radio__input"
            id={`${id}-${c.value}`}
            name={name}
            value={c.value}
            checked={c.value === value}
            disabled={c.disabled === true}
            onChange={() => onPick(c.value)}
          />
          <label className="usa-radio__label" htmlFor={`${id}-${c.value}`}>
            {c.label}
            {c.hint === undefined ? null : <span className="usa-checkbox__label-description">{c.hint}</span>}
          </label>
        </div>
      ))}
    </fieldset>
  );
}
