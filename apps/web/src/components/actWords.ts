// An act of the record in plain words: what kind it is, and what its body says, line by line. Ids are said as the names they stand for, and the record's fixed
// words as the reader's language has them; what people wrote stays as they wrote it. What only machines read stands in the record, and not here.
import { whyDiffer, whyRead } from '@opencanvass/contract';
import type { Act } from '@opencanvass/evidence/record';
import type { ContestState, Status } from '../outcome.ts';
import { countInWords, inWords } from '../pages/board/reading.ts';
import type { Words } from '../words.tsx';
import { english, type Key } from '../words/english.ts';

/** The name of a kind of entry. */
export const kindInWords = (kind: string, { say }: Pick<Words, 'say'>): string => {
  const key = `kind.${kind}`;
  return key in english ? say(key as Key) : kind;
};

export interface Line {
  readonly name: string;
  readonly value: string;
  /** In the words of whoever did it, in whichever language. */
  readonly asWritten?: true;
}

/** Whose names the record's ids stand for. */
export type Named = Pick<Status, 'contests' | 'counties'>;

export function bodyInWords(
  { about }: Pick<Act, 'about'>,
  body: unknown,
  words: Words,
  { contests, counties }: Named,
): Line[] {
  const { say, number, percent, method, ending } = words;
  const contestOf = (id: unknown): ContestState | undefined => contests.find((c) => c.contest === id);
  const countyOf = (id: string): string => counties.find((c) => c.jurisdiction === id)?.name ?? id;
  const placeOf = (unit: string): string => {
    const [county = '', ...rest] = unit.split('/');
    return [countyOf(county), ...rest].join(', ');
  };
  const choices = (ids: readonly string[], contest = contestOf(about.contest)): string =>
    ids.map((id) => contest?.choices.find((c) => c.id === id)?.name ?? id).join(', ');
  const people = (by: readonly unknown[]): string =>
    by.map((p) => (isObject(p) ? `${p['name']} (${p['party']})` : String(p))).join(', ');
  const line = (name: Key, value: string): Line => ({ name: say(name), value });
  const quote = (name: Key, value: string): Line => ({ ...line(name, value), asWritten: true });
  /** What is said of each contest of a list: its name, and after it what was announced of it or what it came to. */
  const ofContest = (c: Body): string =>
    [
      contestOf(c['contest'])?.name ?? String(c['contest']),
      ...('method' in c ? [method(String(c['method']))] : []),
      ...('riskLimit' in c ? [say('announce.limitOf', { limit: percent(Number(c['riskLimit']), 4) })] : []),
      ...('ending' in c ? [ending(String(c['ending']))] : []),
      ...('winners' in c ? [choices(c['winners'] as string[], contestOf(c['contest']))] : []),
    ].join(' · ');
  const read = (of: Body): string[] =>
    Array.isArray(of['contests'])
      ? (of['contests'] as { contest: string; reading: Parameters<typeof inWords>[0] }[]).map((c) => {
          const contest = contestOf(c.contest);
          return `${contest?.name ?? c.contest}: ${contest === undefined ? '–' : inWords(c.reading, contest, words).join(', ')}`;
        })
      : [];

  /** Each of a body's members that says something to people. */
  const sayings: Readonly<Record<string, (value: never, of: Body) => readonly Line[]>> = {
    election: (e: { name: string; date: string; contests: readonly unknown[] }) => [
      quote('body.name', e.name),
      line('body.date', words.date(e.date)),
      line('body.contests', number(e.contests.length)),
    ],
    jurisdiction: (j: { name: string }) => [line('body.jurisdiction', j.name)],
    holder: (h: { name: string; role: string }) => [
      quote('body.holder', h.name),
      line('body.role', h.role === 'keeper' ? say('record.keeper') : say(`role.${h.role}` as Key)),
    ],
    keyid: (id: string) => [line('body.keyid', id)],
    signs: (kinds: readonly string[]) =>
      kinds.length === 0 ? [] : [line('body.signs', kinds.map((k) => kindInWords(k, words)).join(' · '))],
    file: (f: { name: string; sha256: string }) => [
      quote('body.file', f.name),
      line('body.sha256', f.sha256),
    ],
    read: (r: { file?: { name: string; sha256: string }; rowsRead?: number }) => [
      ...(r.file === undefined ? [] : [quote('body.file', r.file.name), line('body.sha256', r.file.sha256)]),
      ...(r.rowsRead === undefined ? [] : [line('body.rowsRead', number(r.rowsRead))]),
    ],
    of: (what: string) => [
      line('body.of', say(what === 'batch totals' ? 'body.ofTotals' : 'body.ofRecords')),
    ],
    batches: (n: number) => [line('body.batches', number(n))],
    size: (n: number, of) => [
      line('body.size', say(of['counts'] === 'cards' ? 'body.cards' : 'body.ballots', { n })),
    ],
    seed: (digits: string) => [line('body.seed', digits)],
    how: (text: string) => [quote('body.how', text)],
    witnesses: (names: readonly string[]) => [quote('body.witnesses', names.join(', '))],
    words: (text: string, of) =>
      // Two notes that the desk itself makes.
      'preview' in of || 'attempts' in of ? [] : [quote('body.words', text)],
    preview: (p: { seed: string; contest: string }) => [
      line('body.preview', p.seed),
      line('body.contest', contestOf(p.contest)?.name ?? p.contest),
    ],
    attempts: (a: { rows: number; hash: string }) => [
      line('body.rows', number(a.rows)),
      line('body.hash', a.hash),
    ],
    reason: (text: string) => {
      const known = whyDiffer.find((w) => w === text);
      return [
        known === undefined ? quote('body.reason', text) : line('body.reason', say(`whyDiffer.${known}`)),
      ];
    },
    why: (text: string) => {
      const known = whyRead.find((w) => w === text);
      // A code of the assessment is said by the outcome beside it.
      return known !== undefined
        ? [line('body.why', say(`whyRead.${known}`))]
        : /^[a-z]+(?:-[a-z]+)+$/.test(text)
          ? []
          : [quote('body.why', text)];
    },
    contests: (list: readonly Body[], of) =>
      'unit' in of
        ? read(of).map((r) => line('body.reading', r))
        : [line('body.contests', list.map(ofContest).join('\n'))],
    method: (m: string) => [line('body.method', method(m))],
    ending: (e: string) => [line('body.ending', ending(e))],
    risk: (r: number) => [line('body.risk', percent(r, 3))],
    winners: (ids: readonly string[]) => (ids.length === 0 ? [] : [line('body.winners', choices(ids))]),
    next: (n: { expected: number; p90: number }) => [
      line('body.next', say('body.nextWords', { expected: Math.ceil(n.expected), p90: Math.ceil(n.p90) })),
    ],
    lot: (l: Body) => [
      line('body.among', choices(l['among'] as string[])),
      quote('body.how', String(l['how'])),
      quote('body.statute', String(l['statute'])),
      quote('body.witnesses', (l['witnesses'] as string[]).join(', ')),
    ],
    unit: (unit: string, of) => ('draws' in of ? [] : [line('body.unit', placeOf(unit))]),
    batch: (count: Parameters<typeof countInWords>[0] | 'not found') => [
      line(
        'body.reading',
        count === 'not found'
          ? say('count.notFound')
          : countInWords(count, contestOf(about.contest)?.choices ?? [], words),
      ),
    ],
    entered: (who: string) => [quote('body.entered', who)],
    investigation: ({ unit }: { unit: string }) => [line('body.unit', placeOf(unit))],
    by: (by: readonly unknown[]) => [quote('body.by', people(by))],
    draws: (units: readonly string[]) => [line('body.draws', units.map(placeOf).join('\n'))],
    totals: (totals: readonly number[], of) => [
      line(
        'body.totals',
        ((of['columns'] ?? []) as readonly { kind: string; choice?: string }[])
          .flatMap(({ kind, choice }, i) =>
            kind === 'choice' && choice !== undefined
              ? [`${choices([choice])} ${number(totals[i] ?? 0)}`]
              : [],
          )
          .join(', '),
      ),
    ],
    // What stands in another's place is an act like it.
    replacement: (r: unknown) =>
      bodyInWords({ about }, r, words, { contests, counties }).slice(aboutLines.length),
  };
  const aboutLines: readonly Line[] = [
    ...(about.jurisdiction === undefined ? [] : [line('body.jurisdiction', countyOf(about.jurisdiction))]),
    ...(about.contest === undefined
      ? []
      : [line('body.contest', contestOf(about.contest)?.name ?? about.contest)]),
    ...(about.entries === undefined
      ? []
      : [line('body.entries', about.entries.map((e) => number(e)).join(', '))]),
  ];
  return [
    ...aboutLines,
    ...(isObject(body)
      ? Object.entries(body).flatMap(([key, value]) =>
          Object.hasOwn(sayings, key)
            ? sayings[key]!(value as never, body)
            : forMachines.has(key)
              ? []
              : [{ name: key, value: JSON.stringify(value), asWritten: true as const }],
        )
      : []),
  ];
}

/** Members that only a verifier reads, or that another line says. Whatever is not known here is shown as it stands: nobody signs what they were not shown. */
const forMachines: ReadonlySet<string> = new Set([
  'check', 'choices', 'columns', 'contest', 'counts', 'entry', 'from', 'granularity', 'origin', 'publicKey', 'record', 'status', 'statedTotals', 'table', 'to',
]); // prettier-ignore

type Body = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Body => typeof value === 'object' && value !== null;
