// Who goes in this round? The order in which the rules of elimination are asked is that of every tabulation we know: undeclared write-ins,
// those under the minimum, those who cannot catch up, the last.
import type { Choice, Standing } from './rounds.ts';

/** Who may be elected in this round: nobody while votes for undeclared write-ins are held, where the rules drop those first. */
export function mayBeElected({ continuing, undeclared, rules, votes }: Standing): readonly number[] {
  const holds = undeclared !== undefined && continuing.includes(undeclared) && votes(undeclared) > 0n;
  if (holds && rules.undeclared === 'droppedFirst') return [];
  return continuing.filter((c) => c !== undeclared);
}

/** All with the fewest, or the most, votes. */
export function extremes(
  candidates: readonly number[],
  votes: (c: number) => bigint,
  which: 'fewest' | 'most',
): readonly number[] {
  let best: number[] = [];
  for (const c of candidates) {
    const [mine, theirs] = [votes(c), best.length === 0 ? undefined : votes(best[0]!)];
    if (theirs === undefined || (which === 'fewest' ? mine < theirs : mine > theirs)) best = [c];
    else if (mine === theirs) best.push(c);
  }
  return best;
}

export function eliminate(standing: Standing): Choice[] {
  const { continuing, undeclared, rules, votes, one } = standing;
  const out = (candidates: readonly number[], because: Choice['because']): Choice[] =>
    candidates.map((candidate) => ({ candidate, what: 'eliminated', because }));

  if (
    rules.undeclared === 'droppedFirst' &&
    undeclared !== undefined &&
    continuing.includes(undeclared) &&
    votes(undeclared) > 0n
  )
    return out([undeclared], 'undeclared');
  const under = continuing.filter((c) => votes(c) < BigInt(rules.minimumVotes) * one);
  if (under.length > 0 && under.length < continuing.length) return out(under, 'minimum');
  if (rules.batchElimination) {
    const batch = cannotCatchUp(standing, rules.untilTwo === 'never' ? 1 : 2);
    if (batch.length > 1) return out(batch, 'cannotCatchUp');
  }
  const { candidate, tie } = standing.choose('loser', extremes(continuing, votes, 'fewest'));
  return [{ candidate, what: 'eliminated', because: 'fewest', ...(tie === undefined ? {} : { tie }) }];
}

/** The largest set from the bottom whose votes together are fewer than those of the next above, leaving at least `left`. */
function cannotCatchUp({ continuing, votes }: Standing, left: number): readonly number[] {
  const ascending = continuing.toSorted((a, b) =>
    votes(a) < votes(b) ? -1 : votes(a) > votes(b) ? 1 : a - b,
  );
  let batch = 0;
  let sum = 0n;
  for (let i = 0; i + left <= ascending.length; i++) {
    if (i > 0 && sum < votes(ascending[i]!)) batch = i;
    sum += votes(ascending[i]!);
  }
  return ascending.slice(0, batch);
}
