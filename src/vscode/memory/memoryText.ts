import { counted } from "../../model/counted.ts";
import { encode } from "../../runtime/checkpoint/codec.ts";
import type { MemoryEntry, MemoryGrant } from "../../runtime/index.ts";

const LONGEST = 100;

/** A value as it is written: JSON has no Map, and no circle. */
export const jsonOf = (value: unknown): unknown => encode(value).json;

/** `{"city":"Bern"} · expires in 5 min · weather` */
export function entryDescription({ value, expiresAt, tags }: MemoryEntry, now: number): string {
  const text = JSON.stringify(jsonOf(value));
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return [short, expiresAt === null ? "" : expiryText(expiresAt - now), tags.join(", ")]
    .filter(Boolean)
    .join(" · ");
}

/** Lines. */
export function entryTooltip({
  key,
  writtenAt,
  writtenBy,
  expiresAt,
  tags,
  redactions,
}: MemoryEntry): string[] {
  return [
    key,
    `Written on ${new Date(writtenAt).toLocaleString()} by ${writtenBy}`,
    ...(expiresAt === null ? [] : [`Expires on ${new Date(expiresAt).toLocaleString()}`]),
    ...(tags.length === 0 ? [] : [`Tags: ${tags.join(", ")}`]),
    ...(redactions === 0 ? [] : [`${counted(redactions, "secret")} left out`]),
  ];
}

function expiryText(ms: number): string {
  if (ms <= 0) return "expired";
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 60) return `expires in ${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `expires in ${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `expires in ${hours} h` : `expires in ${Math.round(hours / 24)} days`;
}

/** `may read "city"` */
export function grantText({ key, keyPrefix, access }: MemoryGrant): string {
  const what =
    key !== null ? `"${key}"` : keyPrefix !== null ? `keys that begin with "${keyPrefix}"` : "all keys";
  return `may ${access === "write" ? "read and write" : "read"} ${what}`;
}
