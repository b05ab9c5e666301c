// A dialog over the page: the browser's own, which keeps the focus within it and closes with Escape.
import { useEffect, useId, useRef, type ReactNode } from 'react';
import { useWords } from '../words.tsx';
import { Button } from './Button.tsx';

export function Dialog({
  title,
  onClose,
  children,
}: {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const id = useId();
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => box.current?.showModal(), []);
  return (
    <dialog ref={box} aria-labelledby={id} onClose={onClose}>
      <h2 id={id}>{title}</h2>
      {children}
    </dialog>
  );
}

/** Asks once more before something that is not undone. */
export function Confirm({
  title,
  act,
  busy = false,
  disabled = false,
  onConfirm,
  onClose,
  children,
}: {
  readonly title: string;
  /** The words of the button that does it. */
  readonly act: string;
  readonly busy?: boolean;
  /** Something is still to be said. */
  readonly disabled?: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const { say } = useWords();
  return (
    <Dialog title={title} onClose={onClose}>
      {children}
      <div className="acts">
        <Button busy={busy} disabled={disabled} onClick={onConfirm}>
          {act}
        </Button>
        <Button look="outline" onClick={onClose}>
          {say('cancel')}
        </Button>
      </div>
    </Dialog>
  );
}
