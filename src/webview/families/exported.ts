import { withRealColours } from "./colours.ts";
import { colours } from "./drawing.tsx";
import { legendSize } from "./legend.tsx";
import type { Size } from "./viewport.ts";

const MARGIN = 24;
const INTERACTIVE = ["id", "class", "role", "aria-label", "aria-expanded", "data-id", "data-fold"];

/** The whole picture with its legend as a file of its own, in the colours of the theme. */
export function exportedSvg(drawing: Element, legend: Element, picture: Size): string {
  const width = Math.max(picture.width, legendSize.width) + 2 * MARGIN;
  const height = picture.height + legendSize.height + 3 * MARGIN;
  const part = (element: Element) => {
    const copy = element.cloneNode(true) as Element;
    for (const inner of [copy, ...copy.querySelectorAll("*")])
      if (inner.localName !== "marker") for (const name of INTERACTIVE) inner.removeAttribute(name);
    return new XMLSerializer().serializeToString(copy);
  };
  const text = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${-MARGIN} ${-MARGIN} ${width} ${height}" width="${width}" height="${height}" font-family="var(--vscode-font-family)">`,
    `<rect x="${-MARGIN}" y="${-MARGIN}" width="${width}" height="${height}" fill="${colours.page}"/>`,
    part(drawing),
    `<g transform="translate(0 ${picture.height + MARGIN})">${part(legend)}</g>`,
    "</svg>\n",
  ].join("\n");
  const theme = getComputedStyle(document.documentElement);
  return withRealColours(text, (name) => theme.getPropertyValue(name));
}
