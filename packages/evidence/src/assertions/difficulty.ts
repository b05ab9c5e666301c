// How hard is it to confirm an assertion? What RAIRE minimises: any function that grows as the margin shrinks will do. `w` and `l` are the
// assertion's winning and losing tallies, `cards` is N.

export type Difficulty = (w: number, l: number, cards: number) => number;

/** N / (w - l): expected sample sizes of card comparison are proportional to it. */
export const oneOnMargin: Difficulty = (w, l, cards) => (w > l ? cards / (w - l) : Infinity);

/** Average sample number of BRAVO (Lindeman, Stark, Yates 2012, sec. 4) over all cards, those without a vote for either included. */
export const bravoDifficulty =
  (riskLimit: number): Difficulty =>
  (w, l, cards) => {
    if (w <= l) return Infinity;
    const share = w / (w + l);
    const perCard = (w * Math.log(2 * share) + (l === 0 ? 0 : l * Math.log(2 - 2 * share))) / cards;
    return (Math.log(1 / riskLimit) + Math.log(2 * share) / 2) / perCard;
  };

/** Sample size of a Kaplan-Markov card comparison without errors: -2 g ln(alpha) N / (w - l) (Stark 2010; g = "error inflation"). */
export const kaplanMarkovDifficulty =
  (riskLimit: number, errorInflation: number): Difficulty =>
  (w, l, cards) =>
    w > l ? (-Math.log(riskLimit) * 2 * errorInflation * cards) / (w - l) : Infinity;
