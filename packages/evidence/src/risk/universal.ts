// The universal portfolio (Cover 1991; RiLACS 2021): D gamblers, each with the same share of every 1/mu, and the mean of their fortunes.
//
// A gambler who lost everything stays at nothing: to revive one as 1 makes the mean unfair (a fault of a published library).
// The mean of martingales is itself a bet, each gambler's weighed by his fortune; so it plays at the same table as all others.
import type { Strategy } from './martingale.ts';

/** The mean of `D` gamblers betting i/(D - 1) of 1/mu, i = 0 … D - 1. */
export const universal =
  (D = 100): Strategy =>
  () => {
    const fortunes = new Float64Array(D).fill(1 / D);
    let mu = 0;
    return {
      bet(nullMean) {
        mu = nullMean;
        if (mu <= 0) return 0;
        let share = 0;
        let all = 0;
        for (let i = 0; i < D; i++) {
          share += (fortunes[i]! * i) / (D - 1);
          all += fortunes[i]!;
        }
        return all === 0 ? 0 : share / all / mu;
      },
      see(x) {
        if (mu <= 0) return;
        let all = 0;
        for (let i = 0; i < D; i++) {
          fortunes[i] = fortunes[i]! * Math.max(0, 1 + (i / (D - 1)) * (x / mu - 1));
          all += fortunes[i]!;
        }
        // Only ratios matter to the bets; this keeps them from overflow.
        if (all > 0) for (let i = 0; i < D; i++) fortunes[i]! /= all;
      },
    };
  };
