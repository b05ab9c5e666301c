// A ranked contest's rounds as RCTab reports them: its summary or detailed report in JSON. Of each round the votes, who was elected and who was
// eliminated; transfers and thresholds are not kept, for what is compared is what the next round shows.
import type { RoundStated, StatedRounds } from '../stated/index.ts';
import { shown } from './cells.ts';
import type { Reading, ReaderName, Refusal } from './reading.ts';
import { decodeText } from './text.ts';

export const roundsReportReader: ReaderName = { reader: 'rounds report JSON', version: '1' };

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function readRoundsReport(file: string, bytes: Uint8Array): Reading<StatedRounds> {
  const refuse = (code: string, field: string, expected: string, found: string): Reading<StatedRounds> => {
    const todo = 'give the summary or detailed report in JSON as the program wrote it';
    const refusal: Refusal = { code, file, ...(field === '' ? {} : { field }), expected, found, todo };
    return { ok: false, refusals: [refusal] };
  };
  const text = decodeText(file, bytes);
  if ('code' in text) return { ok: false, refusals: [text] };
  let json: unknown;
  try {
    json = JSON.parse(text.text);
  } catch (error) {
    return refuse('not-json', '', 'JSON', (error as Error).message);
  }
  const results = isObject(json) ? json['results'] : undefined;
  if (!Array.isArray(results) || results.length === 0)
    return refuse('not-a-rounds-report', 'results', 'a list of rounds', shown(JSON.stringify(results) ?? ''));
  const rounds: RoundStated[] = [];
  for (const [r, round] of (results as unknown[]).entries()) {
    const field = `results[${r}]`;
    const tally = isObject(round) ? round['tally'] : undefined;
    const decided = isObject(round) ? (round['tallyResults'] ?? []) : undefined;
    if (!isObject(round) || round['round'] !== r + 1 || !isObject(tally) || !Array.isArray(decided))
      return refuse(
        'not-a-rounds-report',
        field,
        `round ${r + 1} with its tally`,
        shown(JSON.stringify(round)),
      );
    const votes = Object.entries(tally).map(([candidate, value]) => ({ candidate, votes: String(value) }));
    const wrong = votes.find((v) => !/^\d{1,15}(\.\d{1,20})?$/.test(v.votes));
    if (wrong !== undefined)
      return refuse('not-a-count', `${field}.tally.${wrong.candidate}`, 'votes', shown(wrong.votes));
    const who = (what: string): string[] =>
      (decided as unknown[]).flatMap((d) => (isObject(d) && typeof d[what] === 'string' ? [d[what]] : []));
    rounds.push({ votes, elected: who('elected'), eliminated: who('eliminated') });
  }
  const config = isObject(json) ? json['config'] : undefined;
  const contest = isObject(config) ? config['contest'] : undefined;
  return {
    ok: true,
    value: { contest: typeof contest === 'string' ? contest : '', rounds },
    rowsRead: rounds.length,
    rowsRefused: [],
    remarks: text.remarks,
  };
}
