export type Tool = (input: string) => string | Promise<string>;

/** Holds named tools; subclasses decide which ones a task needs. */
export abstract class ToolAgent {
  private readonly tools = new Map<string, Tool>();
  private calls = 0;

  registerTool(name: string, tool: Tool): this {
    this.tools.set(name, tool);
    return this;
  }

  async executeTool(name: string, input: string): Promise<string> {
    const tool = this.tools.get(name);
    if (!tool) throw new Error(`No tool is registered as "${name}".`);
    this.calls += 1;
    return await tool(input);
  }

  get toolCalls(): number {
    return this.calls;
  }

  abstract executeTask(task: unknown): Promise<unknown>;
}
