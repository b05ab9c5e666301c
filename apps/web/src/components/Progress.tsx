// How much of a whole is done: a bar, and the same in figures.
import { useWords } from '../words.tsx';

export function Progress({
  label,
  done,
  of: all,
}: {
  readonly label: string;
  readonly done: number;
  readonly of: number;
}) {
  const { say } = useWords();
  return (
    <span className="progress">
      <progress aria-label={label} value={done} max={Math.max(all, 1)} />
      <span className="said">{say('progress', { done, all })}</span>
    </span>
  );
}
