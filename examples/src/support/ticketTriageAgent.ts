export interface Ticket {
  subject: string;
  body?: string;
  customer?: { plan: "free" | "pro" | "enterprise" };
}

export interface Triage {
  queue: "billing" | "shipping" | "technical" | "general";
  priority: 1 | 2 | 3;
  reason: string;
}

const keywords: [RegExp, Triage["queue"]][] = [
  [/invoice|refund|charge|payment/i, "billing"],
  [/parcel|delivery|tracking|address/i, "shipping"],
  [/error|crash|login|password/i, "technical"],
];

/** Sorts new tickets into queues by keyword. */
export class TicketTriageAgent {
  run(ticket: Ticket): Triage {
    const text = `${ticket.subject} ${ticket.body ?? ""}`;
    const match = keywords.find(([pattern]) => pattern.test(text));
    const urgent = /urgent|asap|immediately/i.test(text) || ticket.customer?.plan === "enterprise";
    return {
      queue: match?.[1] ?? "general",
      priority: urgent ? 1 : match ? 2 : 3,
      reason: match ? `matches ${match[0].source}` : "no keyword matches",
    };
  }
}
