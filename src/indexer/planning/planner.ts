import { extname, join, relative, resolve } from "node:path";
import type { ClassFacts, ProjectFacts } from "../../migration/facts.ts";
import { isVendored, isWithin, packageFacts, vendoredFolder } from "../../migration/packageFacts.ts";
import type { PackageFacts } from "../../migration/packageFacts.ts";
import { withDependency } from "../../migration/manifest.ts";
import { planAdapter } from "../../migration/planAdapter.ts";
import { readCore } from "../../migration/readCore.ts";
import { refusals } from "../../migration/refusals.ts";
import { slashes } from "../../migration/runtimeImport.ts";
import { vendoredFiles, type VendoredForm } from "../../migration/vendored.ts";
import type { AgentRecord } from "../../model/agentRecord.ts";
import type { FileChange, PlanOptions, PlanRequest, PlanResult } from "../../model/migrationPlan.ts";
import { classFacts } from "./classFacts.ts";
import { hiddenBaseConstructor } from "./baseConstructors.ts";
import { planUpdate } from "./planUpdate.ts";
import { planRewrite } from "./rewrite/planRewrite.ts";
import { sourceFolder } from "./sourceFolder.ts";
import { CompilerConfigs, type ConfigFacts } from "./compilerConfigs.ts";

export interface MigrationRequest extends PlanRequest {
  /** Absolute, like `file`. */
  root: string;
  options: PlanOptions;
  /** The text of a file as the user sees it, unsaved edits included; null where it cannot be read. */
  readText: (path: string) => string | null | Promise<string | null>;
  /** The folder of the library's core bundle. */
  coreDir: string;
  /** Of the library. */
  version: string;
  /** The class as the index knows it. */
  record?: AgentRecord | undefined;
  /** Pass one along to plan many classes: each configuration is read once. */
  configs?: CompilerConfigs;
}

const sourceFile = /\.(?:[cm]?[jt]s|[jt]sx)$/i;

/** Plans the adapter of one class; writes nothing. A class that cannot be migrated is refused with the reason. */
export async function planMigration(request: MigrationRequest): Promise<PlanResult> {
  const root = resolve(request.root);
  const file = resolve(root, request.file);
  const path = slashes(relative(root, file));
  const misplaced = await refusePlace(root, file, path);
  if (misplaced !== null) return refuse(misplaced);
  const kind = request.record?.kind ?? "class";
  if (kind !== "class") return refuse(refusals[kind](request.name));
  const text = await request.readText(file);
  if (text === null) return refuse(refusals.missing(path));

  const facts = await packageFacts(root, file);
  const configs = request.configs ?? new CompilerConfigs();
  const config = configs.factsOf(file, facts.compilerMajor);
  const configPath = config.config === null ? "" : slashes(relative(root, config.config));
  if (config.built) return refuse(refusals.built(path));
  const { typeModule } = facts;
  const updates = request.options.action === "update";
  const result = classFacts({ file: path, text, name: request.name, typeModule, adapted: updates });
  if ("refused" in result) return refuse(result.refused);
  if ("migrated" in result) return { status: "migrated", reason: result.migrated };
  const { record } = request;
  if (record?.migrated === true && !updates)
    return { status: "migrated", reason: refusals.migratedElsewhere(request.name) };
  const hidden = await hiddenBaseConstructor(root, record, request.readText);
  if (hidden !== null)
    return refuse(refusals.hiddenConstructor(request.name, hidden.owner, hidden.visibility));
  const options = {
    agentType: record?.agent_type ?? agentTypeOf(request.name),
    capabilities: record?.capabilities.map(({ name }) => name),
  };
  if (updates) {
    const { adapterElsewhere, notMigrated } = refusals;
    const update = await planUpdate({ root, file, path, text, facts: result.facts, options });
    return update ?? refuse((record?.migrated === true ? adapterElsewhere : notMigrated)(request.name));
  }

  const typescript = result.facts.language === "typescript";
  if (config.es5 && (typescript || config.included)) return refuse(refusals.target(configPath));
  const format = formatOf(file, result.facts, facts, config);
  if (format !== "esm" && format !== "commonjs") return refuse(refusals.moduleFormat(configPath, format));
  const manifest = await manifestChange(request, facts);
  if (manifest !== null && "refused" in manifest) return refuse(manifest.refused);
  const dependency = facts.dependency || manifest !== null;
  const project: ProjectFacts = {
    home: facts.home,
    dependency,
    manifest: manifest?.change ?? null,
    format,
    typeModule,
    emitted:
      config.output !== null && config.config !== null
        ? { path: config.output.path, config: config.config }
        : null,
    bundle: await vendoredFolder(facts.home, "bundle"),
    source: await sourceFolder(root, file, facts, config),
  };
  const core = dependency ? null : await readCore(request.coreDir);
  const vendorFiles = (form: VendoredForm) =>
    core === null ? new Map<string, string>() : vendoredFiles(form, core, request.version);
  const input = { root, file, text, facts: result.facts, project, options, vendorFiles };
  return request.options.action === "rewrite"
    ? planRewrite(input, { path, coreDir: request.coreDir, readText: request.readText })
    : planAdapter(input);
}

/** What has to be done to package.json where the runtime is to be a dependency; null where it is vendored or there already. */
async function manifestChange(
  { root, options, readText, version }: MigrationRequest,
  { home, dependency }: PackageFacts,
): Promise<{ change: FileChange | null } | { refused: string } | null> {
  if (dependency || options.runtime === "vendored") return null;
  const path = join(home, "package.json");
  const name = slashes(relative(root, path));
  const before = await readText(path);
  if (before === null) return { refused: refusals.noManifest(name) };
  const edits = withDependency(before, version);
  if (edits === null) return { refused: refusals.brokenManifest(name) };
  return { change: edits.length === 0 ? null : { path, before, edits } };
}

const refuse = (reason: string): PlanResult => ({ status: "refused", reason });

async function refusePlace(root: string, file: string, path: string): Promise<string | null> {
  if (!isWithin(root, file)) return refusals.outside(path);
  if (/\.(?:vue|svelte)$/i.test(path)) return refusals.component(path);
  if (!sourceFile.test(path)) return refusals.language(path);
  if (/\.d\.(?:[^./]+\.)?[cm]?ts$/i.test(path)) return refusals.declarations(path);
  if (/(?:^|\/)node_modules\//.test(path)) return refusals.dependency(path);
  if (/^(?:dist|build|out|\.next|coverage)\/|\.min\.[cm]?js$/.test(path)) return refusals.built(path);
  return (await isVendored(file)) ? refusals.vendored(path) : null;
}

/** The module format in which the file is loaded at last. */
function formatOf(
  file: string,
  { language, syntax }: ClassFacts,
  { typeModule, jest }: PackageFacts,
  { module, included }: ConfigFacts,
): "esm" | "commonjs" | "amd" | "umd" | "system" {
  const extension = extname(file).toLowerCase();
  if (extension === ".mts" || extension === ".mjs") return "esm";
  if (extension === ".cts" || extension === ".cjs" || syntax === "commonjs") return "commonjs";
  const compiled = language === "typescript" || included ? module : null;
  if (compiled === "package") return typeModule ? "esm" : "commonjs";
  if (compiled !== null && compiled !== "esm") return compiled;
  return jest && !typeModule ? "commonjs" : "esm";
}

/** `MarketResearchAgent` → `market_research`; the index knows better. */
function agentTypeOf(name: string): string {
  const words = name.replace(/Agent$/, "").replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, "_");
  return words.toLowerCase() || "agent";
}
