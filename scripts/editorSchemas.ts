import * as z from "zod";
import { McpFile } from "../src/model/mcpFile.ts";
import { Pipeline } from "../src/model/pipeline.ts";
import { AdaptersFile } from "../src/runtime/adapterMapping/schema.ts";

/** By the file that the manifest names. */
const schemas = {
  "schemas/pipeline.schema.json": Pipeline,
  "schemas/mcp.schema.json": McpFile,
  "schemas/adapters.schema.json": AdaptersFile,
};

/** What editors check and complete checked-in files by, as JSON Schema. */
export const editorSchemas = (): [file: string, schema: object][] =>
  Object.entries(schemas).map(([file, schema]) => [
    file,
    z.toJSONSchema(schema, { io: "input", target: "draft-7", unrepresentable: "any" }),
  ]);
