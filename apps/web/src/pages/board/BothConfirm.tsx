// Two people confirm, one after the other, by an act of each: the second after hearing what the first entered, with the paper before their eyes.
import { useEffect, useRef, useState } from 'react';
import { Alert } from '../../components/Alert.tsx';
import { Button } from '../../components/Button.tsx';
import type { Board } from '../../outbox.ts';
import { useWords } from '../../words.tsx';

export function BothConfirm({
  members,
  enterer,
  onBoth,
  onBack,
}: {
  readonly members: Board['members'];
  /** Who entered it: the other one compares it with the paper. */
  readonly enterer: 0 | 1;
  readonly onBoth: () => Promise<void>;
  readonly onBack: () => void;
}) {
  const { say } = useWords();
  const [confirmed, setConfirmed] = useState(false);
  const [storing, setStoring] = useState(false);
  const [notKept, setNotKept] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  const [reader, comparer] = [members[enterer].name, members[1 - enterer]!.name];
  const first = () => {
    setConfirmed(true);
    // The button that was pressed is done with; the keys go on working.
    box.current?.focus();
  };
  const second = async () => {
    setStoring(true);
    setNotKept(false);
    try {
      await onBoth();
    } catch {
      // The device's own store is full, or the browser forbids it: nothing is told that was not stored.
      setStoring(false);
      setNotKept(true);
    }
  };
  return (
    <div
      className="both-confirm"
      ref={box}
      tabIndex={-1}
      role="group"
      aria-label={say('confirm.label')}
      onKeyDown={(e) => {
        if (e.key === '1') first();
        else if (e.key === '2' && confirmed && !storing) void second();
        else if (e.key === 'Escape') onBack();
        else return;
        e.preventDefault();
      }}
    >
      <p>{say(confirmed ? 'confirm.compare' : 'confirm.readBack', { reader, comparer })}</p>
      {notKept ? <Alert kind="error">{say('confirm.notKept')}</Alert> : null}
      <div className="acts">
        <Button className="first" look={confirmed ? 'outline' : 'big'} disabled={confirmed} onClick={first}>
          {say(confirmed ? 'confirm.confirmed' : 'confirm.first', { name: reader })}{' '}
          <kbd aria-hidden="true">1</kbd>
        </Button>
        <Button look="big" disabled={!confirmed} busy={storing} onClick={() => void second()}>
          {say('confirm.second', { name: comparer })} <kbd aria-hidden="true">2</kbd>
        </Button>
        <Button look="outline" onClick={onBack}>
          {say('confirm.change')} <kbd aria-hidden="true">Esc</kbd>
        </Button>
      </div>
      <p className="usa-sr-only" role="status">
        {confirmed ? say('confirm.compare', { reader, comparer }) : ''}
      </p>
    </div>
  );
}
