// Writes cast vote records as a report of NIST SP 1500-103 (version 1.0.0, JSON), so that any program that knows the standard can count
// them. It says no more than the records do: one snapshot each, of type "modified" where a person changed what the machine read.
//
// What the format has no place for is not written: rows that are sums of many cards, which are counted; which of a contest's places a name was
// written in; and, within a record, which choices
// an unnamed overvote was between (it becomes a choice "overvote", as tabulators that write this format do).
import { identityOf, severalUnnamed, voteOn, writeInsOn } from '../cvr/index.ts';
import type { CardVote, CvrConsumer, CvrContest, CvrHeader, CvrChunk, WriteIn } from '../cvr/index.ts';

export interface NistCvrAbout {
  /** ISO 8601 with an offset: when the report was made. The caller's clock. */
  readonly generated: string;
  /** Who makes the report. */
  readonly device: { readonly application: string; readonly manufacturer: string };
  readonly jurisdiction: string;
}

/**
 * Writes the records as they come and the definitions after them, because some exports name a contest or a choice only in their last record; so it
 * holds no more than a chunk. `write` gets pieces of text in order; after `finish` they are the report.
 */
export class NistCvrJsonWriter implements CvrConsumer {
  /** Rows that are sums of many cards, and so are not in the report. */
  sums = 0;
  readonly #about: NistCvrAbout;
  readonly #write: (text: string) => void;
  #header: CvrHeader | undefined;
  #records = 0;
  /** By contest: whether an overvote was between choices that the export does not name. */
  readonly #unnamed: boolean[] = [];

  constructor(about: NistCvrAbout, write: (text: string) => void) {
    this.#about = about;
    this.#write = write;
  }

  begin(header: CvrHeader): void {
    this.#header = header;
    this.#write('{"@type":"CVR.CastVoteRecordReport","CVR":[');
  }

  take(chunk: CvrChunk): void {
    const header = this.#header!;
    this.sums += chunk.sums.length;
    for (const [c, column] of chunk.contests.entries())
      this.#unnamed[c] ||= column.marks.choice.includes(severalUnnamed);
    for (let i = 0; i < chunk.cards; i++) {
      let text = '';
      for (let copy = 0; copy < (chunk.weight?.[i] ?? 1); copy++) {
        const record = recordOf(header, chunk, i, ++this.#records);
        text += `${this.#records === 1 ? '' : ',\n'}${JSON.stringify(record)}`;
      }
      this.#write(text);
    }
  }

  finish(): void {
    const definitions = definitionsOf(this.#header!, this.#about, this.#unnamed);
    this.#write(`],${JSON.stringify(definitions).slice(1)}\n`);
  }
}

const electionId = 'election';
const scopeId = 'jurisdiction';
const deviceId = 'reporting-device';
const contestKey = (c: number): string => `contest-${c + 1}`;
const choiceKey = (c: number, choice: number | 'overvote'): string =>
  `contest-${c + 1}-${choice === 'overvote' ? choice : `choice-${choice + 1}`}`;

const precinctKey = (i: number): string => `precinct-${i + 1}`;
const tabulatorKey = (i: number): string => `tabulator-${i + 1}`;

function definitionsOf(header: CvrHeader, about: NistCvrAbout, unnamed: readonly boolean[]): object {
  return {
    Version: '1.0.0',
    GeneratedDate: about.generated,
    ReportType: ['originating-device-export'],
    ReportGeneratingDeviceIds: [deviceId],
    ReportingDevice: [
      {
        '@id': deviceId,
        '@type': 'CVR.ReportingDevice',
        Application: about.device.application,
        Manufacturer: about.device.manufacturer,
      },
      ...named(header.names.tabulator, tabulatorKey).map(({ id, name }) => ({
        '@id': id,
        '@type': 'CVR.ReportingDevice',
        SerialNumber: name,
      })),
    ],
    GpUnit: [
      {
        '@id': scopeId,
        '@type': 'CVR.GpUnit',
        Type: 'other',
        OtherType: 'jurisdiction',
        Name: about.jurisdiction,
      },
      ...named(header.names.precinct, precinctKey).map(({ id, name }) => ({
        '@id': id,
        '@type': 'CVR.GpUnit',
        Type: 'precinct',
        Name: name,
      })),
    ],
    Election: [
      {
        '@id': electionId,
        '@type': 'CVR.Election',
        ...(header.election === '' ? {} : { Name: header.election }),
        ElectionScopeId: scopeId,
        Candidate: header.contests.flatMap((contest, c) =>
          contest.choices.map((choice, i) => ({
            '@id': `${choiceKey(c, i)}-name`,
            '@type': 'CVR.Candidate',
            Name: choice.name,
          })),
        ),
        Contest: header.contests.map((contest, c) => contestOf(contest, c, unnamed[c] === true)),
      },
    ],
  };
}

const named = (names: readonly string[], id: (i: number) => string): { id: string; name: string }[] =>
  names.map((name, i) => ({ id: id(i), name })).filter(({ name }) => name !== '');

function contestOf(contest: CvrContest, c: number, overvote: boolean): object {
  const selection = (choice: number | 'overvote', more: object): object => ({
    '@id': choiceKey(c, choice),
    '@type': 'CVR.CandidateSelection',
    ...more,
  });
  const selections = [
    ...contest.choices.map((choice, i) =>
      selection(i, {
        CandidateIds: [`${choiceKey(c, i)}-name`],
        ...(choice.writeIn === 'line' ? { IsWriteIn: true } : {}),
      }),
    ),
    ...(overvote
      ? [{ '@id': choiceKey(c, 'overvote'), '@type': 'CVR.BallotMeasureSelection', Selection: 'overvote' }]
      : []),
  ];
  return {
    '@id': contestKey(c),
    '@type': 'CVR.CandidateContest',
    Name: contest.name,
    ...(contest.voteFor === undefined ? {} : { VotesAllowed: contest.voteFor }),
    ...(contest.ranks > 0 ? { VoteVariation: 'rcv' } : {}),
    // The schema wants at least one; a contest in which nobody marked anything may have none that we know.
    ContestSelection: selections.length > 0 ? selections : [selection(0, {})],
  };
}

function recordOf(header: CvrHeader, chunk: CvrChunk, i: number, n: number): object {
  const identity = identityOf(header, chunk, i);
  const stated = (field: string, value: string): object => (value === '' ? {} : { [field]: value });
  const sequence = /^(0|[1-9]\d{0,14})$/.test(identity.record)
    ? { BatchSequenceId: Number(identity.record) }
    : {};
  const written = writeInsOn(chunk, i);
  const contests = header.contests.flatMap((contest, c) => {
    const vote = voteOn(header, chunk, c, i);
    if (vote.kind === 'notOnCard') return [];
    return [
      voteOf(
        contest,
        c,
        vote,
        written.filter((said) => said.contest === c),
      ),
    ];
  });
  return {
    '@type': 'CVR.CVR',
    ElectionId: electionId,
    UniqueId: String(n),
    ...stated('BallotPrePrintedId', identity.imprinted),
    ...stated('BatchId', identity.batch),
    ...sequence,
    ...stated('BallotStyleId', identity.style),
    ...(identity.precinct === '' ? {} : { BallotStyleUnitId: precinctKey(chunk.attributes.precinct[i]!) }),
    ...(identity.tabulator === '' ? {} : { CreatingDeviceId: tabulatorKey(chunk.attributes.tabulator[i]!) }),
    CurrentSnapshotId: `snapshot-${n}`,
    CVRSnapshot: [
      {
        '@id': `snapshot-${n}`,
        '@type': 'CVR.CVRSnapshot',
        Type: chunk.adjudicated[i] === 1 ? 'modified' : 'original',
        CVRContest: contests,
      },
    ],
  };
}

function voteOf(contest: CvrContest, c: number, vote: CardVote, written: readonly WriteIn[]): object {
  const allocable = vote.kind === 'votes' || vote.kind === 'ranking';
  /** By choice: the ranks at which it is marked (0: not ranked). */
  const marks = new Map<number | 'overvote', number[]>();
  const mark = (choice: number | 'overvote', rank: number): void => {
    marks.set(choice, [...(marks.get(choice) ?? []), rank]);
  };
  if ('ranks' in vote)
    vote.ranks.forEach((at, r) => {
      if (at === 'several') mark('overvote', r + 1);
      else for (const choice of at) mark(choice, r + 1);
    });
  else if ('choices' in vote) for (const choice of vote.choices) mark(choice, 0);
  const untold = [...written];
  /** What was written in at a mark, if anything: told once. */
  const writtenAt = (choice: number | 'overvote', rank: number): object => {
    const at = untold.findIndex((said) => said.choice === choice && said.rank === rank);
    return at === -1 ? {} : writeInOf(untold.splice(at, 1)[0]!);
  };
  const position = (rank: number, isAllocable: string, more: object): object => ({
    '@type': 'CVR.SelectionPosition',
    HasIndication: 'yes',
    IsAllocable: isAllocable,
    NumberVotes: 1,
    ...(rank === 0 ? {} : { Rank: rank }),
    ...more,
  });
  const given = vote.kind === 'votes' ? vote.choices.length : 0;
  return {
    '@type': 'CVR.CVRContest',
    ContestId: contestKey(c),
    ...(vote.kind === 'overvoted' ? { Status: ['overvoted'], Overvotes: contest.voteFor ?? 1 } : {}),
    ...(vote.kind === 'invalid' ? { Status: ['invalidated-rules'] } : {}),
    ...(vote.kind === 'blank' ? { Status: ['not-indicated'] } : {}),
    ...(contest.ranks === 0 &&
    contest.voteFor !== undefined &&
    (vote.kind === 'votes' || vote.kind === 'blank')
      ? { Undervotes: Math.max(0, contest.voteFor - given) }
      : {}),
    CVRContestSelection: [
      ...[...marks].map(([choice, ranks]) => ({
        '@type': 'CVR.CVRContestSelection',
        ContestSelectionId: choiceKey(c, choice),
        SelectionPosition: ranks.map((rank) =>
          position(rank, allocable ? 'yes' : 'no', writtenAt(choice, rank)),
        ),
      })),
      // Names beside which no vote stands: they wait for a decision, or are second ones of a line.
      ...untold.map((said) => ({
        '@type': 'CVR.CVRContestSelection',
        ...(said.choice === -1 ? {} : { ContestSelectionId: choiceKey(c, said.choice) }),
        SelectionPosition: [position(said.rank, 'no', writeInOf(said))],
        ...(said.status === waiting ? { Status: [waiting] } : {}),
      })),
    ],
  };
}

const waiting = 'needs-adjudication';
const positionStatuses = new Set(['adjudicated', 'generated-rules', 'invalidated-rules']);

/** Of a position: what was written there, and what was decided on it. A selection says itself that it waits. */
function writeInOf({ text, status }: WriteIn): object {
  const words = status.split(' ');
  return {
    CVRWriteIn: { '@type': 'CVR.CVRWriteIn', ...(text === '' ? {} : { Text: text }) },
    ...(status === '' || status === waiting
      ? {}
      : words.every((word) => positionStatuses.has(word))
        ? { Status: words }
        : { Status: ['other'], OtherStatus: status }),
  };
}
