// A keeper on PostgreSQL that appends until somebody kills it, and says of each entry, once it is acknowledged, where it stands and what it
// is. Where the database is away it tries again: an append that was not acknowledged may be there or not, and is never said.
// Usage: node appendOnPostgres.ts URL NUMBER
import { writeSync } from 'node:fs';
import { openRecord } from '../src/keeper.ts';
import { openPostgres } from '../src/postgres.ts';
import { counted, incident, origin, seededKey, ticking } from './smallElection.ts';

const [url, who] = process.argv.slice(2);
const keeper = await openRecord({
  storage: await openPostgres(url!),
  signer: { name: origin, key: seededKey(1) },
  clock: ticking(),
  random: counted(`appender ${who}`),
});
for (let n = 0; ; n += 1)
  try {
    const answer = await keeper.append(...(n % 3 === 2 ? [incident(n), incident(n)] : [incident(n)]));
    if (!answer.ok) throw new TypeError(JSON.stringify(answer.refusals));
    for (const e of answer.entries) writeSync(1, `${e.position} ${e.act.body.digest}\n`);
  } catch (fault) {
    if (fault instanceof TypeError) throw fault;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
