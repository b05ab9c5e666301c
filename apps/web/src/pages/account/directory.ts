// The way to the state's directory and back: what is known of the way is kept in this window until it comes back.
import { routes, type Output } from '@opencanvass/contract';
import { ask, Refused } from '../../api.ts';

const kept = 'opencanvass directory';

export async function goToDirectory(): Promise<void> {
  const { flow, address } = await ask(routes.openIdFlow, {});
  sessionStorage.setItem(kept, flow);
  window.location.assign(address);
}

/** Ends it with the query that the directory sent back; throws Refused. */
export async function comeBack(query: string): Promise<Output<typeof routes.openIdSignIn>> {
  const flow = sessionStorage.getItem(kept);
  sessionStorage.removeItem(kept);
  if (flow === null) throw new Refused(0, { code: 'challenge-over' });
  return ask(routes.openIdSignIn, { body: { flow, query } });
}
