import assert from "node:assert/strict";
import { test } from "node:test";
import { TicketTriageAgent, type Ticket } from "./ticketTriageAgent";

class RecordingTriageAgent extends TicketTriageAgent {
  readonly seen: Ticket[] = [];

  override run(ticket: Ticket) {
    this.seen.push(ticket);
    return super.run(ticket);
  }
}

test("a refund goes to billing", () => {
  const agent = new RecordingTriageAgent();
  assert.equal(agent.run({ subject: "Refund for order 1043" }).queue, "billing");
  assert.equal(agent.seen.length, 1);
});
