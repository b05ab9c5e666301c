// Reading values strictly, once, at the door: what a JSON value must look like to be what the types say. A shape gives the path of the first
// place where the value differs, or undefined; inside the door the types are true.

/** The place of the first difference ("act.body.digest"), or undefined where the value has the shape. */
export type Shape = (value: unknown, at: string) => string | undefined;

const when =
  (test: (value: unknown) => boolean): Shape =>
  (value, at) =>
    test(value) ? undefined : at;

export const text = when((v) => typeof v === 'string');
export const hex64 = when((v) => typeof v === 'string' && /^[0-9a-f]{64}$/.test(v));
/** RFC 3339 in UTC with milliseconds, as a keeper's clock writes it. */
export const clockTime = when(
  (v) => typeof v === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(v),
);
/** A date, or a time with an offset (RFC 3339), as people state it. */
export const statedTime = when(
  (v) => typeof v === 'string' && /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?$/.test(v),
);
export const whole = when((v) => typeof v === 'number' && Number.isSafeInteger(v) && v >= 0);
export const share = when((v) => typeof v === 'number' && v >= 0 && v <= 1);
/** Zero or more, as averages of simulations are. */
export const amount = when((v) => typeof v === 'number' && Number.isFinite(v) && v >= 0);
export const bool = when((v) => typeof v === 'boolean');
export const anything: Shape = () => undefined;
export const oneOf = (...values: readonly unknown[]): Shape => when((v) => values.includes(v));

export const list =
  (of: Shape): Shape =>
  (value, at) => {
    if (!Array.isArray(value)) return at;
    for (const [i, item] of value.entries()) {
      const fault = of(item, `${at}[${i}]`);
      if (fault !== undefined) return fault;
    }
    return undefined;
  };

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const anyObject = when(isObject);

/** An object with these members, those of `may` optional, and no others: an unknown member is somebody else's format. */
export const members =
  (must: Readonly<Record<string, Shape>>, may: Readonly<Record<string, Shape>> = {}): Shape =>
  (value, at) => {
    if (!isObject(value)) return at;
    for (const name of Object.keys(value))
      if (!Object.hasOwn(must, name) && !Object.hasOwn(may, name)) return `${at}.${name}`;
    return memberFault(value, at, must, may);
  };

/** An object with these members, those of `may` optional, and whatever else it says: of a body that may say more than is folded. */
export const having =
  (must: Readonly<Record<string, Shape>>, may: Readonly<Record<string, Shape>> = {}): Shape =>
  (value, at) =>
    isObject(value) ? memberFault(value, at, must, may) : at;

function memberFault(
  value: Record<string, unknown>,
  at: string,
  must: Readonly<Record<string, Shape>>,
  may: Readonly<Record<string, Shape>>,
): string | undefined {
  for (const [name, of] of Object.entries(must)) {
    const fault = Object.hasOwn(value, name) ? of(value[name], `${at}.${name}`) : `${at}.${name}`;
    if (fault !== undefined) return fault;
  }
  for (const [name, of] of Object.entries(may)) {
    const fault = Object.hasOwn(value, name) ? of(value[name], `${at}.${name}`) : undefined;
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** One of several shapes; where none fits, the place is that of the whole. */
export const either =
  (...shapes: readonly Shape[]): Shape =>
  (value, at) =>
    shapes.some((of) => of(value, at) === undefined) ? undefined : at;
