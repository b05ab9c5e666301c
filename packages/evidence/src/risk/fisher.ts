// Fisher's combination of independent p-values: -2 sum ln p_s is chi-square with 2S degrees of freedom (Fisher 1932). For even degrees the
// tail has a closed form: with h = -sum ln p_s it is e^-h (1 + h + h^2/2! + … + h^(S-1)/(S-1)!).

export function fisher(ps: readonly number[]): number {
  if (ps.length === 0 || ps.some((p) => !(p >= 0 && p <= 1)))
    throw new RangeError(`no p-values: ${ps.join(', ')}`);
  if (ps.includes(0)) return 0;
  const h = -ps.reduce((sum, p) => sum + Math.log(p), 0);
  let term = 1;
  let sum = 1;
  for (let i = 1; i < ps.length; i++) {
    term *= h / i;
    sum += term;
  }
  return Math.min(1, Math.exp(-h) * sum);
}
