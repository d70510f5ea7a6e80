import { createWriteStream, mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { launchChromium } from "./chromium.ts";
import { OUTPUT } from "./paths.ts";
import { startServer, workbenchUrl } from "./server.ts";

// Takes the command line of desktop VS Code for an extension test, and runs the test file in the server build with
// Chromium in front of it. The exit code is that of the test: 0 where its `run()` resolved, else 1.
const TIMEOUT_MS = 10 * 60_000;
mkdirSync(OUTPUT, { recursive: true });
/** The console of the workbench and the extension host. */
const log = createWriteStream(join(OUTPUT, "extension-host.log"));
/** Where the tests fail, the error that `run()` rejected with is among the last ones. */
const errors: string[] = [];
const TOLD = 5;
/** The console comes on another way than the exit code, and may come later. */
const CONSOLE_MS = 1_000;

const { values, positionals } = parseArgs({
  strict: false,
  allowPositionals: true,
  options: {
    extensionDevelopmentPath: { type: "string" },
    extensionTestsPath: { type: "string" },
    "disable-workspace-trust": { type: "boolean" },
  },
});
const extension = values["extensionDevelopmentPath"];
const tests = values["extensionTestsPath"];
const folder = positionals[0];
if (typeof extension !== "string" || typeof tests !== "string" || folder === undefined) {
  console.error("Usage: launcher --extensionDevelopmentPath=DIR --extensionTestsPath=FILE FOLDER");
  process.exit(2);
}

try {
  process.exitCode = await runTestFile(extension, tests, folder);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}

async function runTestFile(extension: string, tests: string, folder: string): Promise<number> {
  const server = await startServer({ development: true, trust: values["disable-workspace-trust"] !== true });
  const browser = await launchChromium().catch(async (error: unknown) => {
    await server.stop();
    throw error;
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
    const exited = new Promise<number>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error("The tests did not end within 10 minutes.")),
        TIMEOUT_MS,
      );
      const end = (settle: () => void) => {
        clearTimeout(timer);
        settle();
      };
      process.once("SIGINT", () => end(() => resolve(130)));
      process.once("SIGTERM", () => end(() => resolve(143)));
      page.once("crash", () => end(() => reject(new Error("The page with VS Code crashed."))));
      void server.ended.then(() => end(() => reject(new Error("VS Code's server ended:\n" + server.log()))));
      void page.exposeFunction("codeAutomationExit", (code: number) => end(() => resolve(code)));
    });
    await page.exposeFunction("codeAutomationLog", print);
    await page.goto(workbenchUrl(server, folder, { extension, tests }));
    const code = await exited;
    if (code !== 0) {
      await page.waitForTimeout(CONSOLE_MS);
      console.error(errors.slice(-TOLD).join("\n"));
    }
    return code;
  } finally {
    await browser.close();
    await server.stop();
  }
}

function print(type: string, args: unknown[]): void {
  const text = args.map((arg) => (typeof arg === "string" ? arg : JSON.stringify(arg))).join(" ");
  log.write(`${type} ${text}\n`);
  if (type === "error") errors.push(text);
}
