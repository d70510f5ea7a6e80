import { ConversationAgent } from "../core/conversationAgent";

const articles = new Map([
  ["shipping", "We ship within two working days."],
  ["returns", "Returns are free for 30 days."],
  ["hours", "Support answers from 8:00 to 18:00 CET."],
]);

/** Answers from the help centre and remembers what each customer asked. */
export class FaqAgent extends ConversationAgent {
  constructor() {
    super("faq");
  }

  protected override async answer(text: string, userId: string): Promise<string> {
    for (const [topic, article] of articles) {
      if (text.toLowerCase().includes(topic)) return article;
    }
    const earlier = this.recall(userId).filter((message) => message.role === "user").length;
    return earlier > 1 ? "Let me connect you with a colleague." : "Could you say that in other words?";
  }
}
