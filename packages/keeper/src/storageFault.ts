// Is it the place where things are kept that failed, and how? Full: there is no room, and there will be once somebody makes some. Away: the database
// does not answer, and will when it is back. Anything else is a fault of ours.
export type StorageFault = 'full' | 'away';

/** SQLite's word, the operating system's, PostgreSQL's (appendix A of its manual). */
const full = new Set(['SQLITE_FULL', 'ENOSPC', 'EDQUOT', 'EFBIG', '53100']);
const away = new Set([
  'SQLITE_BUSY',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  '53300', // too_many_connections
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
]);
/** What pg says without a code of its own. */
const broken =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable/;

export function storageFault(fault: unknown): StorageFault | undefined {
  if (!(fault instanceof Error)) return undefined;
  const { code, syscall, message } = fault as NodeJS.ErrnoException;
  if (code !== undefined && full.has(code)) return 'full';
  // A socket of the database that is not there is a database that is not there.
  const noSocket = syscall === 'connect' && code === 'ENOENT';
  if (noSocket || (code !== undefined && (away.has(code) || code.startsWith('08'))) || broken.test(message))
    return 'away';
  return undefined;
}
