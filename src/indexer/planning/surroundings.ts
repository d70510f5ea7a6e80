import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { VendoredFolder } from "../../migration/facts.ts";
import { isVendored, packageFacts, vendoredFolder, type PackageFacts } from "../../migration/packageFacts.ts";
import { readCore } from "../../migration/readCore.ts";
import { vendoredFiles, type VendoredForm } from "../../migration/vendored.ts";
import { realPlace } from "../../migration/writablePath.ts";
import { readAdapterMapping } from "../../runtime/adapterMapping/read.ts";
import type { AdapterMapping, ClassMapping } from "../../runtime/core/index.ts";
import type { Library } from "../library.ts";
import { CompilerConfigs } from "./compilerConfigs.ts";
import { ParsedFiles, type ReadText } from "./parsedFiles.ts";
import { stemOf } from "./siblingFile.ts";

/** What many classes of a folder share: each fact is looked up once. Serves as long as nothing is written. */
export class Surroundings {
  readonly root: string;
  /** Of the library. */
  readonly version: string;
  readonly readText: ReadText;
  readonly files: ParsedFiles;
  readonly configs = new CompilerConfigs();
  readonly #library: Library;
  readonly #known = new Map<string, Promise<unknown>>();

  constructor(root: string, readText: ReadText, library: Library) {
    this.root = root;
    this.readText = readText;
    this.files = new ParsedFiles(readText);
    this.#library = library;
    this.version = library.version;
  }

  /** Where texts come from: the folder's, and the library's. */
  get sources(): { readText: ReadText; coreDir: string } {
    return { readText: this.readText, coreDir: this.#library.coreDir };
  }

  packageOf(file: string): Promise<PackageFacts> {
    return this.#once(`package ${dirname(file)}`, () => packageFacts(this.root, file));
  }

  isVendored(file: string): Promise<boolean> {
    return this.#once(`vendored ${dirname(file)}`, () => isVendored(file));
  }

  vendoredFolder(home: string, form: VendoredForm): Promise<VendoredFolder> {
    return this.#once(`${form} ${home}`, () => vendoredFolder(home, form));
  }

  /** Where a path leads to in the folder; null where that is out of it. */
  realPlace(path: string): Promise<string | null> {
    return this.#once(`place ${path}`, () => realPlace(this.root, path));
  }

  /** The names in the folder of a file, without extension. */
  namesBeside(file: string): Promise<ReadonlySet<string>> {
    const folder = dirname(file);
    return this.#once(`names ${folder}`, async () => {
      const names = await readdir(folder).catch((): string[] => []);
      return new Set(names.map(stemOf));
    });
  }

  vendorFiles(form: VendoredForm): Promise<ReadonlyMap<string, string>> {
    const { coreDir, version } = this.#library;
    return this.#once(`files ${form}`, async () => vendoredFiles(form, await readCore(coreDir), version));
  }

  /** What `.proj-intel/adapters.json` says of a class, field by field: of the nearest of these names, its own first. */
  async mappingOf(names: readonly string[]): Promise<ClassMapping> {
    const mapping = await this.#once("mapping", () => Promise.resolve(readMapping(this.root)));
    const entries = names.flatMap((name) => (Object.hasOwn(mapping, name) ? (mapping[name] ?? []) : []));
    return Object.assign({}, ...entries.toReversed()) as ClassMapping;
  }

  #once<T>(key: string, find: () => Promise<T>): Promise<T> {
    const known = this.#known.get(key) as Promise<T> | undefined;
    if (known !== undefined) return known;
    const found = find();
    this.#known.set(key, found);
    return found;
  }
}

/** A file with mistakes says nothing; who runs agents by it is told what they are. */
function readMapping(root: string): AdapterMapping {
  try {
    return readAdapterMapping(join(root, ".proj-intel"));
  } catch {
    return {};
  }
}
