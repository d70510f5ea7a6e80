import assert from "node:assert/strict";
import * as vscode from "vscode";

describe("the extension", () => {
  it("is there and activates", async () => {
    const extension = vscode.extensions.getExtension("opsvi.opsvi-agents");
    assert.ok(extension, "opsvi.opsvi-agents is not among the extensions");
    await extension.activate();
    assert.ok(extension.isActive);
  });
});
