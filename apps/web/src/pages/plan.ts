// What was reported of a contest, and how much paper each method would take: asked again every second until it is computed.
import { routes } from '@opencanvass/contract';
import { useAnswer } from '../api.ts';

export const usePlan = (contest: string, riskLimit: string | undefined, enabled = true) =>
  useAnswer(
    routes.plan,
    { params: { contest }, query: { riskLimit: Number(riskLimit ?? 0.05) } },
    { enabled, every: (plan) => (plan?.computing === true ? 1 : undefined) },
  );
