// How each contest of the results file is counted, where the file does not say: votes a ballot may have, winners, or ranks.
import type { Output, routes } from '@opencanvass/contract';
import { SelectField, TextField } from '../../components/fields.tsx';
import { useWords, type Words } from '../../words.tsx';

export type Found = Output<typeof routes.readResults>['contests'][number];
type Rule = Found['rule'];
/** By contest, what was changed of the file's rule; figures as typed. */
export type Changed = Readonly<Record<string, Typed>>;
interface Typed {
  readonly kind: 'plurality' | 'instantRunoff';
  readonly voteFor: string;
  readonly winners: string;
  readonly ranks: string;
}

const isEditable = ({ kind }: Rule): boolean => kind === 'plurality' || kind === 'instantRunoff';
const typed = ({ rule, choices }: Found): Typed => ({
  kind: rule.kind === 'instantRunoff' ? 'instantRunoff' : 'plurality',
  voteFor: String(rule.voteFor ?? 1),
  winners: String(rule.winners ?? 1),
  ranks: String(rule.ranks ?? choices.length),
});
const upTo = (most: number, text: string): boolean => /^[1-9]\d{0,2}$/.test(text) && Number(text) <= most;

export const mostVotes = ({ choices }: Found): number => Math.max(choices.length, 1);
const mostRanks = 100;

/** Are the figures of every contest whole? */
export const areWhole = (contests: readonly Found[], changed: Changed): boolean =>
  contests.every((c) => {
    const { kind, voteFor, winners, ranks } = changed[c.contest] ?? typed(c);
    return kind === 'instantRunoff'
      ? upTo(mostRanks, ranks)
      : upTo(mostVotes(c), voteFor) && upTo(mostVotes(c), winners);
  });

/** As the desk is told them: those that were changed. */
export const rulesOf = (contests: readonly Found[], changed: Changed) =>
  contests.flatMap(({ contest }) => {
    const to = changed[contest];
    if (to === undefined) return [];
    const { kind, voteFor, winners, ranks } = to;
    const plurality = { kind, voteFor: Number(voteFor), winners: Number(winners) };
    return [{ contest, rule: kind === 'instantRunoff' ? { kind, ranks: Number(ranks) } : plurality }];
  });

/** A contest's rule in words. */
export function inWords(found: Found, changed: Changed, { say }: Pick<Words, 'say'>): string {
  const { kind, voteFor, winners, ranks } = changed[found.contest] ?? typed(found);
  const { name } = found;
  if (!isEditable(found.rule)) return `${name}: ${say('setUp.rule.other')}`;
  return kind === 'instantRunoff'
    ? say('setUp.rankedOf', { name, n: Number(ranks) })
    : say('setUp.pluralityOf', { name, n: Number(voteFor), winners: Number(winners) });
}

export function ContestRules({
  contests,
  changed,
  onChange,
}: {
  readonly contests: readonly Found[];
  readonly changed: Changed;
  readonly onChange: (changed: Changed) => void;
}) {
  const { say } = useWords();
  return contests.map((c) => {
    const now = changed[c.contest] ?? typed(c);
    const set = (part: Partial<Typed>): void => onChange({ ...changed, [c.contest]: { ...now, ...part } });
    const figure = (field: 'voteFor' | 'winners' | 'ranks', most: number) => (
      <TextField
        label={say(`setUp.${field}`)}
        inputMode="numeric"
        autoComplete="off"
        value={now[field]}
        error={upTo(most, now[field]) ? undefined : say('setUp.wrongNumber', { most })}
        onChange={(e) => set({ [field]: e.target.value.trim() })}
      />
    );
    return (
      <section key={c.contest} className="contest-rule" aria-label={c.name}>
        <h3>{c.name}</h3>
        <p className="fine">{c.choices.join(' · ')}</p>
        {isEditable(c.rule) ? (
          <div className="rule-fields">
            <SelectField
              label={say('setUp.rule')}
              value={now.kind}
              onChange={(e) => set({ kind: e.target.value as Typed['kind'] })}
            >
              <option value="plurality">{say('setUp.rule.plurality')}</option>
              <option value="instantRunoff">{say('setUp.rule.instantRunoff')}</option>
            </SelectField>
            {now.kind === 'instantRunoff' ? (
              figure('ranks', mostRanks)
            ) : (
              <>
                {figure('voteFor', mostVotes(c))}
                {figure('winners', mostVotes(c))}
              </>
            )}
          </div>
        ) : (
          <p>{say('setUp.rule.other')}</p>
        )}
      </section>
    );
  });
}
