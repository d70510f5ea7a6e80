import { executionMethod } from "../core/dispatch.ts";

/** What is known of a class; `role` and `evidence` where whoever made the index judged it. */
interface Candidate {
  readonly role: string | null | undefined;
  readonly evidence: readonly string[];
  readonly bases: readonly string[];
  readonly methods: readonly string[];
}

/** Bases that say what a class is, by their last name. */
const kinds: readonly (readonly [RegExp, string])[] = [
  [/(Error|Exception|Warning)$/, "an exception"],
  [/^(Int|Str)?Enum$|^(Int)?Flag$/, "an enum"],
  [/^Protocol$/, "a protocol"],
  [/^(TypedDict|NamedTuple)$/, "a data type"],
  [/TestCase$/, "a test"],
];
const model = /^.*BaseModel$|^BaseSettings$/;
/** Bases that give a class no methods. */
const empty = /^(ABC|Generic|object|Object)$/;

/** Why a class is no agent, or null where it may be one. */
export function whyNoAgent({ role, evidence, bases, methods }: Candidate): string | null {
  if (role === "not") return evidence.length === 0 ? "the index says that it is none" : evidence.join("; ");
  if (typeof role === "string") return null;
  // "enum.Enum", "Generic[T]"
  const names = bases.map((base) => base.replace(/[[<(].*$/s, "").replace(/^.*\./s, ""));
  for (const [pattern, kind] of kinds) {
    const base = names.find((name) => pattern.test(name));
    if (base !== undefined) return `it is ${kind}: it extends ${base}`;
  }
  const data = names.find((name) => model.test(name));
  // Some agents are models too.
  if (data !== undefined && executionMethod(methods) === null)
    return `it is a data model: it extends ${data}`;
  if (methods.length === 0 && names.every((name) => empty.test(name))) return "it has no methods";
  return null;
}
