// The same bet at every draw (Waudby-Smith, Stark, Ramdas, RiLACS 2021).
import type { Strategy } from './martingale.ts';

export const fixedBet =
  (lambda: number): Strategy =>
  () => ({ bet: (mu) => Math.min(lambda, 1 / mu), see: () => {} });
