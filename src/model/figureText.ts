/** "12 %"; "0.4 %" where it is little. */
export function percentText(share: number): string {
  const percent = share * 100;
  return `${percent > 0 && percent < 1 ? percent.toFixed(1) : Math.round(percent)} %`;
}

const units = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1000],
] as const;

/** "340 ms", "1.2 s", "4.5 min" */
export function durationText(ms: number): string {
  const unit = units.find(([, length]) => ms >= length);
  if (unit === undefined) return `${Math.round(ms)} ms`;
  const value = ms / unit[1];
  return `${value >= 100 ? Math.round(value) : Number(value.toFixed(1))} ${unit[0]}`;
}

/** "12 MiB" */
export const memoryText = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;

/** "1,200" or "0.8" */
export const countText = (count: number): string =>
  count.toLocaleString("en", { maximumFractionDigits: count < 10 ? 1 : 0 });
