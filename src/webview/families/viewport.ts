/** Which part of the picture is in sight: its upper left corner, and pixels of the screen per unit of the picture. */
export interface Viewport {
  x: number;
  y: number;
  scale: number;
}

export interface Size {
  width: number;
  height: number;
}

const MARGIN = 24;
const SMALLEST = 0.04;
const LARGEST = 4;

/** All of the picture in the middle of the window; small pictures are not blown up. */
export function fit(picture: Size, window: Size): Viewport {
  const scale = clamp(
    Math.min(
      1.2,
      (window.width - 2 * MARGIN) / Math.max(picture.width, 1),
      (window.height - 2 * MARGIN) / Math.max(picture.height, 1),
    ),
  );
  return {
    x: (picture.width - window.width / scale) / 2,
    y: (picture.height - window.height / scale) / 2,
    scale,
  };
}

/** Below this nothing can be read. */
const READABLE = 0.7;

/** What is seen first: all of the picture, or, where that could not be read, its upper left part. */
export function start(picture: Size, window: Size): Viewport {
  const whole = fit(picture, window);
  if (whole.scale >= READABLE) return whole;
  const along = (length: number, shown: number) =>
    length < shown - MARGIN ? (length - shown) / 2 : -MARGIN / READABLE;
  return {
    x: along(picture.width, window.width / READABLE),
    y: along(picture.height, window.height / READABLE),
    scale: READABLE,
  };
}

/** What is under the point (in pixels of the window) stays there. */
export function zoomAt(view: Viewport, factor: number, point: { x: number; y: number }): Viewport {
  const scale = clamp(view.scale * factor);
  return {
    x: view.x + point.x / view.scale - point.x / scale,
    y: view.y + point.y / view.scale - point.y / scale,
    scale,
  };
}

/** Moves the picture by pixels of the window. */
export function pan(view: Viewport, dx: number, dy: number): Viewport {
  return { ...view, x: view.x - dx / view.scale, y: view.y - dy / view.scale };
}

/** Moves as little as needed for a box to be in sight; one that is too small to be read is brought closer. */
export function reveal(view: Viewport, window: Size, box: Size & { x: number; y: number }): Viewport {
  const scale = Math.max(view.scale, 0.6);
  if (scale !== view.scale) {
    const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    return { x: middle.x - window.width / scale / 2, y: middle.y - window.height / scale / 2, scale };
  }
  const margin = MARGIN / scale;
  const along = (at: number, shown: number, start: number, length: number) =>
    Math.min(Math.max(at, start + length + margin - shown), start - margin);
  return {
    x: along(view.x, window.width / scale, box.x, box.width),
    y: along(view.y, window.height / scale, box.y, box.height),
    scale,
  };
}

const clamp = (scale: number): number => Math.min(LARGEST, Math.max(SMALLEST, scale));
