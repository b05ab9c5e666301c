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

/** The median of some runs, in milliseconds, after one that warms up. */
export function medianMs(work: () => void, runs = 5): number {
  work();
  const times = Array.from({ length: runs }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return times.toSorted((a, b) => a - b)[runs >> 1]!;
}
