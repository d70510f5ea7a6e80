export class AgentConfig {
  model = "small-1";
  temperature = 0.2;
  maxTokens = 1024;

  static fromEnvironment(environment: NodeJS.ProcessEnv = process.env): AgentConfig {
    const config = new AgentConfig();
    config.model = environment["HARBOR_MODEL"] ?? config.model;
    config.maxTokens = Number(environment["HARBOR_MAX_TOKENS"] ?? config.maxTokens);
    return config;
  }
}
