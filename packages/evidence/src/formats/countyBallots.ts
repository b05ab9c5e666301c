// The county file of ballots cast, as gathered for Georgia's presidential contest of 2020: JSON, one object for each county,
//   {"Appling": {"BC": 8367, "Oth": 0, "Ovr": 0, "TBJ": 8341, "Und": 26}, …}
// BC ballots cast, TBJ votes for the three named candidates, Und undervotes, Ovr overvotes, Oth votes for others. The file does not
// name its contest; the caller does. BC = TBJ + Und + Ovr + Oth; a county where it is not so is read, with a remark.
import type { BallotsCast, BallotsCastRow } from '../counts/index.ts';
import {
  ballots,
  isCount,
  jurisdictionId,
  votes,
  type ContestId,
  type Jurisdiction,
} from '../election/index.ts';
import { countFaults, shown, type CountFault } from './cells.ts';
import type { Reading, ReaderName } from './reading.ts';
import { close, openLedger, refused, type Ledger } from './refusals.ts';
import { decodeText } from './text.ts';

export const countyBallotsReader: ReaderName = { reader: 'county ballots JSON', version: '1' };

const fields = ['BC', 'TBJ', 'Und', 'Ovr', 'Oth'] as const;
type Field = (typeof fields)[number];

export interface CountyBallots {
  readonly jurisdictions: readonly Jurisdiction[];
  readonly ballotsCast: BallotsCast;
}

export function readCountyBallots(
  file: string,
  bytes: Uint8Array,
  contest: ContestId,
): Reading<CountyBallots> {
  const decoded = decodeText(file, bytes);
  if ('code' in decoded) return refused(decoded);
  const ledger = openLedger(file, decoded.remarks);
  const counties = parseObject(ledger, decoded.text);
  if (counties === undefined) return refused(...ledger.refusals);
  const rows: BallotsCastRow[] = [];
  const jurisdictions = new Map<string, Jurisdiction>();
  for (const [name, county] of Object.entries(counties)) {
    if (ledger.full()) break;
    const id = jurisdictionId(name);
    const other = jurisdictions.get(id);
    if (other !== undefined)
      ledger.refuse(
        'jurisdiction-twice',
        { field: name },
        'each county once',
        `${shown(other.name)} and ${shown(name)}`,
        'one of the two is wrong or they belong together; ask the office',
      );
    jurisdictions.set(id, { id, name });
    const n = countsOf(ledger, name, county);
    if (n === undefined) continue;
    const parts = n.TBJ + n.Und + n.Ovr + n.Oth;
    if (parts !== n.BC)
      ledger.remark(
        'total-contradicts-parts',
        { field: `${name} BC` },
        `${parts}, the sum of TBJ, Und, Ovr and Oth`,
        `${n.BC}`,
      );
    rows.push({
      jurisdiction: id,
      ballots: ballots(n.BC),
      undervotes: ballots(n.Und),
      overvotes: ballots(n.Ovr),
      votesForChoices: votes(n.TBJ),
      otherVotes: votes(n.Oth),
    });
  }
  if (rows.length === 0 && ledger.refusals.length === 0)
    ledger.refuse('no-rows', {}, 'at least one county', 'none', 'fetch the file again');
  return close(
    ledger,
    () => ({ jurisdictions: [...jurisdictions.values()], ballotsCast: { contest, rows } }),
    rows.length,
  );
}

function parseObject(ledger: Ledger, text: string): Record<string, unknown> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const cut = !text.trimEnd().endsWith('}');
    ledger.refuse(cut ? 'truncated' : 'not-json', {}, 'JSON', error.message, 'fetch the file again');
    return undefined;
  }
  if (!isObject(value)) {
    ledger.refuse(
      'wrong-shape',
      {},
      'an object with one member for each county',
      shown(text.slice(0, 60)),
      'give the file of ballots cast by county',
    );
    return undefined;
  }
  const repeated = repeatedName(text);
  if (repeated !== undefined)
    ledger.refuse(
      'jurisdiction-twice',
      repeated,
      'each name once',
      `${shown(repeated.field)} again`,
      'one of the two is wrong; ask whoever made the file',
    );
  return value;
}

function countsOf(ledger: Ledger, name: string, county: unknown): Record<Field, number> | undefined {
  const found = isObject(county) ? county : {};
  const before = ledger.refusals.length;
  for (const field of fields) {
    const n = found[field];
    if (isCount(n)) continue;
    const fault: CountFault =
      n === undefined ? 'missing-count'
      : typeof n !== 'number' ? 'not-a-count'
      : n < 0 ? 'negative-count'
      : Number.isInteger(n) ? 'count-too-large'
      : 'fractional-count'; // prettier-ignore
    ledger.refuse(
      fault,
      { field: `${name} ${field}` },
      'a count',
      n === undefined ? 'none' : shown(JSON.stringify(n)),
      countFaults[fault],
    );
  }
  for (const field of Object.keys(found))
    if (!(fields as readonly string[]).includes(field))
      ledger.refuse(
        'unknown-field',
        { field: `${name} ${field}` },
        fields.join(', '),
        shown(field),
        'the file counts something this reader does not know; please report it',
      );
  return ledger.refusals.length > before ? undefined : (found as Record<Field, number>);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A member name that occurs twice in one object of valid JSON: JSON.parse would silently keep the last. */
function repeatedName(text: string): { line: number; field: string } | undefined {
  const open: Set<string>[] = [];
  let line = 1;
  let string: string | undefined;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}:\n]/g)) {
    if (token === '\n') line++;
    else if (token === '{') open.push(new Set());
    else if (token === '}') open.pop();
    else if (token !== ':') string = token;
    else {
      const name = JSON.parse(string!) as string;
      const names = open.at(-1)!;
      if (names.has(name)) return { line, field: name };
      names.add(name);
    }
  }
  return undefined;
}
