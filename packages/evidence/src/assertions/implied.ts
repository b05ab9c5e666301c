// Do these assertions, if all of them are true, leave only one winner of an instant runoff? A checker's own road to the question raire.ts
// answers by construction: it takes any set of assertions, from anywhere, and walks every order of elimination with another winner.
//
// Written from the last place: [b, a] are all orders in which a wins and b is eliminated last.
// - NEB(w > l), w is never eliminated before l, contradicts an order in which l outlasts w.
// - NEN(w > l | S), with only S standing w is not eliminated next, contradicts an order that ends with S and w first of them.
import type { NebAssorter, NenAssorter } from './assorter.ts';

export type Implied =
  | { readonly implied: true; readonly visited: number }
  /** An order of elimination, winner last, that every assertion allows. */
  | { readonly implied: false; readonly order: readonly number[] }
  /** More than `limit` partial orders were walked. */
  | { readonly implied: 'cannot tell'; readonly visited: number };

export function impliesWinner(
  assertions: readonly (NebAssorter | NenAssorter)[],
  choices: number,
  winner: number,
  limit = 10_000_000,
): Implied {
  let visited = 0;
  let allowed: readonly number[] | undefined;
  /** True once there is nothing more to find out. */
  const walk = (order: readonly number[]): boolean => {
    if (++visited > limit) return true;
    if (assertions.some((a) => contradicts(a, order))) return false;
    if (order.length === choices) {
      allowed = order;
      return true;
    }
    for (let c = 0; c < choices; c++) if (!order.includes(c) && walk([c, ...order])) return true;
    return false;
  };
  for (let c = 0; c < choices; c++) if (c !== winner && walk([c])) break;
  if (allowed !== undefined) return { implied: false, order: allowed };
  return visited > limit ? { implied: 'cannot tell', visited } : { implied: true, visited };
}

function contradicts(a: NebAssorter | NenAssorter, order: readonly number[]): boolean {
  if (a.kind === 'NEB') {
    const l = order.indexOf(a.loser);
    const w = order.indexOf(a.winner);
    return l !== -1 && w < l;
  }
  const end = order.slice(-a.continuing.length);
  return (
    end.length === a.continuing.length && end[0] === a.winner && end.every((c) => a.continuing.includes(c))
  );
}
