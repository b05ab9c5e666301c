// What may be found when a county's files are held against each other: a fixed word for each, and the values that its sentence has places for. The
// sentences stand with the pages, in each language.
import { z } from 'zod';

const name = z.string();
const count = z.int();
/** Votes by choice, only of choices that differ. */
const tally = z.array(z.object({ choice: name, votes: count }));
export type Tally = z.infer<typeof tally>;

/** 'stop': cannot be sealed. 'look': can, but somebody should know why. */
const weight = z.enum(['stop', 'look']);
const of = <C extends string, V extends z.ZodRawShape>(code: C, values: V) =>
  z.object({ code: z.literal(code), weight, values: z.object(values) });

/** Something about a county's files that the clerk should look at before anything is sealed. `line` is of the manifest, from 1. */
export const finding = z.discriminatedUnion('code', [
  of('no-manifest', {}),
  of('batch-repeated', { batch: name, line: count }),
  of('batch-name-repeated', { batch: name, line: count }),
  of('batch-not-in-manifest', { batch: name, contest: name }),
  of('more-votes-than-ballots', { batch: name, contest: name, most: count, votes: count }),
  of('batch-without-totals', { batch: name, contest: name }),
  of('totals-differ-from-results', { contest: name, reported: tally, found: tally }),
  of('totals-without-results', { contest: name, votes: count }),
  of('records-not-in-manifest', { batch: name, records: count }),
  of('more-records-than-cards', { batch: name, cards: count, records: count }),
  of('record-number', { batch: name, cards: count, number: count }),
  of('cards-without-record', { batch: name, cards: count, records: count }),
  of('contest-without-records', { contest: name }),
  of('records-differ-from-results', { contest: name, reported: tally, found: tally }),
  of('records-without-results', { contest: name, votes: count }),
]);
export type Finding = z.infer<typeof finding>;
