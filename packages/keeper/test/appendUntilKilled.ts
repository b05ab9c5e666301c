// A keeper that appends until somebody kills it, and says of each entry, once it is acknowledged, where it stands and what it is.
// Usage: node appendUntilKilled.ts FOLDER ROUND
import { writeSync } from 'node:fs';
import { toHex, toUtf8 } from '@opencanvass/evidence/bytes';
import { openFolder } from '../src/folder.ts';
import { fileRef, incident, state } from './smallElection.ts';

const [folder, round] = process.argv.slice(2);
const keeper = await openFolder(folder!);
const say = (line: string): void => void writeSync(1, `${line}\n`);

for (let n = 0; ; n += 1) {
  const bytes = toUtf8(`round ${round}, file ${n}\n`.repeat(1 + ((n * 997) % 5000)));
  const file = fileRef(`${n}.txt`, bytes);
  const withFile = {
    kind: 'file received' as const,
    author: state,
    body: { file, from: 'test' },
    files: [bytes],
  };
  // One entry, one with a file, three at once: in turn.
  const drafts = [[incident(n)], [withFile], [incident(n), withFile, incident(n)]][n % 3]!;
  const answer = await keeper.append(...drafts);
  if (!answer.ok) throw new Error(JSON.stringify(answer.refusals));
  for (const e of answer.entries)
    say(`entry ${e.position} ${e.act.body.digest} ${e.act.kind === 'file received' ? file.sha256 : '-'}`);
  if (n % 5 === 4) {
    const [, size, root] = new TextDecoder().decode(await keeper.checkpoint()).split('\n');
    say(`checkpoint ${size} ${toHex(new Uint8Array(Buffer.from(root!, 'base64')))}`);
  }
}
