// How a command ends. The numbers are the same for every command, and scripts may rely on them.
export const status = {
  /** Something was checked and nothing fails. */
  holds: 0,
  /** The election has exceptions; an outcome that the paper corrects is one. */
  exceptions: 1,
  /** The record itself does not hold. */
  recordFails: 2,
  /** Nothing could be told. */
  nothingTold: 3,
  wrongUsage: 64,
  inputRefused: 65,
  inputNotFound: 66,
} as const;
export type Status = (typeof status)[keyof typeof status];

/** Ends a command with a sentence: what was expected, what was found, where, and what to do. */
export class Stop extends Error {
  readonly status: Status;
  constructor(status: Status, sentence: string) {
    super(sentence);
    this.status = status;
  }
}

export const exitStatusHelp = `
Exit status:
  0   something was checked and nothing fails
  1   the election has exceptions (an outcome that the paper corrects is one)
  2   the record itself does not hold
  3   nothing could be told
  64  wrong usage   65  input refused   66  input not found
`;
