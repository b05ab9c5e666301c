// Does the record itself hold together? Reading it has brought every fault to light (record/read.ts); here they become findings, one for each
// question, so that a reader sees what was checked and not only what was wrong.
import type { RecordFacts } from '../record/index.ts';
import { figure, finding, type Check, type Figure, type UnitConcerned } from './finding.ts';

const recordCheck = (id: string, figures: (record: RecordFacts) => readonly Figure[]): Check => {
  const check: Check = {
    id,
    of: 'record',
    run: ({ record }) => {
      if (record === undefined) return [finding(check, 'does not apply', { code: 'loose-files' })];
      const faults = record.faults.filter((f) => f.check === id);
      if (faults.length > 0) {
        const units: UnitConcerned[] = faults.map((f) => ({
          name: [f.path, f.position === undefined ? undefined : `entry ${f.position}`]
            .filter((p) => p !== undefined)
            .join(' · '),
          code: f.code,
          figures: [],
          ...(f.expected === undefined ? {} : { expected: f.expected }),
          ...(f.found === undefined ? {} : { found: f.found }),
        }));
        return [
          finding(check, 'fails', {
            code: faults[0]!.code,
            figures: [figure('faults', faults.length, 'rows'), ...figures(record)],
            units,
          }),
        ];
      }
      const untold = record.untold.find((u) => u.check === id);
      if (untold !== undefined)
        return [finding(check, 'cannot tell', { code: untold.code, figures: figures(record) })];
      return [finding(check, 'holds', { figures: figures(record) })];
    },
  };
  return check;
};

/** The checks of the record, in the order in which they are made. */
export const recordChecks: readonly Check[] = [
  recordCheck('checkpoint-signed', (r) => [figure('entries', r.size, 'entries')]),
  recordCheck('log-tree', (r) => [
    figure('entries', r.size, 'entries'),
    figure('tiles', r.read.tiles, 'files'),
  ]),
  recordCheck('checkpoint-seen-before', (r) => [figure('entries', r.size, 'entries')]),
  recordCheck('witnesses', (r) => [figure('cosignatures', r.read.cosignatures, 'signatures')]),
  recordCheck('entries-well-formed', (r) => [figure('entries', r.entries.length, 'entries')]),
  recordCheck('entries-in-order', (r) => [figure('entries', r.entries.length, 'entries')]),
  recordCheck('acts-signed', (r) => [figure('signatures', r.read.actSignatures, 'signatures')]),
  recordCheck('bodies-match', (r) => [
    figure('bodies', r.read.bodies, 'files'),
    figure('sealed', r.read.sealedBodies, 'files'),
  ]),
  recordCheck('files-match', (r) => [
    figure('files', r.read.files, 'files'),
    figure('bytes', r.read.bytes, 'bytes'),
  ]),
  recordCheck('tables-read-again', (r) => [figure('tables', r.read.tablesReadAgain, 'files')]),
];
