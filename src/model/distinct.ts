/** Texts of which no two are the same: what comes again has a number. */
export class Distinct {
  readonly #counts = new Map<string, number>();

  of(text: string): string {
    let count = this.#counts.get(text) ?? 0;
    let found = text;
    while (this.#counts.has(found)) {
      count += 1;
      found = `${text} (${count + 1})`;
    }
    this.#counts.set(text, count).set(found, this.#counts.get(found) ?? 0);
    return found;
  }
}

/** What has names, by these; equal names get a number. */
export function byUniqueName<T>(all: readonly T[], nameOf: (one: T) => string): Map<string, T> {
  const distinct = new Distinct();
  return new Map(all.map((one) => [distinct.of(nameOf(one)), one]));
}
