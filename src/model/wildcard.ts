/** Matches a whole name: `*` stands for any characters. */
export function wildcard(written: string): RegExp {
  const source = written.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${source.join(".*")}$`);
}
