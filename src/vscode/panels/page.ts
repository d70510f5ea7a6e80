import { randomBytes } from "node:crypto";
import * as vscode from "vscode";

/** The document of a panel: nothing loads but its own style, icons and script. */
export function pageOf(
  webview: vscode.Webview,
  extension: vscode.Uri,
  { title, script }: { title: string; script: string },
): string {
  const nonce = randomBytes(16).toString("base64");
  const asset = (name: string) =>
    webview.asWebviewUri(vscode.Uri.joinPath(extension, "dist", "webview", name)).toString();
  const own = webview.cspSource;
  const policy = `default-src 'none'; style-src ${own}; font-src ${own}; script-src 'nonce-${nonce}'`;
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${title}</title>
    <link rel="stylesheet" href="${asset(`${script}.css`)}" />
    <link rel="stylesheet" href="${asset("codicon.css")}" id="vscode-codicon-stylesheet" />
  </head>
  <body>
    <main></main>
    <script nonce="${nonce}" src="${asset(`${script}.js`)}"></script>
  </body>
</html>`;
}
