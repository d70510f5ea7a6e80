import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Analysis, type Findings } from "../../../src/indexer/analysis.ts";
import { Closure } from "../../../src/indexer/closure.ts";
import { ModuleResolver } from "../../../src/indexer/moduleResolver.ts";
import { Pause } from "../../../src/indexer/pause.ts";
import { Readers } from "../../../src/indexer/readers.ts";
import { Rules } from "../../../src/indexer/rules.ts";
import { scan, type FileFacts } from "../../../src/indexer/scan.ts";
import { Sources } from "../../../src/indexer/sources.ts";
import { noSettings } from "../../../src/model/indexSettings.ts";
import { Typings } from "../../../src/indexer/typings.ts";
import { textsOf } from "./generated.ts";
import { never } from "./project.ts";

/** Has every file parsed and every class judged, whatever the text says. */
class EverythingMatters extends Sources {
  override get facts(): ReadonlyMap<string, FileFacts> {
    const matters = { ...scan(""), tagged: true, classes: [{ name: "AnyAgent", bases: [] }] };
    return new Map([...super.facts.keys()].map((path) => [path, matters]));
  }
}

function analysis(sources: Sources, texts: ReadonlyMap<string, string>): Promise<Findings> {
  for (const [path, content] of texts) {
    sources.setUnsaved(path, content);
    sources.read(path);
  }
  const resolver = new ModuleResolver(
    "/nowhere",
    sources.has,
    new Set(),
    new Typings("/nowhere", sources.has),
  );
  const analysed = new Analysis(sources, resolver, new Rules(noSettings));
  return analysed.run(new Readers(null), new Pause(never), () => undefined);
}

/** Nearly all agents are hidden behind names that do not tell. */
const text = textsOf(
  ["Worker", "Helper", "Worker", "Helper", "SeedAgent"],
  ["./a", "./b", "./c.js", "packaged"],
);

describe("the pass over texts", () => {
  it("misses no class that parsing every file would find", { timeout: 60_000 }, async () => {
    const project = fc.uniqueArray(fc.tuple(fc.constantFrom("a.ts", "b.js", "c.ts"), text), {
      selector: ([path]) => path,
      minLength: 2,
    });
    await fc.assert(
      fc.asyncProperty(project, async (entries) => {
        const texts = new Map(entries);
        const quick = await analysis(new Sources("/nowhere"), texts);
        const thorough = await analysis(new EverythingMatters("/nowhere"), texts);
        expect({ ...quick, notes: [] }).toEqual({ ...thorough, notes: [] });
      }),
      { numRuns: 400 },
    );
  });

  it("names only the files it must", () => {
    const texts = {
      "base.ts": "export class BaseAgent {}",
      "barrel.ts": 'export { BaseAgent as Root } from "./base";',
      "child.ts": 'import { Root } from "./barrel";\nclass Child extends Root {}',
      "other.ts":
        'import { Agent } from "x";\nexport class Unrelated extends Map {}\nconst agent = new Agent();',
      "view.ts": "export class View extends Component {}",
    };
    const closure = new Closure(() => null, new Rules(noSettings));
    for (const [path, content] of Object.entries(texts)) closure.set(path, scan(content));
    expect([...closure.reached().paths].sort()).toEqual(["base.ts", "child.ts"]);
  });
});
