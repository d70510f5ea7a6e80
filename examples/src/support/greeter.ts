/** The first thing a visitor of the chat reads. */
export default class {
  private readonly greetings = ["Hello", "Welcome back", "Good to see you"];
  private visits = 0;

  chat(visitor: string): string {
    const greeting = this.greetings[Math.min(this.visits++, this.greetings.length - 1)];
    return `${greeting}, ${visitor}!`;
  }
}
