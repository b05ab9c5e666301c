// One measured number. A ratio stands beside what it is measured against, in the same run on the same machine: times alone say more of the
// machine than of the program.
export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The name of the row that `ratio` is against. */
  readonly ratioTo?: string;
  readonly ratio?: number;
  readonly note?: string;
}

/**
 * The median of some runs of each, in milliseconds, after one that warms up. They take turns, so that what else the machine is doing
 * falls on all of them alike.
 */
export function mediansMs(works: readonly (() => void)[], runs = 7): number[] {
  const times = works.map(() => [] as number[]);
  for (let run = 0; run <= runs; run += 1)
    for (const [i, work] of works.entries()) {
      const start = performance.now();
      work();
      if (run > 0) times[i]!.push(performance.now() - start);
    }
  return times.map((t) => t.toSorted((a, b) => a - b)[runs >> 1]!);
}
