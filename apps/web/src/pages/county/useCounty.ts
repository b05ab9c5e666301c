// The county of whoever is signed in, as the status of the audit has it.
import { routes, type Output } from '@opencanvass/contract';
import { useAnswer } from '../../api.ts';
import { useSignedIn } from '../../session.ts';

export type Status = Output<typeof routes.status>;
export type CountyState = Status['counties'][number];

export interface MyCounty {
  readonly id: string;
  readonly status: Status | undefined;
  readonly state: CountyState | undefined;
}

export function useCounty(): MyCounty {
  const { jurisdiction } = useSignedIn();
  const id = jurisdiction ?? '';
  const status = useAnswer(routes.status, {}, { every: 20 }).data;
  return { id, status, state: status?.counties.find((c) => c.jurisdiction === id) };
}
