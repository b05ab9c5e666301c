// Two people of two parties, as the public record will name them.
import type { Output, routes } from '@opencanvass/contract';
import { TextField } from '../../components/fields.tsx';
import { useWords } from '../../words.tsx';

export type People = NonNullable<Output<typeof routes.whoAmI>['members']>;
export const nobody: People = [
  { name: '', party: '' },
  { name: '', party: '' },
];

export function TwoPeople({
  people: [one, two],
  onPeople,
}: {
  readonly people: People;
  readonly onPeople: (people: People) => void;
}) {
  const { say } = useWords();
  const person = (who: 0 | 1, member: typeof one, change: (m: typeof one) => void) => (
    <fieldset className="usa-fieldset person">
      <legend className="usa-legend">{say(who === 0 ? 'board.first' : 'board.second')}</legend>
      <TextField
        label={say('board.name')}
        value={member.name}
        onChange={(e) => change({ ...member, name: e.target.value })}
        autoComplete="off"
        required
      />
      <TextField
        label={say('board.party')}
        value={member.party}
        onChange={(e) => change({ ...member, party: e.target.value })}
        autoComplete="off"
        required
      />
    </fieldset>
  );
  return (
    <div className="persons">
      {person(0, one, (m) => onPeople([m, two]))}
      {person(1, two, (m) => onPeople([one, m]))}
    </div>
  );
}
