// Ballot manifests, in all the spellings met: Arlo's four, Colorado's upload, the 20 headings under which 63 Colorado counties published
// theirs in 2024, San Francisco's. A heading is understood by what it says, not where it stands; one that is not understood is never guessed:
// the file is refused with the headings, and can be read again with the columns stated.
import type { BallotManifest, ManifestBatch } from '../paper/index.ts';
import { batchKey } from '../paper/index.ts';
import { countFaults, parseCount, shown } from './cells.ts';
import type { Reading, ReaderName } from './reading.ts';
import { close } from './refusals.ts';
import { tableRows } from './tableRows.ts';

export const manifestReader: ReaderName = { reader: 'ballot-manifest', version: '1' };

export type ManifestColumn =
  | 'jurisdiction'
  | 'container'
  | 'tabulator'
  | 'name'
  | 'size'
  | 'location'
  | 'cvr';

export interface ManifestOptions {
  /** Which columns hold what, counted from 0, where the headings do not say: an office's word, confirmed by a person. */
  readonly columns?: Partial<Record<ManifestColumn, number>>;
  /** What the sizes count, where the heading does not say it right. */
  readonly counts?: 'ballots' | 'cards';
}

// By the letters of a heading, "#" read as "number": "# of Ballot Cards" is numberofballotcards, ". of ballots" ofballots.
const meanings: readonly (readonly [ManifestColumn, RegExp])[] = [
  ['cvr', /^cvr$/],
  ['size', /^(number|num|no|total|count)?(of)?(ballots?|(ballot)?cards?)(count)?$/],
  ['tabulator', /^(tabulator|scanner|device|machine)(id|number|num|no|name)?$/],
  ['name', /^batch(id|number|num|no|name)?$/],
  ['jurisdiction', /^(county|jurisdiction)(id|number|name)?$/],
  ['container', /^(container|tray)(id|number|num|no|name)?$/],
  ['location', /location|storage|cart|bin|box|shelf/],
];
const letters = (heading: string): string =>
  heading
    .replaceAll('#', 'number')
    .toLowerCase()
    .replace(/[^a-z]/g, '');

/** What a heading means; undefined if we do not know. */
export const manifestColumn = (heading: string): ManifestColumn | undefined =>
  meanings.find(([, pattern]) => pattern.test(letters(heading)))?.[0];

export function readManifest(
  file: string,
  bytes: Uint8Array,
  options: ManifestOptions = {},
): Reading<BallotManifest> {
  const batches: ManifestBatch[] = [];
  const keys = new Map<string, number>();
  let columns: ReadonlyMap<ManifestColumn, number> | undefined;
  let counts: BallotManifest['counts'] = options.counts ?? 'ballots';
  let width = 0;
  const ledger = tableRows(file, bytes, ({ line, fields }, ledger) => {
    if (columns === undefined) {
      const found = manifestColumns(fields, options.columns);
      if (found instanceof Map) {
        columns = found;
        width = fields.length;
        const heading = letters(fields[found.get('size')!]!);
        counts = options.counts ?? (heading.includes('card') ? 'cards' : 'ballots');
        for (const [i, heading] of fields.entries())
          if (heading.trim() !== '' && ![...found.values()].includes(i))
            ledger.remark('unknown-column', { line, field: heading }, 'a heading we know', shown(heading));
        return undefined;
      }
      return ledger.refuse(
        'manifest-heading',
        { line },
        'one column each for the batch and for the number of ballots or cards in it',
        found,
        'say which column holds what, or write the headings Container,Tabulator,Batch Name,Number of Ballots',
      );
    }
    if (fields.length !== width && fields.slice(width).some((field) => field.trim() !== '')) {
      ledger.refuse(
        'row-length',
        { line },
        `${width} cells`,
        `${fields.length}`,
        'a comma in a cell wants quotes around it',
      );
      return undefined;
    }
    const cell = (column: ManifestColumn): string => fields[columns!.get(column) ?? -1] ?? '';
    const size = parseCount(cell('size'));
    const [name, tabulator] = [cell('name'), cell('tabulator')];
    const cvr = cell('cvr').trim().toUpperCase();
    if (typeof size === 'string')
      ledger.refuse(size, { line, field: 'size' }, 'a count', shown(cell('size')), countFaults[size]);
    else if (name.trim() === '')
      ledger.refuse(
        'missing-batch',
        { line },
        'the name of a batch',
        'nothing',
        'a row of totals is no batch: take it out',
      );
    else if (columns.has('cvr') && cvr !== 'Y' && cvr !== 'N')
      ledger.refuse(
        'cvr-yes-or-no',
        { line, field: 'CVR' },
        'Y or N',
        shown(cvr),
        'say whether the batch has cast vote records',
      );
    else {
      const key = `${cell('jurisdiction').trim()}\u0000${cell('container').trim()}\u0000${batchKey(tabulator, name)}`;
      const before = keys.get(key);
      if (before === undefined) keys.set(key, line);
      else
        ledger.remark('batch-repeated', { line }, 'each batch once', `${shown(name)} on line ${before} too`);
      batches.push({
        line,
        jurisdiction: cell('jurisdiction'),
        container: cell('container'),
        tabulator,
        name,
        size,
        location: cell('location'),
        ...(columns.has('cvr') ? { hasCvrs: cvr === 'Y' } : {}),
      });
    }
    return undefined;
  });
  if (batches.length === 0 && ledger.refusals.length === 0)
    ledger.refuse('no-batches', {}, 'a row for each batch', 'none', 'check that it is the right file');
  return close(ledger, () => ({ counts, batches }), batches.length);
}

/** Which column means what; or what is wrong with the headings. */
function manifestColumns(
  headings: readonly string[],
  stated: ManifestOptions['columns'],
): Map<ManifestColumn, number> | string {
  if (stated !== undefined) return new Map(Object.entries(stated) as [ManifestColumn, number][]);
  const columns = new Map<ManifestColumn, number>();
  for (const [i, heading] of headings.entries()) {
    const meaning = manifestColumn(heading);
    if (meaning === undefined) continue;
    const before = columns.get(meaning);
    if (before !== undefined) return `${shown(headings[before]!)} and ${shown(heading)} for the same`;
    columns.set(meaning, i);
  }
  return columns.has('name') && columns.has('size')
    ? columns
    : headings.map((heading) => shown(heading)).join(', ');
}
