/** A class without a name is shown by what it is. */
export function displayName(name: string): string {
  if (name === "default") return "default export";
  return name === "" ? "(anonymous class)" : name;
}
