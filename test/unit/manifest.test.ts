import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  Commands,
  Containers,
  Contexts,
  LanguageModelTools,
  McpProviders,
  Panels,
  ProblemMatchers,
  RowContexts,
  Schemes,
  Settings,
  TaskTypes,
  Views,
} from "../../src/vscode/contributions.ts";
import { indexSettingIds } from "../../src/model/indexSettings.ts";
import { SELECTED_ROW } from "../../src/vscode/runs/meantRow.ts";
import { capabilityNames } from "../../src/runtime/core/dispatch.ts";

interface Item {
  command: string;
  when?: string;
  group?: string;
  category?: string;
  enablement?: string;
  icon?: string;
  args?: unknown;
}
interface Manifest {
  activationEvents: string[];
  capabilities: { untrustedWorkspaces: { supported: string; restrictedConfigurations: string[] } };
  contributes: {
    viewsContainers: Record<"activitybar" | "panel", { id: string; icon: string }[]>;
    views: Record<string, { id: string; icon: string; when?: string }[]>;
    viewsWelcome: { view: string; when: string; contents: string }[];
    commands: Item[];
    menus: Record<string, Item[]>;
    keybindings: Item[];
    taskDefinitions: { type: string; required: string[]; properties: Record<string, unknown> }[];
    problemMatchers: { name: string }[];
    languageModelTools: { name: string }[];
    mcpServerDefinitionProviders: { id: string }[];
    configuration: { properties: Record<string, { scope: string; properties?: Record<string, unknown> }> };
  };
}

const manifest = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;
const { commands, menus, keybindings, views, viewsContainers, viewsWelcome, configuration } =
  manifest.contributes;
const sorted = (values: Iterable<string>) => [...values].sort();

describe("The manifest and src/vscode/contributions.ts name the same", () => {
  it("commands, all in the category Agents", () => {
    expect(sorted(commands.map(({ command }) => command))).toEqual(sorted(Object.values(Commands)));
    expect(new Set(commands.map(({ category }) => category))).toEqual(new Set(["Agents"]));
  });

  it("containers and views", () => {
    const containers = [...viewsContainers.activitybar, ...viewsContainers.panel];
    expect(containers.map(({ id }) => id)).toEqual(Object.values(Containers));
    expect(Object.keys(views)).toEqual(Object.values(Containers));
    expect(Object.values(views).flatMap((list) => list.map(({ id }) => id))).toEqual(Object.values(Views));
  });

  it("types of tasks, and what reads their output", () => {
    const { taskDefinitions, problemMatchers } = manifest.contributes;
    expect(taskDefinitions.map(({ type }) => type)).toEqual(Object.values(TaskTypes));
    expect(problemMatchers.map(({ name }) => `$${name}`)).toEqual(Object.values(ProblemMatchers));
  });

  it("tools and servers for language models", () => {
    const { languageModelTools, mcpServerDefinitionProviders } = manifest.contributes;
    expect(mcpServerDefinitionProviders.map(({ id }) => id)).toEqual(Object.values(McpProviders));
    expect(languageModelTools.map(({ name }) => name)).toEqual(Object.values(LanguageModelTools));
  });

  it("settings", () => {
    expect(sorted(Object.keys(configuration.properties))).toEqual(sorted(Object.values(Settings)));
  });

  it("capabilities that settings may extend", () => {
    const { properties } = configuration.properties["opsviAgents.index.capabilities"] ?? {};
    expect(Object.keys(properties ?? {})).toEqual([...capabilityNames]);
    for (const id of Object.values(indexSettingIds)) {
      expect(configuration.properties[id]?.scope).toBe("resource");
    }
  });

  it("context keys, row contexts and schemes in the when clauses", () => {
    const clauses = [
      ...Object.values(menus).flat(),
      ...keybindings,
      ...viewsWelcome,
      ...Object.values(views).flat(),
      ...commands.map(({ enablement }) => ({ when: enablement })),
    ].map(({ when }) => when ?? "");
    const text = clauses.join(" ");
    const used = new Set([...text.matchAll(/opsviAgents\.\w+/g)].map(([key]) => key));
    expect(sorted(used)).toEqual(sorted([...Object.values(Contexts), ...Object.values(Views)]));
    const rows = new Set([...text.matchAll(/viewItem == ([\w.]+)/g)].map(([, row]) => row));
    for (const row of rows) expect(Object.values(RowContexts)).toContain(row);
    const runnable = [RowContexts.legacy, RowContexts.baseless, RowContexts.migrated, RowContexts.made];
    expect(runnable.filter((row) => !/^agent\./.test(row))).toEqual([]);
    for (const row of [RowContexts.browsed, RowContexts.adapter, RowContexts.notes])
      expect(row).not.toMatch(/^agent\./);
    const schemes = new Set(
      [...text.matchAll(/resourceScheme == (opsvi-[\w-]+)/g)].map(([, scheme]) => scheme ?? ""),
    );
    expect(sorted(schemes)).toEqual(
      sorted([Schemes.fork, Schemes.migration, Schemes.migrations, Schemes.task]),
    );
  });
});

describe("The manifest", () => {
  it("has keys of the Runs view say that the selected row is meant", () => {
    const keys = keybindings.filter(({ when = "" }) => when.includes(`focusedView == ${Views.runs}`));
    expect(keys.map(({ command, args }) => [command, args])).toEqual([
      [Commands.rerun, SELECTED_ROW],
      [Commands.stopRun, SELECTED_ROW],
      [Commands.discardRun, SELECTED_ROW],
    ]);
  });

  it("gives every command of the view's title and of a row's inline actions an icon", () => {
    const shown = [...(menus["view/title"] ?? []), ...(menus["view/item/context"] ?? [])].filter(
      ({ group = "" }) => /^(navigation|inline)/.test(group),
    );
    const icons = new Map(commands.map(({ command, icon }) => [command, icon]));
    expect(shown.length).toBeGreaterThan(7);
    for (const { command } of shown) expect(icons.get(command), command).toMatch(/^\$\([a-z-]+\)$/);
  });

  it("uses only declared commands in menus and welcome texts", () => {
    const used = [
      ...[...Object.values(menus).flat(), ...keybindings].map(({ command }) => command),
      ...viewsWelcome.flatMap(({ contents }) =>
        [...contents.matchAll(/\(command:(opsviAgents[\w.]+)\)/g)].map((match) => match[1] ?? ""),
      ),
    ];
    for (const command of used) expect(Object.values(Commands)).toContain(command);
  });

  it("activates for the languages agents are written in, and where there are records", () => {
    expect(manifest.activationEvents).toEqual([
      "onLanguage:typescript",
      "onLanguage:typescriptreact",
      "onLanguage:javascript",
      "onLanguage:javascriptreact",
      "workspaceContains:.proj-intel",
      "workspaceContains:**/*.agents.json",
      ...Object.values(Panels).map((panel) => `onWebviewPanel:${panel}`),
    ]);
  });

  it("lets no workspace choose what runs, and in which environment, before it is trusted", () => {
    expect(manifest.capabilities.untrustedWorkspaces.supported).toBe("limited");
    expect(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations).toEqual([
      ...[Settings.nodePath, Settings.setupFile, Settings.envFile, Settings.env],
    ]);
    expect(configuration.properties[Settings.nodePath]?.scope).toBe("machine-overridable");
  });

  it("names icons that exist", () => {
    const icons = [...viewsContainers.activitybar, ...Object.values(views).flat()].map(({ icon }) => icon);
    for (const icon of icons) expect(existsSync(icon)).toBe(true);
  });
});
