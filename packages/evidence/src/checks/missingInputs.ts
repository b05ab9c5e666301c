// Questions that every canvass must answer and that need a record which is often not there. They stand in the list all the same: a check
// that lacks its input says so, and is never left out (field guide, 2.2: never report "pass" when an input is missing).
import { finding, type Check } from './finding.ts';

/** Were the inputs sealed before the seed was known? (field guide, K8; audit-math section 4, A.) */
export const sealedBeforeSeed: Check = {
  id: 'sealed-before-seed',
  of: 'election',
  run: ({ record }) => {
    if (record === undefined || record.kind === 'reconstructed')
      return [
        finding(sealedBeforeSeed, 'cannot tell', {
          code: record === undefined ? 'no-seal-no-dated-file' : 'reconstructed',
        }),
      ];
    const at = (kind: string): number => record.entries.findIndex((e) => e.act.kind === kind);
    const seed = at('seed drawn');
    if (seed < 0) return [finding(sealedBeforeSeed, 'does not apply', { code: 'no-seed' })];
    const sealed = record.entries.some(
      (e, i) => i < seed && (e.act.kind === 'manifest sealed' || e.act.kind === 'CVRs sealed'),
    );
    const late = record.faults.some(
      (f) => f.code === 'sealed-input-changed-after-seed' || f.code === 'seed-before-seal',
    );
    return [
      sealed && !late
        ? finding(sealedBeforeSeed, 'holds', { read: [{ name: 'log', position: seed }] })
        : finding(sealedBeforeSeed, 'fails', {
            code: sealed ? 'changed-after-seed' : 'seed-before-seal',
            read: [{ name: 'log', position: seed }],
          }),
    ];
  },
};

/** Are as many ballots counted as voters are credited with voting? (field guide, I1.) */
export const votersCredited: Check = {
  id: 'voters-credited',
  of: 'election',
  run: () => [finding(votersCredited, 'cannot tell', { code: 'no-voter-credit-file' })],
};

/** Was every memory card loaded, once and only once? (field guide, G1 and G2.) */
export const mediaLoadedOnce: Check = {
  id: 'media-loaded-once',
  of: 'election',
  run: () => [finding(mediaLoadedOnce, 'cannot tell', { code: 'no-media-log' })],
};

/** Do the check-ins at the polls equal the ballots scanned there? (field guide, B3.) */
export const checkInsEqualBallots: Check = {
  id: 'check-ins-equal-ballots',
  of: 'election',
  run: () => [finding(checkInsEqualBallots, 'cannot tell', { code: 'no-check-in-counts' })],
};

/** Which ballots have a paper record behind them? (field guide, 6.) */
export const paperBehindBallots: Check = {
  id: 'paper-behind-ballots',
  of: 'election',
  run: () => [finding(paperBehindBallots, 'cannot tell', { code: 'no-equipment-file' })],
};
