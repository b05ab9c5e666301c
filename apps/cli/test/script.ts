// How a script is read: `$ opencanvass …`, then what it prints (lines of stderr after `! `), then `= N`, the exit status. `…` within an
// expected line stands for anything, a line that is only `…` for any lines.

export interface Step {
  readonly line: number;
  readonly command: string;
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
  readonly status: number;
}

/** The steps of a script. A script that states no exit status is a mistake, not a pass. */
export function stepsOf(text: string): Step[] {
  const steps: Step[] = [];
  let open: { line: number; command: string; stdout: string[]; stderr: string[] } | undefined;
  for (const [i, line] of text.split('\n').entries()) {
    if (line.startsWith('$ opencanvass')) {
      if (open !== undefined) throw new Error(`line ${open.line}: no exit status`);
      open = { line: i + 1, command: line.slice('$ opencanvass'.length).trim(), stdout: [], stderr: [] };
    } else if (open === undefined) {
      if (line !== '' && !line.startsWith('#')) throw new Error(`line ${i + 1}: neither command nor comment`);
    } else if (/^= \d+$/.test(line)) {
      steps.push({ ...open, status: Number(line.slice(2)) });
      open = undefined;
    } else if (line.startsWith('! ') || line === '!') open.stderr.push(line.slice(2));
    else open.stdout.push(line);
  }
  if (open !== undefined) throw new Error(`line ${open.line}: no exit status`);
  if (steps.length === 0) throw new Error('no steps');
  return steps;
}

/** The words of a command line: blanks divide, double quotes hold together. */
export const wordsOf = (command: string): string[] =>
  [...command.matchAll(/"([^"]*)"|(\S+)/g)].map((m) => m[1] ?? m[2]!);

/** Expected lines are matched one to one; `…` within a line stands for anything, a line that is only `…` for any lines. */
export function matches(expected: readonly string[], found: string): boolean {
  const escape = (s: string): string => s.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  const pattern = expected
    .map((line) => (line === '…' ? '(?:.*\\n)*?' : `${escape(line).replaceAll('…', '.*')}\\n`))
    .join('');
  return new RegExp(`^${pattern}$`).test(found);
}
