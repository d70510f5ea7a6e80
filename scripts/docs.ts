import { Application } from "typedoc";

// The API reference: dist/api. Fails where anything public has no docstring, or a link leads nowhere.
const app = await Application.bootstrap({
  name: "opsvi-agents",
  entryPoints: ["src/runtime/index.ts", "src/runtime/conformance.ts", "src/runtime/core/index.ts"],
  tsconfig: "src/runtime/tsconfig.json",
  out: "dist/api",
  readme: "none",
  excludePrivate: true,
  excludeExternals: true,
  disableSources: true,
  validation: { notExported: true, invalidLink: true, notDocumented: true },
  requiredToBeDocumented: [
    "Class",
    "Interface",
    "TypeAlias",
    "Function",
    "Variable",
    "Property",
    "Method",
    "Accessor",
    "Constructor",
  ],
  treatValidationWarningsAsErrors: true,
});
const project = await app.convert();
if (project !== undefined) {
  app.validate(project);
  await app.generateDocs(project, "dist/api");
}
if (project === undefined || app.logger.hasErrors() || app.logger.hasWarnings()) process.exitCode = 1;
