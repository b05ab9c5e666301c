// How numbers are written on the page.

/** 2,461,837, as American readers of English and of Spanish write it. */
export const number = (n: number): string => n.toLocaleString('en-US').replace('-', '−');

/** +16, −1,004, 0; with the minus sign, which lines up with the plus. */
export const signed = (n: number): string => (n === 0 ? '0' : n > 0 ? `+${number(n)}` : `−${number(-n)}`);

/** A share in percent with four decimals, rounded half up in integers. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return '–';
  const tenThousandths = Math.floor((part * 1_000_000 * 2 + whole) / (2 * whole));
  return `${Math.floor(tenThousandths / 10_000)}.${String(tenThousandths % 10_000).padStart(4, '0')}%`;
}
