import { existsSync } from "node:fs";
import { chromium, type Browser } from "playwright-core";
import { aptInstall, canUseApt } from "./apt.ts";
import { which } from "./command.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge"];
const ELSEWHERE = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];
const HOW = "Install Chromium or Google Chrome, or name one in the environment variable OPSVI_CHROMIUM";

/** The path of a Chromium; as root on Debian it is installed where there is none. */
export async function findChromium(): Promise<string> {
  const named = process.env["OPSVI_CHROMIUM"];
  if (named !== undefined && named !== "") {
    if (existsSync(named)) return named;
    throw new Error(`OPSVI_CHROMIUM names ${named}, where there is no file.`);
  }
  const found = installed();
  if (found !== undefined) return found;
  if (!canUseApt()) throw new Error(`The tests need a browser to show VS Code in. ${HOW}.`);
  console.log("Installing Chromium through apt-get …");
  try {
    await aptInstall("chromium");
  } catch (error) {
    throw new Error(`Chromium could not be installed through apt-get. ${HOW}.`, { cause: error });
  }
  const now = installed();
  if (now === undefined) throw new Error(`apt-get installed no Chromium that is on the PATH. ${HOW}.`);
  return now;
}

const installed = () => which(...NAMES) ?? ELSEWHERE.find((file) => existsSync(file));

export async function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: await findChromium(),
    args: [
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
