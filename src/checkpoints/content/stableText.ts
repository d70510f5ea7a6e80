/** JSON whose keys are in the order of the alphabet: what is the same gives the same text. */
export function stableText(json: unknown, indent = 2): string {
  return JSON.stringify(sorted(json), null, indent);
}

function sorted(json: unknown): unknown {
  if (typeof json !== "object" || json === null) return json;
  if (Array.isArray(json)) return json.map(sorted);
  const keys = Object.keys(json).sort();
  return Object.fromEntries(keys.map((key) => [key, sorted((json as Record<string, unknown>)[key])]));
}
