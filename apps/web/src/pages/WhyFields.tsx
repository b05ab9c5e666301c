// Why something that was read is read again, in a kind and in words: both stand on the record beside the new reading.
import { whyRead } from '@opencanvass/contract';
import { SelectField, TextArea } from '../components/fields.tsx';
import { useWords } from '../words.tsx';

export interface WhyAgain {
  readonly why: (typeof whyRead)[number];
  readonly words: string;
}
export const noWhy: WhyAgain = { why: 'misread', words: '' };
export const isSaid = ({ words }: WhyAgain): boolean => words.trim() !== '';

export function WhyFields({
  label,
  hint,
  why,
  onWhy,
}: {
  /** Of the kind; why it is read again unless something else is said. */
  readonly label?: string;
  readonly hint?: string;
  readonly why: WhyAgain;
  readonly onWhy: (why: WhyAgain) => void;
}) {
  const { say } = useWords();
  return (
    <>
      <SelectField
        label={label ?? say('again.why')}
        value={why.why}
        onChange={(e) => onWhy({ ...why, why: e.target.value as WhyAgain['why'] })}
      >
        {whyRead.map((w) => (
          <option key={w} value={w}>
            {say(`whyRead.${w}`)}
          </option>
        ))}
      </SelectField>
      <TextArea
        label={say('again.words')}
        hint={hint}
        rows={3}
        value={why.words}
        onChange={(e) => onWhy({ ...why, words: e.target.value })}
        required
      />
    </>
  );
}
