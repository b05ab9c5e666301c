// A desk in a process of its own, for benches that ask how long it stood still: the longest time in which its event loop answered nobody, by the wall clock
// and in processor time. The second is what the desk itself did; on a busy machine the first also holds what others did meanwhile.
//
// `node bench/desk/served.ts FOLDER LOG`, with an IPC channel: says its address, then answers each 'measure' with what it measured since the last.
import { serveDesk } from '../../apps/server/src/index.ts';
import type { Measured } from './process.ts';

const [folder, log] = process.argv.slice(2);
const served = await serveDesk({ folder: folder!, log: log!, port: 0, perMinute: 1_000_000 });

const tick = 5;
let [wall, processor] = [performance.now(), threadMs()];
let longest = { wall: 0, processor: 0 };
let begun = process.cpuUsage();
setInterval(() => {
  const [now, used] = [performance.now(), threadMs()];
  const late = now - wall - tick;
  longest = {
    wall: Math.max(longest.wall, late),
    // What was used between two ticks may be many short turns; it is one long one only where the tick came late.
    processor: Math.max(longest.processor, Math.min(late, used - processor)),
  };
  [wall, processor] = [now, used];
}, tick);

function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

process.on('message', () => {
  const { user, system } = process.cpuUsage(begun);
  const measured: Measured = {
    longest,
    processor: (user + system) / 1000,
    memory: process.memoryUsage.rss(),
    mostMemory: process.resourceUsage().maxRSS * 1024,
  };
  longest = { wall: 0, processor: 0 };
  begun = process.cpuUsage();
  process.send!(measured);
});
process.on('disconnect', () => void served.close().then(() => process.exit()));
process.send!({ address: served.address });
