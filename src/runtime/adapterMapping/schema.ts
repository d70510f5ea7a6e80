import * as z from "zod";
import { argumentProblem } from "../core/adapter/mapped.ts";
import type { ArgumentSource } from "../core/index.ts";
import { is, strictObject } from "../strictObject.ts";

/** The newest `version` of the file that this library reads. */
export const mappingVersion = 1;

/** Nobody's method or field; what has such a name would be found on every object. */
const reserved = new Set(["constructor", "__proto__", "prototype"]);
const name = (what: string) =>
  z
    .string(is(what))
    .min(1, is(what))
    .refine((text) => !reserved.has(text), { error: `it must not be ${[...reserved].join(", ")}` });
const method = name("the name of a method");

const argument = z.custom<ArgumentSource>((source) => argumentProblem(source) === null, {
  error: ({ input }) => argumentProblem(input),
});

const snapshotForms = '{"get": METHOD, "set": METHOD}, {"fields": [NAME, …]} or null';
const snapshot = z.union(
  [
    z.strictObject({ get: method, set: method }),
    z.strictObject({ fields: z.array(name("the name of a field")) }),
  ],
  is(snapshotForms),
);

const constant = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const failedWhen = z.union(
  [z.literal("reported"), z.strictObject({ field: z.string().min(1), equals: constant })],
  is('"reported", {"field": PATH, "equals": TEXT, NUMBER, true, false or null} or null'),
);

const fields = {
  method: method.optional(),
  arguments: z
    .array(argument, is("a list of arguments, or null"))
    .refine((sources) => sources.filter((source) => source === "callback").length < 2, {
      error: 'it must hold at most one "callback"',
    })
    .nullable()
    .optional(),
  init: name("the name of a method, or null").nullable().optional(),
  close: name("the name of a method, or null").nullable().optional(),
  snapshot: snapshot.nullable().optional(),
  failedWhen: failedWhen.nullable().optional(),
};

/** The file `.proj-intel/adapters.json`. */
export const AdaptersFile = strictObject({
  version: z.literal(mappingVersion, is(String(mappingVersion))),
  classes: z.record(z.string(), strictObject(fields), is("an object with a class name for each key")),
});

/** A version alone, of this or a newer file. */
export const VersionedFile = z.looseObject(
  { version: z.int(is("a number")) },
  { error: "it must be an object" },
);
