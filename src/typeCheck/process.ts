import { createRequire } from "node:module";
import { join } from "node:path";
import { createBirpc } from "birpc";
import { overProcess } from "../model/channel.ts";
import type { Api } from "./compilers.ts";
import type { CheckEvents, CheckFunctions } from "./protocol.ts";
import { WorkspaceCheck } from "./workspaceCheck.ts";

const workspace = new WorkspaceCheck({
  api: () => (createRequire(__filename)("./compiler.cjs") as { ts: Api }).ts,
  libraries: join(__dirname, "typescript"),
});
let last: Promise<unknown> = Promise.resolve();

const functions: CheckFunctions = {
  check(root, files) {
    const next = last.then(() =>
      workspace.check(root, files, (done, total) => void client.progress(done, total)),
    );
    last = next.catch(() => undefined);
    return next;
  },
};

const client = createBirpc<CheckEvents, CheckFunctions>(functions, {
  ...overProcess(process),
  eventNames: ["progress"],
});

// A `tsc` that runs belongs to the process group.
process.on("disconnect", () =>
  process.kill(process.platform === "win32" ? process.pid : -process.pid, "SIGKILL"),
);
