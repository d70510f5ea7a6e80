import { join, posix, relative, resolve } from "node:path";
import type { ClassFacts, ProjectFacts, Room, SiblingFile } from "../../migration/facts.ts";
import { mappedOptions } from "../../migration/mappedOptions.ts";
import { isWithin, type PackageFacts } from "../../migration/packageFacts.ts";
import { planAdapter } from "../../migration/planAdapter.ts";
import { refusals } from "../../migration/refusals.ts";
import { slashes } from "../../migration/runtimeImport.ts";
import type { VendoredForm } from "../../migration/vendored.ts";
import type { AgentRecord } from "../../model/agentRecord.ts";
import type { FileChange, PlanOptions, PlanRequest, PlanResult } from "../../model/migrationPlan.ts";
import { classFactsIn } from "./classFacts.ts";
import type { ConfigFacts } from "./compilerConfigs.ts";
import { inheritedConstructor } from "./inheritedConstructor.ts";
import { formatOf, importExtensionFor } from "./moduleFormat.ts";
import type { ParsedFiles } from "./parsedFiles.ts";
import { planUpdate } from "./planUpdate.ts";
import { planRewrite } from "./rewrite/planRewrite.ts";
import { siblingFile } from "./siblingFile.ts";
import { sourceFolder } from "./sourceFolder.ts";
import type { Surroundings } from "./surroundings.ts";
import { taskMethodOf } from "./taskMethod.ts";

export interface MigrationRequest extends PlanRequest {
  options: PlanOptions;
  /** Pass one along to plan many classes. */
  surroundings: Surroundings;
  /** The class as the index knows it. */
  record?: AgentRecord | undefined;
}

const sourceFile = /\.(?:[cm]?[jt]s|[jt]sx)$/i;

/** Plans the adapter of one class; writes nothing. A class that cannot be migrated is refused with the reason. */
export async function planMigration(request: MigrationRequest): Promise<PlanResult> {
  const result = await planned(request);
  if (result.status !== "ready") return result;
  const { surroundings, name } = request;
  for (const { path } of result.plan.changes) {
    if ((await surroundings.realPlace(path)) !== null) continue;
    return refuse(refusals.linkedChange(slashes(relative(surroundings.root, path)), name));
  }
  return result;
}

async function planned(request: MigrationRequest): Promise<PlanResult> {
  const { surroundings, name, record } = request;
  const root = resolve(surroundings.root);
  const file = resolve(root, request.file);
  const path = slashes(relative(root, file));
  const misplaced = await refusePlace(surroundings, file, path);
  if (misplaced !== null) return refuse(misplaced);
  const kind = record?.kind ?? "class";
  if (kind !== "class") return refuse(refusals[kind](name));
  const source = await surroundings.files.at(file);
  if (source === null) return refuse(refusals.missing(path));

  const packageFacts = await surroundings.packageOf(file);
  const { typeModule } = packageFacts;
  const config = surroundings.configs.factsOf(file, packageFacts.compilerMajor);
  if (config.built) return refuse(refusals.built(path));
  const { action } = request.options;
  const result = classFactsIn(source, { file: path, name, typeModule, adapted: action === "update" });
  if ("refused" in result) return refuse(result.refused);
  if (request.ifAgent && record === undefined) return refuse(refusals.noAgent(path, name));
  if ("migrated" in result) return { status: "migrated", reason: result.migrated };
  const constructed = await withConstructor(root, result.facts, record, surroundings.files);
  if ("refused" in constructed) return refuse(constructed.refused);
  const { facts } = constructed;
  const bases = record?.base_chain.map((base) => base.name) ?? [];
  const mapping = await surroundings.mappingOf([name, ...bases]);
  const isOther = request.method !== undefined && request.method !== (mapping.method ?? request.method);
  const about = {
    agentType: record?.agent_type ?? agentTypeOf(facts.label),
    // Arguments are those of one method.
    mapped: mappedOptions(isOther ? { ...mapping, arguments: undefined } : mapping),
    capabilities: record?.capabilities.map((each) => each.name),
  };
  if (action === "update") {
    const { adapterElsewhere, notMigrated } = refusals;
    const options = { ...about, method: mapping.method };
    const update = await planUpdate({ surroundings, file, path, source, facts, options });
    return update ?? refuse((record?.migrated === true ? adapterElsewhere : notMigrated)(name));
  }

  const project = await projectFacts(request, file, facts, packageFacts, config);
  if ("refused" in project) return refuse(project.refused);
  const place = await placeFor({ request, root, file, facts, project, config });
  if ("status" in place) return place;
  if (record?.migrated === true) return { status: "migrated", reason: refusals.migratedElsewhere(name) };
  const method = await taskMethodOf({
    ...{ name, own: facts.members, record, given: request.method, mapped: mapping.method, surroundings },
  });
  if ("refused" in method) return refuse(method.refused);
  if ("choice" in method) return { status: "choice", ...method.choice };
  const none = new Map<string, string>();
  const bundle = project.dependency ? none : await surroundings.vendorFiles("bundle");
  const typescript = project.source === null ? none : await surroundings.vendorFiles("source");
  const input = {
    ...{ root, file, text: source.text, facts, project, place },
    options: { ...about, ...method },
    vendorFiles: (form: VendoredForm) => (form === "bundle" ? bundle : typescript),
  };
  return action === "rewrite" ? planRewrite(input, { path, ...surroundings.sources }) : planAdapter(input);
}

const refuse = (reason: string): PlanResult => ({ status: "refused", reason });

async function refusePlace(surroundings: Surroundings, file: string, path: string): Promise<string | null> {
  if (!isWithin(surroundings.root, file)) return refusals.outside(path);
  if (/\.(?:vue|svelte)$/i.test(path)) return refusals.component(path);
  if (!sourceFile.test(path)) return refusals.language(path);
  if (/\.d\.(?:[^./]+\.)?[cm]?ts$/i.test(path)) return refusals.declarations(path);
  if (/(?:^|\/)node_modules\//.test(path)) return refusals.dependency(path);
  if (/^(?:dist|build|out|\.next|coverage)\/|\.min\.[cm]?js$/.test(path)) return refusals.built(path);
  if (await surroundings.isVendored(file)) return refusals.vendored(path);
  const place = await surroundings.realPlace(file);
  if (place === null) return refusals.linkedOut(path);
  // What stands there imports from its own folder.
  return posix.dirname(place).toLowerCase() === posix.dirname(path).toLowerCase()
    ? null
    : refusals.linked(path, place);
}

/** With what a base class says of the constructor, where the class has none of its own. */
async function withConstructor(
  root: string,
  facts: ClassFacts,
  record: AgentRecord | undefined,
  files: ParsedFiles,
): Promise<{ facts: ClassFacts } | { refused: string }> {
  if (facts.signatures > 0 || record === undefined) return { facts };
  const inherited = await inheritedConstructor(root, record, files);
  if (inherited === null) return { facts };
  const { owner, visibility, signatures } = inherited;
  return visibility === null
    ? { facts: { ...facts, signatures } }
    : { refused: refusals.hiddenConstructor(facts.name, owner, visibility) };
}

async function projectFacts(
  { surroundings, options }: MigrationRequest,
  file: string,
  facts: ClassFacts,
  packageFacts: PackageFacts,
  config: ConfigFacts,
): Promise<ProjectFacts | { refused: string }> {
  const { home, typeModule } = packageFacts;
  const path = config.config === null ? "" : slashes(relative(surroundings.root, config.config));
  const typescript = facts.language === "typescript";
  if (config.es5 && (typescript || config.included)) return { refused: refusals.target(path) };
  const format = formatOf(file, facts, packageFacts, config);
  if (format !== "esm" && format !== "commonjs") return { refused: refusals.moduleFormat(path, format) };
  const manifest = await manifestChange(surroundings, options, packageFacts);
  if (manifest !== null && "refused" in manifest) return manifest;
  const { output } = config;
  return {
    home,
    dependency: packageFacts.dependency || manifest !== null,
    manifest: manifest?.change ?? null,
    format,
    typeModule,
    importExtension: importExtensionFor(facts, format, packageFacts, config),
    emitted: output !== null && config.config !== null ? { path: output.path, config: config.config } : null,
    bundle: await surroundings.vendoredFolder(home, "bundle"),
    source: await sourceFolder(surroundings, file, packageFacts, config),
  };
}

/** What has to be done to package.json where the runtime is to be a dependency; null where it is vendored or there already. */
async function manifestChange(
  { root, readText, version }: Surroundings,
  options: PlanOptions,
  { home, dependency }: PackageFacts,
): Promise<{ change: FileChange | null } | { refused: string } | null> {
  if (dependency || options.runtime === "vendored") return null;
  const path = join(home, "package.json");
  const name = slashes(relative(root, path));
  const before = await readText(path);
  if (before === null) return { refused: refusals.noManifest(name) };
  const { withDependency } = await import("../../migration/manifest.ts");
  const edits = withDependency(before, version);
  if (edits === null) return { refused: refusals.brokenManifest(name) };
  return { change: edits.length === 0 ? null : { path, before, edits } };
}

interface PlaceInput {
  request: MigrationRequest;
  root: string;
  file: string;
  facts: ClassFacts;
  project: ProjectFacts;
  config: ConfigFacts;
}

/** Where the adapter goes: as the team wants it where that can be, else where there is room; or what stands against all. */
async function placeFor(input: PlaceInput): Promise<Room | SiblingFile | PlanResult> {
  const { request, root, file, facts, project, config } = input;
  const { reach, language, name } = facts;
  // What TypeScript assigns to module.exports nobody can import with its type, and ES modules have no such thing.
  const mixed =
    language === "typescript" &&
    !("refused" in facts.room) &&
    facts.room.exportAt !== null &&
    project.format === "esm";
  const room = mixed ? { refused: refusals.mixedExports(slashes(relative(root, file))) } : facts.room;
  if (reach === null) return "refused" in room ? refuse(room.refused) : room;
  const { files } = request.surroundings;
  const taken = await request.surroundings.namesBeside(file);
  const found = await siblingFile({ file, reach, files, taken });
  if ("adapter" in found) {
    const { adapter } = found;
    const path = slashes(relative(root, adapter.path));
    return { status: "migrated", reason: refusals.migratedBeside(name, adapter.name, path) };
  }
  const wanted = request.options.placement === "sibling-file";
  if (!wanted && !("refused" in room)) return room;
  const against =
    reach.types.parameters === null
      ? refusals.keptTypes(name)
      : reach.form === "import=" && config.verbatim
        ? refusals.importEquals(slashes(relative(root, config.config ?? "")))
        : null;
  if (against === null) return found.place;
  return "refused" in room ? refuse(against) : room;
}

/** `MarketResearchAgent` → `market_research`; the index knows better. */
function agentTypeOf(name: string): string {
  const words = name.replace(/Agent$/, "").replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, "_");
  return words.toLowerCase() || "agent";
}
