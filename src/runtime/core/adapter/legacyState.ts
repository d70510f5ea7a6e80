import { copyData, isRecord } from "../clone.ts";
import { REDACTED } from "../redacted.ts";

/** The own data of a legacy object that can be put back. */
export interface LegacyState {
  /** A copy: field by field where the fields hold it. */
  fields: unknown;
  /** Puts every field back, into the same arrays, maps and records; may be called more than once. */
  undo: () => void;
  /** Fields that cannot be put back, for example `client (WebSocket)`. */
  lost: string[];
  /** Fields that the copy lacks: those, and what does not show in the object. */
  unkept: string[];
}

type Container =
  unknown[] | Map<unknown, unknown> | Set<unknown> | Record<string, unknown> | Date | Int8Array;

/**
 * Takes the state of an object: its own enumerable data properties, where they hold plain data. Where `only` names the
 * fields that hold it, accessors are read too, and nothing else counts as lost.
 */
export function takeState(legacy: object, only?: readonly string[]): LegacyState {
  const fields: Record<string, unknown> = {};
  const lost: string[] = [];
  const hidden: string[] = [];
  const putBack: (() => void)[] = [];
  const keys = only?.filter((name) => Reflect.has(legacy, name)) ?? stateKeys(legacy);
  for (const key of keys) {
    const name = String(key);
    const descriptor = Object.getOwnPropertyDescriptor(legacy, key);
    const accessed = descriptor === undefined || !("value" in descriptor);
    if (accessed && only === undefined) {
      // A hidden one computes, as those of classes do.
      if (descriptor?.enumerable === true) lost.push(`${name} (accessor)`);
      continue;
    }
    const value: unknown = accessed ? Reflect.get(legacy, key) : descriptor.value;
    // A function is behaviour, not state, and so are the listeners of an emitter.
    if (typeof value === "function" || (only === undefined && ofListeners(legacy, name))) continue;
    const copy = copyData(value, name);
    const left = copy.lost.filter((path) => !behaviour.test(path));
    lost.push(...left);
    if (left.length > 0) continue;
    // Functions within, as in a logger, can be put back but not stored: another instance keeps its own.
    // What does not show in the object is not for files either.
    const shows = typeof key === "string" && (accessed || descriptor.enumerable === true);
    if (copy.lost.length === 0 && shows) put(fields, name, copy.value);
    else if (!shows) hidden.push(name);
    const undoContents = remember(value, new Set());
    putBack.push(() => {
      undoContents();
      if (accessed || Object.hasOwn(legacy, key)) Reflect.set(legacy, key, value);
      else Reflect.defineProperty(legacy, key, { ...descriptor, value });
    });
  }
  if (only === undefined) {
    if (hasPrivateFields(legacy)) lost.push("private fields");
    if (isCollection(legacy))
      lost.push(`the entries of the ${Object.prototype.toString.call(legacy).slice(8, -1)}`);
  }
  const known = new Set<string | symbol>(keys);
  return {
    fields,
    lost,
    unkept: [...lost, ...hidden],
    undo: () => {
      const now = only?.filter((name) => Object.hasOwn(legacy, name)) ?? stateKeys(legacy);
      const added = now.filter((key) => !known.has(key));
      doAll([...putBack, ...added.map((key) => () => void Reflect.deleteProperty(legacy, key))]);
    },
  };
}

/** Its own properties, hidden ones too; those that every function or array has are not state. */
const stateKeys = (legacy: object): (string | symbol)[] =>
  typeof legacy === "function" || Array.isArray(legacy) ? Object.keys(legacy) : Reflect.ownKeys(legacy);

const behaviour = / \((function|symbol)\)$/;

const listenerFields = new Set([
  "_events",
  "_eventsCount",
  "_maxListeners",
  "Symbol(kCapture)",
  "Symbol(shapeMode)",
]);

/** Whether a field of an emitter holds who listens: whoever comes while an execution fails must stay. */
const ofListeners = (legacy: object, name: string): boolean =>
  listenerFields.has(name) && typeof (legacy as { emit?: unknown }).emit === "function";

/** Does everything, and only then throws what was thrown first: one frozen array must not keep the rest back. */
function doAll(actions: readonly (() => void)[]): void {
  const thrown: unknown[] = [];
  for (const action of actions) {
    try {
      action();
    } catch (error) {
      thrown.push(error);
    }
  }
  if (thrown.length > 0) throw thrown[0];
}

/** What such an object holds is not among its properties. */
function isCollection(legacy: object): boolean {
  return (
    Array.isArray(legacy) || legacy instanceof Map || legacy instanceof Set || ArrayBuffer.isView(legacy)
  );
}

/** Sets a property of its own: "__proto__" must not reach the prototype. */
function put(target: object, key: string, value: unknown): void {
  if (Object.hasOwn(target, key)) Reflect.set(target, key, value);
  else Reflect.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
}

/** Private fields (`#x`) cannot be reached from outside; the source of the class tells whether there are any. */
function hasPrivateFields(legacy: object): boolean {
  for (
    let prototype = Object.getPrototypeOf(legacy) as object | null;
    prototype !== null;
    prototype = Object.getPrototypeOf(prototype) as object | null
  ) {
    const own: unknown = Object.getOwnPropertyDescriptor(prototype, "constructor")?.value;
    if (typeof own === "function" && declaresPrivateFields(own)) return true;
  }
  return false;
}

/** As written, or as compilers for older targets write it: a WeakMap takes the object, or a helper does. */
const privateField =
  /[{};\n]\s*#[\w$]+\s*[=;\n]|\b\w+\.set\(this,|\b_+(?:privateSet|classPrivateFieldInitSpec|class_private_field_init)\(this,|\b_+privateAdd\(this,\s*\w+,/;

/** By class: reading the source of a large one takes longer than an execution. */
const privateFields = new WeakMap<object, boolean>();

function declaresPrivateFields(constructor: object): boolean {
  let answer = privateFields.get(constructor);
  if (answer === undefined) {
    answer = privateField.test(Function.prototype.toString.call(constructor));
    privateFields.set(constructor, answer);
  }
  return answer;
}

/** Puts stored fields into another instance; those that hold removed secrets stay as they are. */
export function giveState(legacy: object, fields: unknown, only?: readonly string[]): void {
  if (!isRecord(fields)) return;
  for (const [name, value] of Object.entries(fields)) {
    const taken = only === undefined || only.includes(name);
    if (taken && name !== "__proto__" && !holdsRedacted(value))
      Reflect.set(legacy, name, copyData(value).value);
  }
}

/** Whether a stored value lacks a secret that was removed from it. */
export function holdsRedacted(value: unknown): boolean {
  if (typeof value === "string") return value.includes(REDACTED);
  if (value instanceof Map) return [...value].flat().some(holdsRedacted);
  if (value instanceof Set) return [...value].some(holdsRedacted);
  return typeof value === "object" && value !== null && Object.values(value).some(holdsRedacted);
}

/** Remembers what a container and all within hold; whoever shares one of them sees it put back too. */
function remember(value: unknown, seen: Set<unknown>): () => void {
  if (typeof value !== "object" || value === null || seen.has(value)) return () => undefined;
  seen.add(value);
  const frozen = Object.isFrozen(value);
  const container = value as Container;
  const deep = (items: Iterable<unknown>) => Array.from(items, (item) => remember(item, seen));
  const [inside, contents] = contentsOf(container, deep);
  return () => {
    if (!frozen) contents();
    for (const undo of inside) undo();
  };
}

function contentsOf(
  container: Container,
  deep: (items: Iterable<unknown>) => (() => void)[],
): [(() => void)[], () => void] {
  if (Array.isArray(container)) {
    const items = [...container];
    return [deep(items), () => container.splice(0, container.length, ...items)];
  }
  if (container instanceof Map) {
    const entries = [...container];
    return [
      deep(entries.flat()),
      () => {
        container.clear();
        for (const [key, item] of entries) container.set(key, item);
      },
    ];
  }
  if (container instanceof Set) {
    const items = [...container];
    return [
      deep(items),
      () => {
        container.clear();
        for (const item of items) container.add(item);
      },
    ];
  }
  if (container instanceof Date) {
    const time = container.getTime();
    return [[], () => container.setTime(time)];
  }
  if (ArrayBuffer.isView(container)) {
    // A Buffer's own slice shares its bytes.
    const bytes = Uint8Array.prototype.slice.call(container);
    return [[], () => container.set(bytes)];
  }
  const entries = Object.entries(container);
  return [
    deep(Object.values(container)),
    () => {
      for (const key of Object.keys(container)) Reflect.deleteProperty(container, key);
      for (const [key, item] of entries) put(container, key, item);
    },
  ];
}
