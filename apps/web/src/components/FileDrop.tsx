// A file from the disk: chosen, or dropped on the field.
import { useId, useState } from 'react';
import { useWords } from '../words.tsx';

export function FileDrop({
  label,
  hint,
  accept,
  file,
  onFile,
}: {
  readonly label: string;
  /** What stands between backquotes is as it stands in a file. */
  readonly hint?: string;
  readonly accept?: string;
  readonly file: File | undefined;
  readonly onFile: (file: File) => void;
}) {
  const { say, number } = useWords();
  const id = useId();
  const [over, setOver] = useState(false);
  const take = (files: FileList | null) => {
    const one = files?.[0];
    if (one !== undefined) onFile(one);
  };
  return (
    <div className="usa-form-group">
      <span className="usa-label" id={`${id}-label`}>
        {label}
      </span>
      {hint === undefined ? null : (
        <span className="usa-hint" id={`${id}-hint`}>
          {hint.split('`').map((part, i) => (i % 2 === 1 ? <code key={part}>{part}</code> : part))}
        </span>
      )}
      <label
        className={`drop${over ? ' over' : ''}`}
        onDragOver={(e) => {
          e.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(e) => {
          e.preventDefault();
          setOver(false);
          take(e.dataTransfer.files);
        }}
      >
        <input
          type="file"
          accept={accept}
          aria-labelledby={`${id}-label`}
          {...(hint === undefined ? {} : { 'aria-describedby': `${id}-hint` })}
          onChange={(e) => take(e.target.files)}
        />
        {file === undefined ? (
          say('file.drop')
        ) : (
          <>
            <span className="chosen">{file.name}</span>
            {say('file.size', { kb: number(Math.max(1, Math.round(file.size / 1000))) })}
          </>
        )}
      </label>
    </div>
  );
}
