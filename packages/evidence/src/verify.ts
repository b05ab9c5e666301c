// Verifying an election record: read it, judge it as a record, fold it into evidence, put every check to the evidence, answer the claims.
// This file is the table of contents of the whole package; the command line, the pages and the offline file print what it gives.
import { checkEvidence, type Finding } from './checks/index.ts';
import { answerStatements, type Answer } from './claims/index.ts';
import {
  foldRecord,
  readRecord,
  withCvrFigures,
  type CvrOptions,
  type Evidence,
  type Folded,
  type ReadOptions,
  type RecordFacts,
  type RecordFiles,
} from './record/index.ts';

export interface Verification {
  readonly record: RecordFacts | undefined;
  /** Absent where nothing of the election could be read from the record. */
  readonly evidence: Evidence | undefined;
  readonly findings: readonly Finding[];
  readonly answers: readonly Answer[];
}

/** Everything but the cast vote records: what rests on them *cannot tell*. */
export const verify = (files: RecordFiles, options: ReadOptions = {}): Verification =>
  judged(foldRecord(readRecord(files, options)));

/** Everything, the cast vote records read in pieces. */
export async function verifyWithCvrs(
  files: RecordFiles,
  options: ReadOptions & CvrOptions = {},
): Promise<Verification> {
  const read = readRecord(files, options);
  return judged(await withCvrFigures(foldRecord(read), read, files, options));
}

/** The same checks over loose files: evidence without a record. */
export function verifyEvidence(evidence: Evidence): Verification {
  const findings = checkEvidence(evidence);
  return { record: undefined, evidence, findings, answers: answerStatements(evidence, findings) };
}

function judged({ evidence, facts }: Folded): Verification {
  const findings = checkEvidence(evidence ?? facts);
  return {
    record: facts,
    evidence,
    findings,
    answers: evidence === undefined ? [] : answerStatements(evidence, findings),
  };
}

export type { Finding } from './checks/index.ts';
export type { Answer } from './claims/index.ts';
