// Tells a waiting person what is being done: on stderr, only on a terminal, only after a second.
import type { World } from './world.ts';

/** Says `what` if it takes longer than a second; the function it gives back ends it. */
export function startProgress(world: World, what: string): () => void {
  if (!world.stderr.isTerminal) return () => {};
  let said = false;
  const timer = setTimeout(() => {
    said = true;
    world.stderr.write(`${what} …`);
  }, 1000);
  return () => {
    clearTimeout(timer);
    if (said) world.stderr.write('\r\u001B[2K');
  };
}
