// Who is chosen among candidates with the same number of votes?
import { JavaRandom } from './javaRandom.ts';
import type { TieRule } from './rankedRules.ts';

export interface Tie {
  readonly among: readonly string[];
  readonly chosen: string;
  /** By which rule it was decided in the end. */
  readonly by: TieRule['kind'];
}

export type Choosing = 'winner' | 'loser';

/** Undefined: nobody has drawn this lot yet. */
export type TieBreaker = (choosing: Choosing, tied: readonly string[]) => Tie | undefined;

/**
 * @param earlier the votes of a candidate in the rounds before, the latest first.
 */
export function tieBreaker(
  rule: TieRule,
  order: readonly string[],
  earlier: () => readonly ((name: string) => bigint)[],
): TieBreaker {
  const byOrder =
    (list: readonly string[], by: TieRule['kind']): TieBreaker =>
    (choosing, tied) => {
      const sorted = list.filter((name) => tied.includes(name));
      return { among: tied, chosen: choosing === 'winner' ? sorted[0]! : sorted.at(-1)!, by };
    };
  switch (rule.kind) {
    case 'order':
      return byOrder(order, 'order');
    case 'permutation':
      return byOrder(new JavaRandom(rule.seed).shuffle([...order].sort()), 'permutation');
    case 'random': {
      const random = new JavaRandom(rule.seed);
      return (_, tied) => {
        const sorted = [...tied].sort();
        return {
          among: tied,
          chosen: sorted[Math.floor(random.nextDouble() * sorted.length)]!,
          by: 'random',
        };
      };
    }
    case 'previousRounds': {
      const otherwise = tieBreaker(rule.otherwise, order, earlier);
      return (choosing, tied) => {
        let left = [...tied];
        for (const votes of earlier()) {
          const best = left.map(votes).reduce((a, b) => ((choosing === 'winner' ? a >= b : a <= b) ? a : b));
          left = left.filter((name) => votes(name) === best);
          if (left.length === 1) return { among: tied, chosen: left[0]!, by: 'previousRounds' };
        }
        const tie = otherwise(choosing, left);
        return tie === undefined ? undefined : { ...tie, among: tied };
      };
    }
    default: {
      let drawn = 0;
      return (_, tied) => {
        const chosen = rule.chosen[drawn];
        if (chosen === undefined || !tied.includes(chosen)) return undefined;
        drawn++;
        return { among: tied, chosen, by: 'lots' };
      };
    }
  }
}
