import { InvalidArgumentError } from "commander";

const times: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 };
const sizes: Readonly<Record<string, number>> = {
  ...{ b: 1, kb: 1e3, mb: 1e6, gb: 1e9 },
  ...{ kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30 },
};

/** "30d" in milliseconds. */
export function duration(text: string): number {
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?)([smhdw])$/.exec(text.toLowerCase()) ?? [];
  const ms = Number(number) * (times[unit] ?? NaN) * 1000;
  if (Number.isFinite(ms)) return ms;
  throw new InvalidArgumentError("It takes a number with s, m, h, d or w, for example 30d.");
}

/** "500MB" in bytes. */
export function byteCount(text: string): number {
  const [, number, unit = "b"] = /^(\d+(?:\.\d+)?) ?([kmg]?i?b)?$/.exec(text.toLowerCase()) ?? [];
  const bytes = Math.floor(Number(number) * (sizes[unit] ?? NaN));
  if (Number.isSafeInteger(bytes)) return bytes;
  throw new InvalidArgumentError("It takes a number of bytes, or one with KB, MB or GB, for example 500MB.");
}
