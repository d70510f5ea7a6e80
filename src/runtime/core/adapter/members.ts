/** A member of an object, found without reading it: getters are not triggered. */
export interface Member {
  name: string;
  kind: "method" | "accessor";
}

/** String-named methods and accessors of an object and its prototypes, nearest first, each name once. */
export function members(target: object): Member[] {
  const found = new Map<string, Member | null>();
  for (
    let holder: object | null = target;
    holder !== null && !isBuiltIn(holder);
    holder = Object.getPrototypeOf(holder) as object | null
  ) {
    for (const name of Object.getOwnPropertyNames(holder)) {
      if (name === "constructor" || found.has(name)) continue;
      const descriptor = Object.getOwnPropertyDescriptor(holder, name);
      // A name that stands for data hides a method of that name further up.
      if (descriptor?.get !== undefined) found.set(name, { name, kind: "accessor" });
      else found.set(name, typeof descriptor?.value === "function" ? { name, kind: "method" } : null);
    }
  }
  return [...found.values()].filter((member) => member !== null);
}

/** The end of every chain, in whatever realm. */
const isBuiltIn = (holder: object): boolean =>
  Object.getPrototypeOf(holder) === null && Object.hasOwn(holder, "isPrototypeOf");

/** The function at `target[name]`, or null. Reads it. */
export function methodAt(target: object, name: PropertyKey): ((...args: unknown[]) => unknown) | null {
  const value: unknown = Reflect.get(target, name);
  return typeof value === "function" ? (value as (...args: unknown[]) => unknown) : null;
}
