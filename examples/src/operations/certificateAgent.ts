import { AgentError } from "../core/agentError";

/** Renews certificates. The account it uses was closed last spring, so it fails every time. */
export class CertificateAgent {
  async execute(task: { host: string }): Promise<never> {
    const response = await this.requestRenewal(task.host);
    throw new AgentError(
      `Cannot renew the certificate of ${task.host}: ${response.detail}`,
      "ACCOUNT_CLOSED",
    );
  }

  private async requestRenewal(host: string): Promise<{ status: number; detail: string }> {
    return { status: 403, detail: `account harbor-ops may not order for ${host}` };
  }
}
