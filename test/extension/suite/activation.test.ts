import assert from "node:assert/strict";
import * as vscode from "vscode";
import { Commands } from "../../../src/vscode/contributions.ts";
import { api } from "./support.ts";

describe("activation", () => {
  it("registers every command and starts no indexer", async () => {
    const { index } = await api();
    assert.equal(index.started, false);
    const known = await vscode.commands.getCommands(true);
    for (const command of Object.values(Commands)) assert.ok(known.includes(command), command);
  });
});
