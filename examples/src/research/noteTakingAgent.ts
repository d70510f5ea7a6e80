interface Note {
  topic: string;
  text: string;
}

/** Long-term memory of the research team, generic in what is kept besides the text. */
export class NoteTakingAgent<Extra extends object = Record<string, unknown>> {
  private readonly notes: (Note & { extra: Extra | null })[] = [];

  remember(topic: string, text: string, extra: Extra | null = null): number {
    return this.notes.push({ topic, text, extra });
  }

  recall(topic: string): string[] {
    return this.notes.filter((note) => note.topic === topic).map((note) => note.text);
  }

  async handleMessage(message: { topic: string; text?: string }): Promise<{ known: string[] }> {
    if (message.text) this.remember(message.topic, message.text);
    return { known: this.recall(message.topic) };
  }
}
