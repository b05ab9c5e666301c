// Which of two stated times came first? Files write them as they like: a day only, a clock without a zone, a clock with one. Each is a span that
// holds the moment; spans that overlap decide nothing. Neither is believed: that is for whoever reads the answer.

export interface Stamp {
  /** As written. */
  readonly text: string;
  /** Milliseconds since 1970, first and last that it can mean: in UTC, or by the clock of whoever wrote it. */
  readonly from: number;
  readonly to: number;
  readonly zoned: boolean;
}

const shape =
  /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,9}))?(?:\s*(Z|UTC|[+-]\d\d(?::?\d\d)?))?)?$/;

/** "2024-11-15 23:33:06.669893", "2025-11-12T20:21:36.046696+00:00", "2024-11-18"; undefined if it is none of these or no such day. */
export function parseStamp(text: string): Stamp | undefined {
  const found = shape.exec(text.trim());
  if (found === null) return undefined;
  const [, day, clock, fraction, zone] = found;
  const start = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(start) || new Date(start).toISOString().slice(0, 10) !== day) return undefined;
  if (clock === undefined) return { text, from: start, to: start + 86_399_999, zoned: false };
  const precise = clock.length > 5;
  const time = Date.parse(`${day}T${precise ? clock : `${clock}:00`}Z`);
  if (Number.isNaN(time)) return undefined;
  const at = time + (fraction === undefined ? 0 : Number(`0.${fraction}`) * 1000) - offset(zone) * 60_000;
  return { text, from: at, to: precise ? (fraction === undefined ? at + 999 : at) : at + 59_999, zoned: zone !== undefined }; // oxfmt-ignore
}

/** Minutes ahead of UTC. */
function offset(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z' || zone === 'UTC') return 0;
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return zone.startsWith('-') ? -minutes : minutes;
}

/** No clock is further from UTC than 14 hours. */
const furthestZone = 14 * 3_600_000;

/** True: `a` was before `b`; false: after it, or at the same moment; undefined: cannot tell. */
export function isBefore(a: Stamp, b: Stamp): boolean | undefined {
  const doubt = a.zoned === b.zoned ? 0 : furthestZone;
  if (a.to + doubt < b.from) return true;
  return a.from - doubt >= b.to ? false : undefined;
}
