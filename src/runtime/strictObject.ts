import * as z from "zod";

/** What a value that people write has to be, as the end of a sentence. */
export const is = (what: string) => ({ error: `it must be ${what}` });

/** A key that is none of these is most likely a mistyped one. */
export const strictObject = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? `there is no field ${issue.keys.map((key) => `"${key}"`).join(", ")}, only ${Object.keys(shape).join(", ")}`
        : "it must be an object",
  });
