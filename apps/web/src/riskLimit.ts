// A risk limit as an office says it, in percent, and as the record has it, a share of one.

/** '5' is '0.05', by the decimals as written; undefined where it is no percentage between 0 and 100. */
export function limitOf(percent: string): string | undefined {
  if (!/^\d{1,2}(?:[.,]\d{1,4})?$/.test(percent.trim())) return undefined;
  const [whole = '', part = ''] = percent.trim().split(/[.,]/);
  const share = `0.${whole.padStart(2, '0')}${part}`.replace(/0+$/, '');
  return Number(share) > 0 ? share : undefined;
}
