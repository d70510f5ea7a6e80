import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { editorSchemas } from "../../scripts/editorSchemas.ts";

interface Manifest {
  contributes: { jsonValidation: { fileMatch: string; url: string }[] };
}

const read = (file: string): unknown => JSON.parse(readFileSync(file, "utf8"));

it.each(editorSchemas())("%s says what the code reads; npm run schemas writes it anew", (file, schema) => {
  expect(read(file)).toEqual(schema);
});

it("The manifest names them all", () => {
  const { jsonValidation } = (read("package.json") as Manifest).contributes;
  expect(jsonValidation.map(({ url }) => url)).toEqual(editorSchemas().map(([file]) => `./${file}`));
});
