export interface Message {
  role: "user" | "assistant";
  text: string;
  at: number;
}

/** A chat per user, remembered for as long as the process lives. */
export abstract class ConversationAgent {
  private readonly conversations = new Map<string, Message[]>();

  constructor(
    protected readonly name: string,
    private readonly limit = 20,
  ) {}

  async processRequest(text: string, userId = "anonymous"): Promise<Message> {
    this.remember(userId, { role: "user", text, at: Date.now() });
    const answer: Message = { role: "assistant", text: await this.answer(text, userId), at: Date.now() };
    this.remember(userId, answer);
    return answer;
  }

  recall(userId: string): readonly Message[] {
    return this.conversations.get(userId) ?? [];
  }

  protected remember(userId: string, message: Message): void {
    const messages = [...this.recall(userId), message];
    this.conversations.set(userId, messages.slice(-this.limit));
  }

  protected abstract answer(text: string, userId: string): Promise<string>;
}
