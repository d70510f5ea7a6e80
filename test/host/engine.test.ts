import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { RunService } from "../../src/runs/runService.ts";
import { Slots } from "../../src/runs/slots.ts";
import { engineCases } from "../queue/engineCases.ts";
import { dist } from "./workspace.ts";

engineCases({
  name: "local",
  async open({ files, atATime, agentLimits }) {
    const root = await realpath(await mkdtemp(join(tmpdir(), "engine-")));
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    }
    const service = new RunService({
      ...{ hostFile: join(dist, "agentHost.cjs"), nodePath: process.execPath, agentLimits },
      slots: atATime === undefined ? undefined : new Slots(atATime),
    });
    return {
      ...{ service, root },
      async close() {
        await service.dispose();
        await rm(root, { recursive: true, force: true, maxRetries: 5 });
      },
    };
  },
});
