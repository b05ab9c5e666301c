// Answering what was said. A statement is taken apart; each part is put to named checks, whose findings answer it; the whole gets a word on the
// scale of the field guide (5.3), the size beside the margin, and what would change the answer. Nothing here is an opinion: a part is right if
// its checks came out as the part names them.
import { computedFigure, type Finding, type Figure, type Word } from '../checks/index.ts';
import type {
  Evidence,
  Source,
  StatedFigure,
  Statement,
  StatementPart,
  StatementTest,
} from '../record/index.ts';

export type AnswerWord =
  | 'contradict'
  | 'support'
  /** The kernel is right, the conclusion is not. */
  | 'partly'
  /** Some parts are answered, others not, or they are answered differently: the parts say which. */
  | 'in part'
  | 'unpublished'
  | 'unanswerable'
  | 'not factual';
export type PartWord = 'right' | 'wrong' | 'cannot tell' | 'no public record';

export interface PartAnswer {
  readonly part: StatementPart;
  readonly word: PartWord;
  readonly tests: readonly TestAnswer[];
}

export interface TestAnswer {
  readonly test: StatementTest;
  /** The finding that the test looked at; absent where the check gave none. */
  readonly finding: Finding | undefined;
  readonly came: Word | 'not made';
  readonly right: boolean | undefined;
}

export interface Answer {
  readonly statement: Statement;
  readonly sources: readonly Source[];
  readonly word: AnswerWord;
  readonly parts: readonly PartAnswer[];
  /** The figures that it states, each with what comes out here; undefined where an input is not at hand. They do not enter the word. */
  readonly figures: readonly { readonly stated: StatedFigure; readonly computed: string | undefined }[];
  /** The largest number of votes, ballots or cards that any of its findings is about, and the margin to hold it against. */
  readonly size: Figure | undefined;
  readonly margin: Figure | undefined;
}

/** An answer for each statement on record, in the record's order. */
export function answerStatements(evidence: Evidence, findings: readonly Finding[]): Answer[] {
  return evidence.statements.map(({ value: statement, sources }) => {
    const parts = statement.parts.map((part) => answerPart(part, statement, findings));
    return {
      statement,
      sources,
      word: wordOf(parts),
      parts,
      figures: (statement.figures ?? []).map((stated) => ({
        stated,
        computed: computedFigure(stated, statement, evidence),
      })),
      size: sizeOf(parts),
      margin: marginOf(statement, findings),
    };
  });
}

function answerPart(part: StatementPart, statement: Statement, findings: readonly Finding[]): PartAnswer {
  if (part.tests.length === 0) return { part, word: 'no public record', tests: [] };
  const tests = part.tests.map((test) => answerTest(test, statement, findings));
  const word =
    tests.some((t) => t.right === false) ? 'wrong'
    : tests.every((t) => t.right === true) ? 'right'
    : 'cannot tell'; // prettier-ignore
  return { part, word, tests };
}

function answerTest(test: StatementTest, statement: Statement, findings: readonly Finding[]): TestAnswer {
  const finding = findings.find(
    (f) =>
      f.check === test.check &&
      (f.contest === undefined || statement.contest === undefined || f.contest === statement.contest),
  );
  if (finding === undefined) return { test, finding, came: 'not made', right: undefined };
  const came = inPlace(finding, test);
  if (came !== 'holds' && came !== 'fails') return { test, finding, came, right: undefined };
  return { test, finding, came, right: came === test.word };
}

/** The finding's word for one jurisdiction: a check that fails elsewhere holds there. */
function inPlace(finding: Finding, { jurisdiction }: StatementTest): Word {
  if (jurisdiction === undefined || finding.word !== 'fails') return finding.word;
  return finding.units.some((u) => u.jurisdiction === jurisdiction) ? 'fails' : 'holds';
}

/** The word for the whole (specs/claims.md): the conclusion decides, and a part that could not be told is never taken for right or wrong. */
function wordOf(parts: readonly PartAnswer[]): AnswerWord {
  if (parts.length === 0) return 'not factual';
  const all = (of: readonly PartAnswer[], word: PartWord): boolean =>
    of.length > 0 && of.every((p) => p.word === word);
  const any = (word: PartWord): boolean => parts.some((p) => p.word === word);
  if (!any('right') && !any('wrong')) return any('cannot tell') ? 'unpublished' : 'unanswerable';
  if (all(parts, 'right')) return 'support';
  const conclusions = parts.filter((p) => p.part.role === 'conclusion');
  if (all(parts, 'wrong') || (all(conclusions, 'wrong') && !any('right'))) return 'contradict';
  return all(conclusions, 'wrong') ? 'partly' : 'in part';
}

const sizeUnits = new Set(['votes', 'ballots', 'cards']);
/** Figures that say how big a matter is; totals and margins are what it is held against. */
const sizeNames = new Set([
  'gross',
  'grossMargin',
  'grossUnexplained',
  'difference',
  'cards',
  'largestVotes',
  'repeatedCards',
]);

/** Batches alike in name and not in tally are no number of cards counted twice. */
const nameOnly = 'different-tally';

function sizeOf(parts: readonly PartAnswer[]): Figure | undefined {
  const figures = parts.flatMap((p) =>
    p.tests.flatMap(({ finding, test }) =>
      finding === undefined
        ? []
        : test.jurisdiction === undefined
          ? finding.figures
          : addedUp(
              finding.units
                .filter((u) => u.jurisdiction === test.jurisdiction && u.code !== nameOnly)
                .flatMap((u) => u.figures),
            ),
    ),
  );
  return figures
    .filter((f) => sizeUnits.has(f.unit) && sizeNames.has(f.name))
    .toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value))[0];
}

/** Figures of the same name as one: a county may be concerned by several units, and what it comes to is all of them, without signs. */
function addedUp(figures: readonly Figure[]): Figure[] {
  const sums = new Map<string, Figure>();
  for (const f of figures)
    sums.set(f.name, { ...f, value: Math.abs(f.value) + (sums.get(f.name)?.value ?? 0) });
  return [...sums.values()];
}

function marginOf(statement: Statement, findings: readonly Finding[]): Figure | undefined {
  return findings
    .filter(
      (f) =>
        f.check === 'same-winner' && (statement.contest === undefined || f.contest === statement.contest),
    )
    .flatMap((f) => f.figures)
    .find((f) => f.name === 'reportedMargin');
}
