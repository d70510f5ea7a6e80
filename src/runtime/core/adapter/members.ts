/** Where a member of an object was found, without reading it: getters are not triggered. */
export interface Member {
  name: string;
  kind: "method" | "accessor";
}

/** String-named methods and accessors of an object and its prototypes, nearest first, each name once. */
export function members(target: object): Member[] {
  const found = new Map<string, Member>();
  for (
    let holder: object | null = target;
    holder !== null && !isBuiltIn(holder);
    holder = Object.getPrototypeOf(holder) as object | null
  ) {
    for (const name of Object.getOwnPropertyNames(holder)) {
      if (name === "constructor" || found.has(name)) continue;
      const descriptor = Object.getOwnPropertyDescriptor(holder, name);
      if (descriptor?.get !== undefined) found.set(name, { name, kind: "accessor" });
      else if (typeof descriptor?.value === "function") found.set(name, { name, kind: "method" });
    }
  }
  return [...found.values()];
}

const isBuiltIn = (holder: object): boolean =>
  holder === Object.prototype || holder === Function.prototype || holder === Array.prototype;

/** Whether `target[name]` can be called. Reads it. */
export function isMethod(target: object, name: PropertyKey): boolean {
  return typeof Reflect.get(target, name) === "function";
}
