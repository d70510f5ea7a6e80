import { ConversationAgent } from "../core/conversationAgent";

const greetings = ["Hello", "Welcome back", "Good to see you"];

/** The first thing a visitor of the chat reads. */
export default class extends ConversationAgent {
  constructor() {
    super("greeter");
  }

  async chat(visitor: string): Promise<string> {
    return (await this.processRequest(visitor, visitor)).text;
  }

  protected override async answer(visitor: string): Promise<string> {
    const visits = Math.ceil(this.recall(visitor).length / 2);
    return `${greetings[Math.min(visits, greetings.length) - 1]}, ${visitor}!`;
  }
}
