// specs/checks.md from the words in sentences/english.ts: the specification of the checks and what people read on the pages are the same text.
//   npm exec -- node scripts/write-checks-spec.ts
import { writeFileSync } from 'node:fs';
import { electionChecks, recordChecks, type Check } from '@opencanvass/evidence/checks';
import { vocabularies } from '@opencanvass/evidence/sentences';

export const path = new URL('../specs/checks.md', import.meta.url);

export function checksSpec(): string {
  const { checks, words, codes } = vocabularies.en;
  const one = ({ id }: Check): string => {
    const { statement, question, needs, how, failure, holds, fails } = checks[id]!;
    return [
      `### \`${id}\``,
      `*${question}*`,
      `**Holds** when ${statement}.`,
      `**Needs.** ${needs}`,
      `**How.** ${how}`,
      `**A failure means.** ${failure}`,
      ...(fails === ''
        ? ['No reader of its input exists yet: it says *cannot tell*, and what is missing.']
        : [`**Says.** ${words.holds}: \`${holds}\` · ${words.fails}: \`${fails}\``]),
    ].join('\n\n');
  };
  return `${[
    '# The checks',
    'Every statement about an election is a check over its record. This file is written from `packages/evidence/src/sentences/english.ts` by `scripts/write-checks-spec.ts`; a test holds the two to each other.',
    `A check gives a **finding**: one of the words *${words.holds}*, *${words.fails}*, *${words['cannot tell']}*, *${words['does not apply']}*; figures with their units; the units concerned (counties, batches, files, entries), all of them, the largest first; what was read; the entries that explain a failure, which stand beside it and never hide it. A check whose input is missing says *${words['cannot tell']}* and never passes. A check that can raise a false alarm states how many chance alone would raise.`,
    `In a template \`{name}\` stands for the finding's figure of that name, \`{name:one|many}\` for the word that goes with it. A finding's \`code\` says which fault it is, what is missing or why it does not apply; the codes are at the end.`,
    '## Checks of the record',
    'Does the record itself hold: untampered, complete, in order, reproducing its own figures? specs/record.md and specs/log.md define the bytes.',
    ...recordChecks.map(one),
    '## Checks of the election',
    'What does the record show about the election?',
    ...electionChecks.map(one),
    '## Codes',
    Object.entries(codes)
      .map(([code, text]) => `- \`${code}\`: ${text}`)
      .join('\n'),
  ].join('\n\n')}\n`;
}

if (import.meta.main) writeFileSync(path, checksSpec());
