// Where one is on a way of several steps.
import { useWords } from '../words.tsx';

export function StepIndicator({
  label,
  steps,
  current,
}: {
  readonly label: string;
  readonly steps: readonly string[];
  /** From 0; the number of steps where all are done. */
  readonly current: number;
}) {
  const { say } = useWords();
  return (
    <nav aria-label={label}>
      <ol className="steps">
        {steps.map((step, i) => (
          <li
            key={step}
            className={i < current ? 'complete' : i === current ? 'current' : undefined}
            {...(i === current ? { 'aria-current': 'step' as const } : {})}
          >
            {step}
            <span className="usa-sr-only">
              {' '}
              {say(i < current ? 'step.complete' : i === current ? 'step.current' : 'step.coming')}
            </span>
          </li>
        ))}
      </ol>
    </nav>
  );
}
