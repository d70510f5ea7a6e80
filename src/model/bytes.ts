const units = ["bytes", "KB", "MB", "GB", "TB"] as const;

/** "512 bytes", "1.4 MB": a size for people, in powers of 1,000, as sizes are given to settings and options too. */
export function bytesText(bytes: number): string {
  let [size, unit] = [bytes, 0];
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || size >= 100 ? 0 : 1;
  return `${size.toLocaleString("en", { maximumFractionDigits: digits })} ${units[unit] ?? ""}`;
}
