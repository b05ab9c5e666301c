// A county of any size, made up from a seed, in the formats of the vendors: what the measurements and the scripts of the command line run on.
// Nothing here comes from a real election. The same seed and size give the same bytes.

export interface CountySize {
  readonly cards: number;
  readonly contests: number;
  readonly choices: number;
  readonly seed: number;
  readonly precincts?: number;
  /** Cards in a batch. */
  readonly batch?: number;
}

/** What a card says: in each contest the choice, −1 blank, −2 two choices marked, −3 not on the card. */
export interface County {
  readonly size: Required<CountySize>;
  readonly contests: readonly string[];
  readonly choice: (contest: number, k: number) => string;
  /** Fills `votes`, one entry a contest, for the card. Cards come in order, each once. */
  readonly next: (votes: Int8Array) => {
    readonly batch: number;
    readonly record: number;
    readonly precinct: number;
  };
  /** By contest and choice, of the cards given so far: what a count must find. */
  readonly totals: readonly Uint32Array[];
  /** By contest, of the cards given so far. */
  readonly cards: readonly { onCard: number; blank: number; overvoted: number }[];
}

export function county(asked: CountySize): County {
  const size = { precincts: 250, batch: 200, ...asked };
  let state = (size.seed | 1) >>> 0;
  // xorshift32 (Marsaglia 2003): fast, repeatable, and random enough for votes.
  const random = (): number => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
  const totals = Array.from({ length: size.contests }, () => new Uint32Array(size.choices));
  const cards = Array.from({ length: size.contests }, () => ({ onCard: 0, blank: 0, overvoted: 0 }));
  let card = 0;
  return {
    size,
    contests: Array.from({ length: size.contests }, (_, c) => `Contest ${c + 1}, "District ${c % 7}"`),
    choice: (contest, k) => `Choice ${contest + 1}-${k + 1}`,
    next: (votes) => {
      const precinct = random() % size.precincts;
      for (let c = 0; c < size.contests; c++) {
        const r = random() % 1000;
        // Contests after the third are on the cards of most precincts only.
        if (c > 2 && (precinct + c) % 10 === 0) {
          votes[c] = -3;
          continue;
        }
        const of = cards[c]!;
        of.onCard += 1;
        if (r < 40) {
          votes[c] = -1;
          of.blank += 1;
        } else if (r < 43) {
          votes[c] = -2;
          of.overvoted += 1;
        } else {
          // The first choice has the most votes, and so on.
          const k = Math.min(random() % size.choices, random() % size.choices);
          votes[c] = k;
          totals[c]![k]! += 1;
        }
      }
      const batch = Math.floor(card / size.batch);
      card += 1;
      return { batch, record: ((card - 1) % size.batch) + 1, precinct };
    },
    totals,
    cards,
  };
}

const flushAt = 1 << 20;

/** Collects bytes and gives them out by the megabyte. */
export class Out {
  readonly #bytes = new Uint8Array(flushAt + (1 << 16));
  #length = 0;
  readonly #encoder = new TextEncoder();

  text(text: string): void {
    this.#length += this.#encoder.encodeInto(text, this.#bytes.subarray(this.#length)).written;
  }
  byte(byte: number): void {
    this.#bytes[this.#length++] = byte;
  }
  get full(): boolean {
    return this.#length >= flushAt;
  }
  take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    return taken;
  }
}

export const csv = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** Dominion's CSV, as counties upload it. */
export function* dominionCsv(of: County): Generator<Uint8Array> {
  const { size, contests } = of;
  const out = new Out();
  const columns = contests.flatMap((name, c) =>
    Array.from({ length: size.choices }, (_, k) => ({ name, choice: of.choice(c, k) })),
  );
  yield new TextEncoder().encode(
    `Made-up county ${size.seed},5.17.17.1\n,,,,,,,,${columns.map(({ name }) => csv(`${name} (Vote For=1)`)).join(',')}\n,,,,,,,,${columns.map(({ choice }) => choice).join(',')}\nCvrNumber,TabulatorNum,BatchId,RecordId,ImprintedId,CountingGroup,PrecinctPortion,BallotType${','.repeat(columns.length)}\n`,
  );
  const votes = new Int8Array(size.contests);
  for (let i = 0; i < size.cards; i++) {
    const { batch, record, precinct } = of.next(votes);
    const tabulator = 1 + (batch % 8);
    out.text(
      `${i + 1},${tabulator},${batch},${record},${tabulator}-${batch}-${record},Mail,P${precinct},S${precinct % 10}`,
    );
    for (let c = 0; c < size.contests; c++) {
      const vote = votes[c]!;
      for (let k = 0; k < size.choices; k++) {
        out.byte(44);
        if (vote !== -3) out.byte(k === vote || (vote === -2 && k < 2) ? 49 : 48);
      }
    }
    out.byte(10);
    if (out.full) yield out.take();
  }
  yield out.take();
}

/** A file of an export, whose bytes are made as they are asked for, once. */
export interface MadeFile {
  readonly name: string;
  readonly bytes: () => Generator<Uint8Array>;
}

/** Dominion's JSON: the small manifests whole, then the sessions as they come. */
export function dominionJson(of: County): MadeFile[] {
  const { size, contests } = of;
  const list = (name: string, items: object[]): MadeFile => ({
    name: `${name}.json`,
    bytes: function* () {
      yield new TextEncoder().encode(JSON.stringify({ Version: '5.17.17.1', List: items }));
    },
  });
  const id = (c: number, k: number): number => c * 100 + k + 1;
  return [
    list(
      'ContestManifest',
      contests.map((Description, c) => ({ Description, Id: c + 1, VoteFor: 1, NumOfRanks: 0 })),
    ),
    list(
      'CandidateManifest',
      contests.flatMap((_, c) =>
        Array.from({ length: size.choices }, (__, k) => ({
          Description: of.choice(c, k),
          Id: id(c, k),
          ContestId: c + 1,
          Type: 'Regular',
        })),
      ),
    ),
    list('OutstackConditionManifest', [{ Description: 'Overvote', Id: 5 }]),
    list(
      'PrecinctPortionManifest',
      Array.from({ length: size.precincts }, (_, p) => ({ Description: `P${p}`, Id: p + 1 })),
    ),
    list(
      'BallotTypeManifest',
      Array.from({ length: 10 }, (_, s) => ({ Description: `S${s}`, Id: s + 1 })),
    ),
    list('CountingGroupManifest', [{ Description: 'Mail', Id: 2 }]),
    {
      name: 'CvrExport.json',
      bytes: function* () {
        const out = new Out();
        const votes = new Int8Array(size.contests);
        out.text(`{"Version":"5.17.17.1","ElectionId":"Made-up county ${size.seed}","Sessions":[`);
        for (let i = 0; i < size.cards; i++) {
          const { batch, record, precinct } = of.next(votes);
          const tabulator = 1 + (batch % 8);
          const image = `${String(tabulator).padStart(5, '0')}_${String(batch).padStart(5, '0')}_${String(record).padStart(6, '0')}`;
          out.text(
            `${i === 0 ? '' : ','}{"TabulatorId":${tabulator},"BatchId":${batch},"RecordId":${record},"CountingGroupId":2,"ImageMask":"D:\\\\NAS\\\\Made-up county\\\\Results\\\\Tabulator${tabulator}\\\\Images\\\\${image}*.*","SessionType":"ScannedVote","VotingSessionIdentifier":"","UniqueVotingIdentifier":"","Original":{"PrecinctPortionId":${precinct + 1},"BallotTypeId":${(precinct % 10) + 1},"IsCurrent":true,"Cards":[{"Id":${i},"KeyInId":${i},"PaperIndex":1,"Contests":[`,
          );
          let first = true;
          for (let c = 0; c < size.contests; c++) {
            const vote = votes[c]!;
            if (vote === -3) continue;
            const marked = vote === -1 ? [] : vote === -2 ? [0, 1] : [vote];
            const marks = marked.map(
              (k) =>
                `{"CandidateId":${id(c, k)},"ManifestationId":${1_000_000 + id(c, k)},"PartyId":0,"Rank":1,"MarkDensity":98,"IsAmbiguous":false,"IsVote":${vote >= 0},"OutstackConditionIds":${vote === -2 ? '[5]' : '[]'}}`,
            );
            out.text(
              `${first ? '' : ','}{"Id":${c + 1},"ManifestationId":${10_000 + c},"Undervotes":${vote === -1 ? 1 : 0},"Overvotes":${vote === -2 ? 1 : 0},"OutstackConditionIds":${vote === -2 ? '[5]' : vote === -1 ? '[4,6]' : '[]'},"Marks":[${marks.join(',')}]}`,
            );
            first = false;
          }
          out.text('],"OutstackConditionIds":[]}]}}');
          if (out.full) yield out.take();
        }
        out.text(']}');
        yield out.take();
      },
    },
  ];
}

/** Clear Ballot's CSV. */
export function* clearBallotCsv(of: County): Generator<Uint8Array> {
  const { size, contests } = of;
  const out = new Out();
  const titles = contests.flatMap((name, c) =>
    Array.from({ length: size.choices }, (_, k) =>
      csv(`Choice_${c * 100 + k}_1:${name.replaceAll(':', ' ')}:Vote For 1:${of.choice(c, k)}:Non-Partisan`),
    ),
  );
  out.text(
    `RowNumber,BoxID,BoxPosition,BallotID,PrecinctID,BallotStyleID,PrecinctStyleName,ScanComputerName,Status,Remade,${titles.join(',')}\n`,
  );
  const votes = new Int8Array(size.contests);
  for (let i = 0; i < size.cards; i++) {
    const { batch, record, precinct } = of.next(votes);
    out.text(
      `${i + 1},B-${batch},${record},B-${batch}+${10_000 + record},P${precinct},S${precinct % 10},Precinct,Scan-${batch % 8},0,0`,
    );
    for (let c = 0; c < size.contests; c++)
      for (let k = 0; k < size.choices; k++) {
        const vote = votes[c]!;
        out.text(vote === -3 ? ',' : k === vote || (vote === -2 && k < 2) ? ',1' : ',0');
      }
    out.byte(10);
    if (out.full) yield out.take();
  }
  yield out.take();
}

/** The ballot manifest of the same county, as Colorado's counties write it. */
export function* manifestCsv({ size }: County): Generator<Uint8Array> {
  let text = 'CountyID,ScannerID,BatchID,NumBallots,StorageLocation\n';
  for (let batch = 0; batch * size.batch < size.cards; batch++)
    text += `Made-up,${1 + (batch % 8)},${batch},${Math.min(size.batch, size.cards - batch * size.batch)},Bin ${Math.floor(batch / 20)}\n`;
  yield new TextEncoder().encode(text);
}
