/**
 * Stands in for the native module through which VS Code writes its logs and the text of output channels, where that
 * could not be built. The interface is that of @vscode/spdlog; there is no rotation.
 */
export const PLAIN_LOGGER = `const fs = require("fs");
const path = require("path");
const levels = ["trace", "debug", "info", "warning", "error", "critical"];

class Logger {
  constructor(_type, _name, file) {
    this.file = file;
    this.level = 2;
    this.raw = false;
  }
  getLevel() {
    return this.level;
  }
  setLevel(level) {
    this.level = level;
  }
  setPattern() {
    this.raw = false;
  }
  clearFormatters() {
    this.raw = true;
  }
  flush() {}
  drop() {}
  write(level, message) {
    if (level < this.level) return;
    const time = new Date().toISOString().replace("T", " ").replace("Z", "");
    const text = this.raw ? message : \`\${time} [\${levels[level]}] \${message}\\n\`;
    try {
      fs.appendFileSync(this.file, text);
    } catch {
      // The folder of the logs is gone: VS Code is ending.
    }
  }
}
["trace", "debug", "info", "warn", "error", "critical"].forEach((name, level) => {
  Logger.prototype[name] = function (message) {
    this.write(level, message);
  };
});

async function create(name, file) {
  await fs.promises.mkdir(path.dirname(file), { recursive: true });
  return new Logger("", name, file);
}

// One by one: import() finds the names of a CommonJS module only so.
exports.version = 0;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.Logger = Logger;
exports.createRotatingLogger = create;
exports.createAsyncRotatingLogger = create;
`;
