import ScheduledAgent from "../core/scheduledAgent";

/** Empties a queue. Messages that cannot be delivered are put back, so a poisoned message keeps it busy for ever. */
export class QueueDrainAgent extends ScheduledAgent {
  override run(job: { messages: { id: string; poisoned?: boolean }[] }): { delivered: string[] } {
    const queue = [...job.messages];
    const delivered: string[] = [];
    for (let message = queue.shift(); message; message = queue.shift()) {
      if (message.poisoned) queue.push(message);
      else delivered.push(message.id);
    }
    return { delivered };
  }
}
