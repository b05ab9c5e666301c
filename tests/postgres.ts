// A PostgreSQL cluster of the tests' own, from the system's binaries: in a temporary folder, on a socket in it and on no port, gone at the end.
// PostgreSQL refuses to run as root; there it runs as the user `postgres`, or `nobody`, who then owns the folder.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const required = process.env['OPENCANVASS_REQUIRE_POSTGRES'] === '1';

/** The folder of initdb and postgres: OPENCANVASS_POSTGRES, or Debian's newest. */
export function findPostgres(): string | undefined {
  const given = process.env['OPENCANVASS_POSTGRES'];
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).toSorted((a, b) => Number(b) - Number(a)) : [];
  return [...(given === undefined ? [] : [given]), ...versions.map((v) => join(debian, v, 'bin'))].find(
    (folder) => existsSync(join(folder, 'postgres')) && existsSync(join(folder, 'initdb')),
  );
}

/** True if there is none and tests on it are to be left out, which is said aloud. Where it is required, its absence is a failure. */
export function noPostgres(): boolean {
  if (findPostgres() !== undefined) return false;
  if (required) throw new Error('OPENCANVASS_REQUIRE_POSTGRES is set and no PostgreSQL was found');
  console.log('no PostgreSQL found (Debian: apt-get install postgresql): what runs on it is not tested here');
  return true;
}

export interface Cluster {
  /** A new, empty database. */
  readonly database: () => Promise<string>;
  /** kill -9 of the server and all it started, as a crash would; then `start` again. */
  readonly crash: () => Promise<void>;
  /** Resolves once it answers; one that runs is left running. */
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** In a folder of its own within `at`: the path of a socket has at most 107 bytes. */
export async function startCluster(at = '/tmp'): Promise<Cluster> {
  const bin = findPostgres()!;
  const folder = mkdtempSync(join(at, 'pg-'));
  const data = join(folder, 'data');
  const who = process.getuid?.() === 0 ? unprivileged() : undefined;
  if (who !== undefined) chownSync(folder, who.uid, who.gid);
  const as = who === undefined ? {} : { uid: who.uid, gid: who.gid };
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
  execFileSync(join(bin, 'initdb'), ['-D', data, '-U', 'test', '-A', 'trust', '-E', 'UTF8'], {
    ...as,
    env,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let server: ChildProcess | undefined;
  let databases = 0;
  const psql = (command: string): void =>
    void execFileSync(join(bin, 'psql'), ['-h', folder, '-U', 'test', '-qc', command, 'postgres'], {
      ...as,
      env,
      cwd: folder,
      stdio: ['ignore', 'ignore', 'ignore'],
    });
  const start = async (): Promise<void> => {
    let begun: ChildProcess | undefined;
    for (let tries = 0; ; tries += 1) {
      // One that is just going down when it is asked for is started anew. fsync stays on: the record is kept only where it is.
      if (begun === undefined && (server === undefined || server.exitCode !== null))
        server = begun = spawn(
          join(bin, 'postgres'),
          ['-D', data, '-k', folder, '-c', 'listen_addresses=', '-c', 'max_connections=60'],
          { ...as, env, cwd: folder, stdio: 'ignore', detached: true },
        );
      try {
        psql('select 1');
        return;
      } catch (fault) {
        if (tries === 100 || (begun !== undefined && begun.exitCode !== null)) throw fault;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ending = server;
    if (ending?.pid === undefined || ending.exitCode !== null) return;
    const ended = new Promise((resolve) => ending.once('exit', resolve));
    // Killed: the whole group that it leads, so that no backend finishes its work. Stopped: its head, which tells the others.
    process.kill(signal === 'SIGKILL' ? -ending.pid : ending.pid, signal);
    await ended;
    server = undefined;
  };
  await start();
  return {
    database: () => {
      const name = `t${++databases}`;
      psql(`create database ${name}`);
      return Promise.resolve(`postgresql://test@/${name}?host=${encodeURIComponent(folder)}`);
    },
    crash: () => end('SIGKILL'),
    start,
    stop: async () => {
      await end('SIGQUIT'); // immediate: nothing here is wanted again
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function unprivileged(): { readonly uid: number; readonly gid: number } {
  for (const user of ['postgres', 'nobody'])
    try {
      const id = (what: string): number =>
        Number(execFileSync('id', [what, user], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
      return { uid: id('-u'), gid: id('-g') };
    } catch {
      // no such user here
    }
  throw new Error('PostgreSQL does not run as root, and there is no user postgres or nobody');
}
