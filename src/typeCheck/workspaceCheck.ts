import { existsSync } from "node:fs";
import { dirname } from "node:path";
import type { Diagnostic } from "typescript";
import type { CheckedProject, TypeCheckReport, TypeProblem } from "../model/typeCheck.ts";
import { ApiProject } from "./apiProject.ts";
import { Compilers, type Api, type FoundCompiler, type OwnCompiler } from "./compilers.ts";
import { Configs } from "./configs.ts";
import { Places } from "./places.ts";
import { runTsc } from "./runTsc.ts";
import { SourceFiles } from "./sourceFiles.ts";
import { parseTscOutput } from "./tscOutput.ts";

/** Checks the projects of files, and remembers them for the next time. */
export class WorkspaceCheck {
  readonly #compilers: Compilers;
  readonly #sources = new Map<Api, SourceFiles>();
  /** By configuration. */
  readonly #projects = new Map<string, ApiProject>();

  constructor(own: OwnCompiler) {
    this.#compilers = new Compilers(own);
  }

  async check(
    root: string,
    files: readonly string[],
    onProgress: (done: number, total: number) => void,
  ): Promise<TypeCheckReport> {
    const places = new Places(root);
    const configs = new Configs((folder) => this.#apiFor(folder));
    const byConfig = new Map<string, string[]>();
    const unchecked: string[] = [];
    for (const file of new Set(files.map((path) => places.resolved(path)))) {
      if (!existsSync(file)) continue;
      const config = this.#governing(configs, file);
      if (config === null) unchecked.push(places.relative(file));
      else byConfig.set(config, [...(byConfig.get(config) ?? []), file]);
    }
    const projects: CheckedProject[] = [];
    for (const [config, asked] of byConfig) {
      onProgress(projects.length, byConfig.size);
      projects.push(await this.#checkProject(config, asked, configs, places));
    }
    onProgress(byConfig.size, byConfig.size);
    return { projects, unchecked };
  }

  /** The configuration that lists the file, else the nearest if its program reads the file all the same. */
  #governing(configs: Configs, file: string): string | null {
    const listing = configs.listing(file);
    if (listing !== null) return listing;
    const nearest = configs.nearest(file);
    const parsed = nearest === null ? null : configs.parse(nearest);
    if (nearest === null || parsed === null) return null;
    return this.#projectOf(nearest).includes(parsed, file) ? nearest : null;
  }

  async #checkProject(
    config: string,
    files: readonly string[],
    configs: Configs,
    places: Places,
  ): Promise<CheckedProject> {
    const startedAt = performance.now();
    const { version, origin, api, tsc } = this.#compilers.of(dirname(config));
    const parsed = configs.parse(config);
    const relative = (path: string) => places.relative(path);
    const problems =
      api === null
        ? parseTscOutput(await runTsc(tsc, config, places.root), relative)
        : parsed === null
          ? []
          : this.#projectOf(config)
              .check(parsed, files)
              .flatMap((diagnostic) => toProblem(api, diagnostic, relative));
    return {
      config: places.relative(config),
      compiler: { version, origin },
      problems,
      durationMs: Math.round(performance.now() - startedAt),
    };
  }

  #projectOf(config: string): ApiProject {
    const known = this.#projects.get(config);
    if (known !== undefined) return known;
    const { api, libraries } = this.#withApi(dirname(config));
    const sources = this.#sources.get(api) ?? new SourceFiles(api);
    this.#sources.set(api, sources);
    const project = new ApiProject(api, sources, libraries);
    this.#projects.set(config, project);
    return project;
  }

  #apiFor(folder: string): Api {
    return this.#withApi(folder).api;
  }

  /** Ours finds the way where the project's own has no API. */
  #withApi(folder: string): FoundCompiler & { api: Api } {
    const { api, ...found } = this.#compilers.of(folder);
    if (api !== null) return { ...found, api };
    return this.#compilers.ours as FoundCompiler & { api: Api };
  }
}

/** Errors only; suggestions and messages are none. */
function toProblem(api: Api, diagnostic: Diagnostic, relative: (path: string) => string): TypeProblem[] {
  const { file, start, code, category, messageText } = diagnostic;
  if (category !== api.DiagnosticCategory.Error) return [];
  const message = api.flattenDiagnosticMessageText(messageText, "\n");
  if (file === undefined) return [{ path: null, line: 0, character: 0, code, message }];
  const place = api.getLineAndCharacterOfPosition(file, start ?? 0);
  return [
    { path: relative(file.fileName), line: place.line + 1, character: place.character + 1, code, message },
  ];
}
