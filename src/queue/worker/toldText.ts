import { withoutKnownSecrets } from "../../runtime/checkpoint/knownSecrets.ts";

/** As JSON, without the values that this process keeps secret: whoever reads it does not know them, and could not leave them out. */
export const toldText = (value: unknown): string => JSON.stringify(value, withoutSecrets);

function withoutSecrets(_key: string, item: unknown): unknown {
  if (typeof item === "string") return withoutKnownSecrets(item).text;
  if (typeof item !== "object" || item === null || Array.isArray(item)) return item;
  const entries = Object.entries(item);
  const told = entries.map(([key, value]) => [withoutKnownSecrets(key).text, value] as const);
  return told.some(([key], index) => key !== entries[index]?.[0]) ? Object.fromEntries(told) : item;
}
