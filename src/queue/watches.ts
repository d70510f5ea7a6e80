interface Watch {
  onGrown(name: string): void;
  onGap(): void;
}

/** Who watches which group of logs. */
export class Watches {
  readonly #byGroup = new Map<string, Set<Watch>>();

  get groups(): string[] {
    return [...this.#byGroup.keys()];
  }

  has(group: string): boolean {
    return this.#byGroup.has(group);
  }

  /** @returns ends it */
  add(group: string, watch: Watch): () => void {
    const watches = this.#byGroup.get(group) ?? new Set();
    this.#byGroup.set(group, watches.add(watch));
    return () => {
      if (watches.delete(watch) && watches.size === 0) this.#byGroup.delete(group);
    };
  }

  grown(name: string): void {
    for (const watch of this.#byGroup.get(groupOf(name)) ?? []) watch.onGrown(name);
  }

  gap(): void {
    for (const watches of this.#byGroup.values()) for (const watch of watches) watch.onGap();
  }
}

/** What the name of a log has before the first "/". */
export const groupOf = (log: string): string => log.split("/", 1)[0] ?? log;
