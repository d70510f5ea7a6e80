import type { FileFacts } from "./scan.ts";

interface Told<T> {
  path: string;
  told: T;
}

type Tell<T> = (name: string, told: T) => void;

/** What the facts of files tell of names, found by the name. */
export class ByName<T> {
  readonly #read: (facts: FileFacts, path: string, tell: Tell<T>) => void;
  /** The names that each file tells of. */
  readonly #names = new Map<string, string[]>();
  readonly #told = new Map<string, Told<T>[]>();

  constructor(read: (facts: FileFacts, path: string, tell: Tell<T>) => void) {
    this.#read = read;
  }

  /** @param facts null where there is no such file any more */
  set(path: string, facts: FileFacts | null): void {
    this.#remove(path);
    if (facts === null) return;
    const names: string[] = [];
    this.#read(facts, path, (name, told) => {
      names.push(name);
      const known = this.#told.get(name);
      if (known === undefined) this.#told.set(name, [{ path, told }]);
      else known.push({ path, told });
    });
    if (names.length > 0) this.#names.set(path, names);
  }

  of(name: string): readonly Told<T>[] {
    return this.#told.get(name) ?? [];
  }

  #remove(path: string): void {
    for (const name of new Set(this.#names.get(path))) {
      const rest = this.of(name).filter((entry) => entry.path !== path);
      if (rest.length > 0) this.#told.set(name, rest);
      else this.#told.delete(name);
    }
    this.#names.delete(path);
  }
}
