import { readFileSync } from "node:fs";
import * as z from "zod";

/** True answers of one repository, as checked by hand. */
export const Truth = z.object({
  repo: z.string(),
  commit: z.string(),
  classes: z.array(
    z.object({
      file_path: z.string(),
      lineno: z.number(),
      end_line: z.number(),
      name: z.string(),
      exported: z.string().nullable(),
      abstract: z.boolean(),
      extends: z.string().nullable(),
      base_chain: z.array(
        z.object({
          name: z.string(),
          file_path: z.string().nullish(),
          module: z.string().nullish(),
        }),
      ),
      methods: z.array(z.object({ name: z.string(), lineno: z.number(), async: z.boolean() })),
      role: z.enum(["agent", "orchestrator", "not"]),
      test: z.boolean(),
      /** Of an agent: its code hands work to others, whether or not their class can be seen. */
      orchestrates: z.boolean(),
      why: z.string(),
    }),
  ),
});
export type Truth = z.infer<typeof Truth>;
export type TrueClass = Truth["classes"][number];

export const readTruth = (path: string): Truth => Truth.parse(JSON.parse(readFileSync(path, "utf8")));
