import { counted } from "../../model/counted.ts";

const step = 3;
const height = 18;

interface Props {
  /** By day, the last one is today. */
  days: readonly number[];
  /** How many pixels a day is wide. */
  scale?: number;
}

/** Occurrences by day, as bars. */
export function Sparkline({ days, scale = 1 }: Props) {
  const most = Math.max(1, ...days);
  const total = days.reduce((sum, count) => sum + count, 0);
  const width = days.length * step;
  const label = `${counted(total, "occurrence")} in ${days.length} days, at most ${most} a day, ${days.at(-1) ?? 0} today`;
  return (
    <svg
      class="sparkline"
      role="img"
      aria-label={label}
      width={width * scale}
      height={height * scale}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
    >
      <title>{label}</title>
      <line x1="0" x2={width} y1={height - 0.5} y2={height - 0.5} />
      {days.map((count, day) => {
        const tall = count === 0 ? 0 : Math.max(2, Math.round((count / most) * (height - 1)));
        return count === 0 ? null : (
          <rect key={day} x={day * step} y={height - tall} width={step - 1} height={tall} />
        );
      })}
    </svg>
  );
}
