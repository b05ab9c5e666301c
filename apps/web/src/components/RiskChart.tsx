// The risk after each round beside the risk limit, on a scale of powers of ten: below the line the outcome is confirmed. The table of the rounds
// says the same in figures.
export interface RiskPoint {
  readonly round: number;
  readonly risk: number;
  readonly text: string;
}

const [width, height, left, right, top, bottom] = [560, 240, 64, 24, 16, 36];

/** In powers of ten: what is written at the lowest point has a place above the axis. */
const roomBelow = 0.3;

export function RiskChart({
  points,
  limit,
  limitText,
  label,
  roundName,
}: {
  readonly points: readonly RiskPoint[];
  readonly limit: number;
  readonly limitText: string;
  readonly label: string;
  readonly roundName: (round: number) => string;
}) {
  const least = Math.floor(
    Math.log10(Math.max(1e-6, Math.min(limit, ...points.map((p) => p.risk)))) - roomBelow,
  );
  const y = (risk: number): number =>
    top + (Math.log10(Math.min(1, Math.max(10 ** least, risk))) / least) * (height - top - bottom);
  const most = Math.max(2, points.length);
  const x = (i: number): number => left + (i / most) * (width - left - right);
  // Before anything is read the risk is 100%.
  const line = [{ x: x(0), y: y(1) }, ...points.map((p, i) => ({ x: x(i + 1), y: y(p.risk) }))];
  return (
    <svg className="risk-chart" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      {Array.from({ length: -least + 1 }, (_, e) => (
        <g key={e}>
          <line className="grid" x1={left} x2={width - right} y1={y(10 ** -e)} y2={y(10 ** -e)} />
          <text x={left - 8} y={y(10 ** -e) + 4} textAnchor="end">
            {`${Number((100 * 10 ** -e).toPrecision(1))}%`}
          </text>
        </g>
      ))}
      <line className="limit" x1={left} x2={width - right} y1={y(limit)} y2={y(limit)} />
      <text className="limit-text" x={width - right} y={y(limit) - 6} textAnchor="end">
        {limitText}
      </text>
      <polyline points={line.map((p) => `${p.x},${p.y}`).join(' ')} />
      {points.map((p, i) => (
        <g key={p.round}>
          <circle cx={x(i + 1)} cy={y(p.risk)} r="5" />
          <text x={x(i + 1) - 8} y={y(p.risk) + 18} textAnchor="end" className="value">
            {p.text}
          </text>
          <text x={x(i + 1)} y={height - 12} textAnchor="middle">
            {roundName(p.round)}
          </text>
        </g>
      ))}
    </svg>
  );
}
