// Rules of a ranked contest from a file, strictly: every option must be one that we know, and one that is left out is as
// `instantRunoffRules` has it. A seed is an integer, or one written as text where it is beyond 2^53.
import { instantRunoffRules, type Method, type RankedRules, type TieRule } from './rankedRules.ts';

/** What is wrong with the rules: at which option, what could stand there, what does. */
export interface RulesFault {
  readonly option: string;
  readonly expected: string;
  readonly found: string;
}

/** All faults are given, not only the first. */
export function rulesFromJson(json: unknown): RankedRules | { readonly faults: readonly RulesFault[] } {
  const faults: RulesFault[] = [];
  const fault = (option: string, expected: string, found: unknown): undefined => {
    faults.push({ option, expected, found: JSON.stringify(found) ?? 'nothing' });
    return undefined;
  };
  if (!isObject(json))
    return { faults: [{ option: '', expected: 'an object', found: JSON.stringify(json) ?? 'nothing' }] };
  const knownOptions = [...Object.keys(instantRunoffRules), 'stopAfterRound'];
  for (const option of Object.keys(json))
    if (!knownOptions.includes(option)) fault(option, `one of ${knownOptions.join(', ')}`, json[option]);

  const given = <T>(
    option: keyof RankedRules,
    read: (value: unknown) => T | undefined,
    expected: string,
  ): T | undefined =>
    json[option] === undefined ? undefined : (read(json[option]) ?? fault(option, expected, json[option]));
  const words = <const W extends string>(...list: readonly W[]) =>
    [(value: unknown) => list.find((w) => w === value), list.join(' or ')] as const;
  const whole = (least: number, most: number) =>
    [
      (value: unknown) =>
        typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
          ? value
          : undefined,
      `a whole number from ${least} to ${most}`,
    ] as const;
  const or = <W extends string>([read, expected]: ReturnType<typeof whole>, word: W) =>
    [(value: unknown) => (value === word ? word : read(value)), `${expected}, or ${word}`] as const;
  const flag = [
    (value: unknown) => (typeof value === 'boolean' ? value : undefined),
    'true or false',
  ] as const;

  const options = {
    method: given('method', methodOf, 'a method, such as {"kind":"instantRunoff"}'),
    seats: given('seats', ...whole(1, 1000)),
    overvotes: given('overvotes', ...words('exhaust', 'skip', 'exhaustIfSeveralContinue')),
    skippedRanks: given('skippedRanks', ...or(whole(0, 255), 'unlimited')),
    duplicates: given('duplicates', ...words('skip', 'exhaust')),
    maxRankings: given('maxRankings', ...or(whole(1, 255), 'all')),
    undeclared: given('undeclared', ...words('droppedFirst', 'oneCandidate')),
    excluded: given('excluded', (v) => (isNames(v) ? v : undefined), 'names of candidates'),
    minimumVotes: given('minimumVotes', ...whole(0, Number.MAX_SAFE_INTEGER)),
    batchElimination: given('batchElimination', ...flag),
    untilTwo: given('untilTwo', ...words('never', 'always', 'unlessFirstChoices')),
    thresholdFrom: given('thresholdFrom', ...words('eachRound', 'firstRound')),
    quota: given('quota', ...words('droop', 'hare')),
    quotaRounding: given('quotaRounding', ...words('whole', 'fractional')),
    places: given('places', ...whole(0, 20)),
    ties: given('ties', tieOf, 'a rule for ties, such as {"kind":"order"}'),
    stopAfterRound: given('stopAfterRound', ...whole(1, 10_000)),
  };
  const stated = Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as Partial<RankedRules>;
  const rules: RankedRules = { ...instantRunoffRules, ...stated };
  const one = rules.method.kind === 'instantRunoff';
  if (one && rules.seats !== 1) fault('seats', '1 for an instant runoff', rules.seats);
  const single = one || rules.method.kind === 'sequential';
  if (!single && rules.batchElimination) fault('batchElimination', 'false: it is for one winner', true);
  if (!single && rules.untilTwo !== 'never') fault('untilTwo', 'never: it is for one winner', rules.untilTwo);
  return faults.length > 0 ? { faults } : rules;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isNames = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((name) => typeof name === 'string');
const hasOnly = (value: Readonly<Record<string, unknown>>, ...keys: readonly string[]): boolean =>
  Object.keys(value).every((key) => keys.includes(key));

function methodOf(value: unknown): Method | undefined {
  if (!isObject(value)) return undefined;
  const { kind, winnersARound, share, cutoff } = value;
  switch (kind) {
    case 'instantRunoff':
    case 'bottomsUp':
    case 'sequential':
      return hasOnly(value, 'kind') ? { kind } : undefined;
    case 'singleTransferableVote':
      return hasOnly(value, 'kind', 'winnersARound') && (winnersARound === 'all' || winnersARound === 'one')
        ? { kind, winnersARound }
        : undefined;
    case 'aboveShare': {
      if (!hasOnly(value, 'kind', 'share', 'cutoff') || !isObject(share) || typeof cutoff !== 'boolean')
        return undefined;
      const { numerator, denominator } = share;
      const fraction = Number.isSafeInteger(numerator) && Number.isSafeInteger(denominator);
      return fraction && Number(numerator) > 0 && Number(numerator) <= Number(denominator)
        ? { kind, share: { numerator: Number(numerator), denominator: Number(denominator) }, cutoff }
        : undefined;
    }
    default:
      return undefined;
  }
}

function tieOf(value: unknown): TieRule | undefined {
  if (!isObject(value)) return undefined;
  const { kind, seed, otherwise, chosen } = value;
  switch (kind) {
    case 'order':
      return hasOnly(value, 'kind') ? { kind } : undefined;
    case 'random':
    case 'permutation': {
      const whole = Number.isSafeInteger(seed) || (typeof seed === 'string' && /^-?\d{1,19}$/.test(seed));
      return whole && hasOnly(value, 'kind', 'seed')
        ? { kind, seed: BigInt(seed as number | string) }
        : undefined;
    }
    case 'previousRounds': {
      const rule = tieOf(otherwise);
      return rule !== undefined && rule.kind !== kind && hasOnly(value, 'kind', 'otherwise')
        ? { kind, otherwise: rule }
        : undefined;
    }
    case 'lots':
      return isNames(chosen) && hasOnly(value, 'kind', 'chosen') ? { kind, chosen } : undefined;
    default:
      return undefined;
  }
}
