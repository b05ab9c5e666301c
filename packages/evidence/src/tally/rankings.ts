// The rankings of ranked contests from exports of any size, one county after the other: chunk by chunk, each distinct ranking once. Exports may name
// their choices in any order; candidates are joined by name.
import type { CvrChunk, CvrConsumer, CvrHeader } from '../cvr/index.ts';
import type { ContestId } from '../election/index.ts';
import {
  ballotsFromCvrs,
  BallotBox,
  decodeRanks,
  type RankedBallots,
  type RankedCandidate,
} from './ballots.ts';

export class RankingsCollector implements CvrConsumer {
  readonly #wanted: ReadonlySet<ContestId>;
  readonly #found = new Map<ContestId, { readonly candidates: RankedCandidate[]; readonly box: BallotBox }>();
  #header: CvrHeader | undefined;

  constructor(wanted: Iterable<ContestId>) {
    this.#wanted = new Set(wanted);
  }

  begin(header: CvrHeader): void {
    this.#header = header;
  }

  take(chunk: CvrChunk): void {
    if (this.#wanted.size === 0) return;
    const header = this.#header!;
    for (const [c, { id, ranks }] of header.contests.entries()) {
      if (ranks === 0 || !this.#wanted.has(id)) continue;
      const { candidates, box } = this.#of(id);
      const here = ballotsFromCvrs({ header, chunks: [chunk] }, c).all;
      const place = here.candidates.map((candidate) => {
        const known = candidates.findIndex(({ name }) => name === candidate.name);
        return known === -1 ? candidates.push(candidate) - 1 : known;
      });
      for (const [i, ranking] of here.rankings.entries()) {
        const at = decodeRanks(ranking).map((rank) =>
          rank === 'several' ? rank : rank.map((k) => place[k]!),
        );
        box.add(at, here.counts[i]);
      }
    }
  }

  /** By contest: all ballots taken. A contest that no export has ranked is not there. */
  result(): ReadonlyMap<ContestId, RankedBallots> {
    return new Map([...this.#found].map(([id, { box }]) => [id, box.ballots()]));
  }

  #of(id: ContestId): { readonly candidates: RankedCandidate[]; readonly box: BallotBox } {
    let found = this.#found.get(id);
    if (found === undefined) {
      const candidates: RankedCandidate[] = [];
      this.#found.set(id, (found = { candidates, box: new BallotBox(candidates) }));
    }
    return found;
  }
}
