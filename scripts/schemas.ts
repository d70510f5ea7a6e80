import { mkdir, writeFile } from "node:fs/promises";
import { format, resolveConfig } from "prettier";
import { editorSchemas } from "./editorSchemas.ts";

await mkdir("schemas", { recursive: true });
for (const [file, schema] of editorSchemas())
  await writeFile(
    file,
    await format(JSON.stringify(schema), { ...(await resolveConfig(file)), parser: "json" }),
  );
