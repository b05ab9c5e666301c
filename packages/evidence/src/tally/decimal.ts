// Votes that are not whole: a surplus is passed on in fractions, cut off after a number of places that the law states. Exact:
// a whole number of units of 10^-places, never a floating-point number.

/** A number as text, exact, without trailing zeros: "8", "177.5192". Sums and comparisons are made before it is written. */
export type Decimal = string;

/** `units` × 10^-places. */
export function decimal(units: bigint, places: number): Decimal {
  if (places === 0) return String(units);
  const negative = units < 0n;
  const digits = String(negative ? -units : units).padStart(places + 1, '0');
  const fraction = digits.slice(-places).replace(/0+$/, '');
  return `${negative ? '-' : ''}${digits.slice(0, -places)}${fraction === '' ? '' : `.${fraction}`}`;
}

/** The units of 10^-places in a decimal; throws RangeError if it is none or has more places. */
export function units(text: Decimal, places: number): bigint {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  const fraction = match?.[3]?.replace(/0+$/, '') ?? '';
  if (match === null || fraction.length > places)
    throw new RangeError(`not a decimal of ${places} places: ${text}`);
  const magnitude = BigInt(match[2]! + fraction.padEnd(places, '0'));
  return match[1] === '-' ? -magnitude : magnitude;
}
