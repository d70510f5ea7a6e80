import { EventEmitter } from "node:events";

export interface Release {
  service: string;
  version: string;
}

interface DeploymentEvents {
  stage: [name: string];
  deployed: [release: Release];
}

const stages = ["build", "canary", "rollout", "verify"];

/** Reports its stages as events; the deployment dashboard listens to them. */
export class DeploymentAgent extends EventEmitter<DeploymentEvents> {
  private current: Release | null = null;

  initialize(): void {
    this.current = null;
  }

  executeTask(release: Release): { deployed: string; previous: string | null } {
    for (const stage of stages) this.emit("stage", stage);
    const previous = this.current?.version ?? null;
    this.current = release;
    this.emit("deployed", release);
    return { deployed: `${release.service}@${release.version}`, previous };
  }
}
