const units = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
] as const;

/** "3 min. ago"; "just now" within a minute; "" for what is no time. */
export function relativeTime(iso: string, now: number): string {
  const seconds = (Date.parse(iso) - now) / 1000;
  if (Number.isNaN(seconds)) return "";
  const unit = units.find(([, length]) => Math.abs(seconds) >= length);
  if (unit === undefined) return "just now";
  return new Intl.RelativeTimeFormat("en", { style: "short" }).format(Math.trunc(seconds / unit[1]), unit[0]);
}

/** "2026-03-01 14:05:09" in local time. */
export function absoluteTime(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
