// A server process as it is started, for tests that kill it.
import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const door = fileURLToPath(new URL('../../cli/bin/opencanvass.js', import.meta.url));

export function serve(folder: string, database?: string): Promise<{ server: ChildProcess; address: string }> {
  const server = spawn(process.execPath, [door, 'serve', folder, '--port', '0'], {
    env: database === undefined ? process.env : { ...process.env, DATABASE_URL: database },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complained = '';
  server.stderr.on('data', (d: Buffer) => (complained += d.toString()));
  return new Promise((resolve, reject) => {
    server.stdout.on('data', (d: Buffer) => {
      const address = /http:\S+/.exec(d.toString())?.[0];
      if (address !== undefined) resolve({ server, address });
    });
    server.on('exit', () => reject(new Error(`the server ended: ${complained}`)));
  });
}
