import { copyAround, copyData, isRecord, setOwn } from "../clone.ts";
import { addedIn, areAlike, keepAdded } from "../rollback.ts";

/** The own data of a legacy object that can be put back. */
export interface LegacyState {
  /** A copy: field by field where the fields hold it. */
  fields: unknown;
  /**
   * Puts every field back, into the same arrays, maps and records; may be called more than once. Adds to `stayed` what
   * came since and stays, because it is no data.
   */
  undo: (stayed: string[]) => void;
  /** Fields that cannot be put back, for example `client (WebSocket)`. */
  lost: string[];
  /** Fields that the copy lacks: those, and what does not show in the object. */
  unkept: string[];
}

/** Puts something back; adds to `stayed` what stays. */
type PutBack = (stayed: string[]) => void;

type Container =
  | unknown[]
  | Map<unknown, unknown>
  | Set<unknown>
  | Record<string, unknown>
  | Date
  | RegExp
  | ArrayBuffer
  | ArrayBufferView;

/**
 * Takes the state of an object: its own enumerable data properties, where they hold plain data. Where `only` names the
 * fields that hold it, accessors are read too, and nothing else counts as lost.
 */
export function takeState(legacy: object, only?: readonly string[]): LegacyState {
  const fields: Record<string, unknown> = {};
  const lost: string[] = [];
  const hidden: string[] = [];
  const putBack: PutBack[] = [];
  /** What the object held: containers, and what is no data. */
  const before = new Set<unknown>();
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
    if (typeof value === "function") before.add(value);
    if (typeof value === "function" || (only === undefined && ofListeners(legacy, name))) continue;
    const copy = copyAround(value, name);
    for (const item of copy.left) before.add(item);
    const left = copy.lost.filter((path) => !behaviour.test(path));
    lost.push(...left);
    if (left.length > 0) continue;
    // Functions within, as in a logger, can be put back but not stored: another instance keeps its own.
    // What does not show in the object is not for files either.
    const shows = typeof key === "string" && (accessed || descriptor.enumerable === true);
    if (copy.lost.length === 0 && shows) setOwn(fields, name, copy.value);
    else if (!shows) hidden.push(name);
    const undoContents = remember(value, name, before);
    putBack.push((stayed) => {
      const now = accessed ? (Reflect.get(legacy, key) as unknown) : dataAt(legacy, key);
      const added = now === value ? [] : addedIn(now, name, before);
      undoContents(stayed);
      if (added.length > 0) {
        stayed.push(...(areAlike(value, now) ? keepAdded(value, now, before, name) : added));
        if (!areAlike(value, now)) return;
      }
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
    undo: (stayed) => {
      const now = only?.filter((name) => Object.hasOwn(legacy, name)) ?? stateKeys(legacy);
      const added = now.filter((key) => !known.has(key) && !ofListeners(legacy, String(key)));
      const takeAway = added.map((key): PutBack => () => {
        const left = addedIn(dataAt(legacy, key), String(key), before);
        if (left.length === 0) Reflect.deleteProperty(legacy, key);
        else stayed.push(...left);
      });
      doAll([...putBack, ...takeAway], stayed);
    },
  };
}

/** Its own properties, hidden ones too; those that every function or array has are not state. */
export const stateKeys = (legacy: object): (string | symbol)[] =>
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
export const ofListeners = (legacy: object, name: string): boolean =>
  listenerFields.has(name) && typeof (legacy as { emit?: unknown }).emit === "function";

/** Does everything, and only then throws what was thrown first: one frozen array must not keep the rest back. */
function doAll(actions: readonly PutBack[], stayed: string[]): void {
  const thrown: unknown[] = [];
  for (const action of actions) {
    try {
      action(stayed);
    } catch (error) {
      thrown.push(error);
    }
  }
  if (thrown.length > 0) throw thrown[0];
}

/** What an own property holds; of an accessor, the accessor. */
function dataAt(legacy: object, key: PropertyKey): unknown {
  const descriptor = Object.getOwnPropertyDescriptor(legacy, key);
  if (descriptor === undefined) return undefined;
  return "value" in descriptor ? (descriptor.value as unknown) : Reflect.get(descriptor, "get");
}

/** What such an object holds is not among its properties. */
function isCollection(legacy: object): boolean {
  return (
    Array.isArray(legacy) || legacy instanceof Map || legacy instanceof Set || ArrayBuffer.isView(legacy)
  );
}

/** Private fields (`#x`) cannot be reached from outside; the source of the class tells whether there are any. */
export function hasPrivateFields(legacy: object): boolean {
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

/** Puts stored fields into another instance; what is no data there, such as an open connection, stays. */
export function giveState(legacy: object, fields: unknown, only?: readonly string[]): void {
  if (!isRecord(fields)) return;
  for (const [name, stored] of Object.entries(fields)) {
    if (name === "__proto__" || only?.includes(name) === false) continue;
    const { value } = copyData(stored);
    const now = only === undefined ? dataAt(legacy, name) : (Reflect.get(legacy, name) as unknown);
    const isData = addedIn(now, name, nothing).length === 0;
    if (!isData && !areAlike(value, now)) continue;
    if (!isData) keepAdded(value, now, nothing);
    Reflect.set(legacy, name, value);
  }
}

const nothing: ReadonlySet<unknown> = new Set();

/** Remembers what a container and all within hold; whoever shares one of them sees it put back too. */
function remember(value: unknown, path: string, seen: Set<unknown>): PutBack {
  if (typeof value !== "object" || value === null || seen.has(value)) return () => undefined;
  seen.add(value);
  const frozen = Object.isFrozen(value);
  const inside: PutBack[] = [];
  const deep = (items: Iterable<readonly [unknown, unknown]>): void => {
    for (const [key, item] of items) inside.push(remember(item, `${path}.${String(key)}`, seen));
  };
  const { now, undo } = contentsOf(value as Container, deep);
  return (stayed) => {
    if (!frozen) {
      const since = now();
      undo();
      stayed.push(...keepAdded(value, since, seen, path));
    }
    for (const each of inside) each(stayed);
  };
}

interface Contents {
  /** A container of the same kind with what is in it now, where it can hold what is no data. */
  now: () => unknown;
  /** Puts back what was in it. */
  undo: () => void;
}

function contentsOf(
  container: Container,
  deep: (items: Iterable<readonly [unknown, unknown]>) => void,
): Contents {
  const none = () => undefined;
  if (Array.isArray(container)) {
    const items = [...container];
    deep(items.entries());
    return { now: () => [...container], undo: () => container.splice(0, container.length, ...items) };
  }
  if (container instanceof Map) {
    const entries = [...container];
    deep(entries);
    deep(entries.map(([key]) => ["<key>", key]));
    const undo = () => {
      container.clear();
      for (const [key, item] of entries) container.set(key, item);
    };
    return { now: () => new Map(container), undo };
  }
  if (container instanceof Set) {
    const items = [...container];
    deep(items.map((item) => ["<item>", item]));
    const undo = () => {
      container.clear();
      for (const item of items) container.add(item);
    };
    return { now: () => new Set(container), undo };
  }
  if (container instanceof Date) {
    const time = container.getTime();
    return { now: none, undo: () => container.setTime(time) };
  }
  if (container instanceof RegExp) {
    const { lastIndex } = container;
    return { now: none, undo: () => void (container.lastIndex = lastIndex) };
  }
  const bytes = bytesOf(container);
  if (bytes !== null) {
    const kept = bytes.slice();
    return { now: none, undo: () => bytes.set(kept) };
  }
  const entries = Object.entries(container);
  deep(entries);
  const undo = () => {
    for (const key of Object.keys(container)) Reflect.deleteProperty(container, key);
    for (const [key, item] of entries) setOwn(container as Record<string, unknown>, key, item);
  };
  return { now: () => Object.defineProperties({}, Object.getOwnPropertyDescriptors(container)), undo };
}

/** The bytes of a buffer or a view themselves, or null. */
function bytesOf(container: object): Uint8Array | null {
  if (container instanceof ArrayBuffer) return new Uint8Array(container);
  if (!ArrayBuffer.isView(container)) return null;
  return new Uint8Array(container.buffer, container.byteOffset, container.byteLength);
}
