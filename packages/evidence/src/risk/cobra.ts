// COBRA, comparison-optimal betting (Spertus 2023): the best constant bet on overstatement assorters when a share p2 of the cards
// are two-vote overstatements and all others are right.
//
// With a = 1/(2 - v) the value of a card without error and u = 2a:
//   lambda* = (2 - 4 a (1 - p2)) / (1 - 2a),    eta* = (1 - u (1 - p2)) / (2 - 2u) + u (1 - p2) - 1/2
// Bets for independent draws are used without replacement too (section 6.1).
import { constantEta } from './alpha.ts';
import { fixedBet } from './fixedBet.ts';
import { kellyBet } from './kelly.ts';
import type { Strategy } from './martingale.ts';

export const cobraEta = (u: number, p2: number): number =>
  (1 - u * (1 - p2)) / (2 - 2 * u) + u * (1 - p2) - 1 / 2;

/** COBRA for two-vote overstatements at rate p2: eta* at every draw. `u` is the upper bound of the overstatement assorter, 2/(2 - v). */
export const cobra = (u: number, p2: number): Strategy => constantEta(cobraEta(u, p2));

/** COBRA for one- and two-vote overstatements at rates p1, p2: the root of E[(x - 1/2) / (1 + lambda (x - 1/2))] = 0 (section 4). */
export const cobraMixed = (u: number, p1: number, p2: number): Strategy =>
  fixedBet(kellyBet([u / 2, u / 4, 0], [1 - p1 - p2, p1, p2], 1 / 2, 2));

/** Draws with replacement until the risk limit is met if no card is in error: ceil(ln(1/alpha) / ln(2/(2 - v))). */
export const errorFreeDraws = (alpha: number, v: number): number =>
  Math.ceil(Math.log(1 / alpha) / Math.log(2 / (2 - v)));
