// A reading that is put right. The old one stays on the record; a correction that names it stands in its place. Before the round is assessed the board or its
// county reads again; afterwards everybody knows what the machine said, so it takes the state, witnesses, and another assessment.
import type { Bodies } from '@opencanvass/evidence/record';
import type { ContestId, JurisdictionId } from '@opencanvass/evidence/election';
import type { Draft } from '@opencanvass/keeper';
import type {
  AuditState,
  BatchCount,
  CardRead,
  CardReading,
  ContestAudit,
  PaperRead,
  Person,
} from './audit.ts';
import { batchFault, inOneForm } from './handCount.ts';
import type { UnitReading } from './readings.ts';
import {
  authorOf,
  no,
  payloadOf,
  peopleFault,
  readingFault,
  yes,
  type BoardAct,
  type Ruling,
  type Setting,
} from './rules.ts';

interface ReadAgain {
  readonly position: number;
  readonly why: string;
  readonly words: string;
  readonly batch?: BatchCount | undefined;
  readonly contests?: readonly { readonly contest: string; readonly reading: CardReading }[] | undefined;
  readonly by?: readonly Person[] | undefined;
  readonly entry?: string | undefined;
}

/**
 * A batch or card read again, before its round is assessed: nobody knows yet what the machine said of it. The correction stands in the place of the
 * reading that it names, which stays on the record.
 */
export async function reRead(s: Setting, input: ReadAgain & BoardAct): Promise<Ruling> {
  const { state, who } = s;
  const by = input.by ?? who.members;
  if (by === undefined) return no('two-people', 'the names of the two who read');
  const before = input.entry === undefined ? undefined : state.boardActs.get(input.entry);
  if (before !== undefined) return again(s, before, input, by);
  const made = await replacing(s, input, by);
  if (!made.ok) return made;
  const told = made.audits.find((a) => state.isAssessed(a, made.paper.unit));
  if (told !== undefined && !made.inHandCount)
    return no('read-again-after-assessment', 'a correction before witnesses, by the state', told.contest.id);
  return yes({ ...made.draft, ...(input.done === undefined ? {} : { done: input.done }) });
}

/** The same correction, sent again by a device that did not hear that it had arrived. */
function again(
  { who }: Setting,
  { position, entry, body }: AuditState['boardActs'] extends ReadonlyMap<string, infer T> ? T : never,
  { words, why, batch, contests }: ReadAgain,
  by: readonly Person[],
): Ruling {
  const { reason, replacement } = body as Bodies['correction'];
  const said = replacement as Partial<CardRead & { batch: BatchCount }> | undefined;
  const anew = contests?.every((c) =>
    said?.contests?.some((k) => payloadOf(k) === payloadOf({ contest: c.contest, reading: c.reading })),
  );
  const same =
    entry.act.about.jurisdiction === who.jurisdiction &&
    reason === words &&
    said?.why === why &&
    payloadOf(said.by) === payloadOf(by) &&
    (batch === undefined ? anew === true : payloadOf(said.batch ?? null) === payloadOf(inOneForm(batch)));
  return same
    ? { ok: true, already: [position] }
    : no('entry-differs', 'the entry that was sent under this name before', `entry ${position}`);
}

/**
 * The same after the assessment, when everybody knows what the machine said: with the paper at hand, before witnesses, signed by the state. What was
 * assessed no longer holds, and the round is assessed again.
 */
export async function reReadAfterAssessment(
  s: Setting,
  input: ReadAgain & { readonly by: readonly Person[]; readonly witnesses: readonly string[] },
): Promise<Ruling> {
  const { state } = s;
  const made = await replacing(s, input, input.by);
  if (!made.ok) return made;
  if (made.inHandCount || !made.audits.some((a) => state.isAssessed(a, made.paper.unit)))
    return no('not-assessed-yet', 'a correction by the board or its county');
  const counted = made.audits.find((a) => a.ordered);
  if (counted !== undefined) return no('contest-is-hand-counted', undefined, counted.contest.id);
  const body = made.draft.body as Bodies['correction'];
  const replacement = { ...made.paper, witnesses: input.witnesses };
  return yes({ ...made.draft, body: { ...body, replacement } });
}

async function replacing(
  s: Setting,
  input: ReadAgain,
  by: readonly Person[],
): Promise<
  | Extract<Ruling, { ok: false }>
  | {
      readonly ok: true;
      readonly draft: Draft;
      readonly paper: PaperRead;
      readonly audits: readonly ContestAudit[];
      readonly inHandCount: boolean;
    }
> {
  const { state, who } = s;
  if (state.certified) return no('after-certificate');
  const found = readingAt(state, input.position);
  const [first] = found;
  if (first === undefined) return no('no-reading', 'the entry of a reading that counts', `${input.position}`);
  const { unit, reading, inHandCount } = first;
  const county = unit.slice(0, unit.indexOf('/')) as JurisdictionId;
  if (who.jurisdiction !== undefined && who.jurisdiction !== county)
    return no('another-county', who.jurisdiction, unit);
  const people = peopleFault(by);
  if (people !== undefined) return { ok: false, problem: people };
  const old = reading.paper;
  const named = input.entry === undefined ? {} : { entry: input.entry };
  let paper: PaperRead;
  let audits: ContestAudit[];
  if ('batch' in old) {
    if (input.batch === undefined) return no('another-kind-of-reading', 'a batch');
    const { audit } = first;
    const batch = inOneForm(input.batch);
    const fault = await batchFault(s, audit, unit, batch, inHandCount);
    if (fault !== undefined) return { ok: false, problem: fault };
    audits = [audit];
    paper = { unit, batch, by, why: input.why, ...named };
  } else {
    if (input.contests === undefined) return no('another-kind-of-reading', 'a card');
    for (const { contest, reading: anew } of input.contests) {
      const one = found.find((f) => f.audit.contest.id === contest);
      if (one === undefined) return no('no-reading', 'a contest that was read on this card', contest);
      const fault = readingFault(one.audit.contest, anew);
      if (fault !== undefined) return { ok: false, problem: fault };
    }
    const anew = new Map(
      input.contests.map(({ contest, reading: said }) => [
        contest,
        { contest: contest as ContestId, reading: said },
      ]),
    );
    audits = found.map((f) => f.audit).filter((a) => anew.has(a.contest.id));
    paper = {
      unit,
      contests: old.contests.map((c) => anew.get(c.contest) ?? c),
      by,
      why: input.why,
      ...named,
    };
  }
  const contest = 'batch' in old ? { contest: first.audit.contest.id } : {};
  const draft: Draft = {
    kind: 'correction',
    author: authorOf(who),
    about: { ...contest, jurisdiction: county, entries: reading.positions },
    body: { reason: input.words, replacement: paper },
  };
  return { ok: true, draft, paper, audits, inHandCount };
}

/** In which contests does this entry hold the reading that counts? */
function readingAt(
  state: AuditState,
  position: number,
): readonly {
  readonly audit: ContestAudit;
  readonly unit: string;
  readonly reading: UnitReading;
  readonly inHandCount: boolean;
}[] {
  return [...state.contests.values()].flatMap((audit) =>
    [audit.read, audit.counted].flatMap((readings) => {
      const at = readings.at(position);
      return at === undefined ? [] : [{ audit, ...at, inHandCount: readings === audit.counted }];
    }),
  );
}
