import type { MessagePiece } from "../model/patterns.ts";

const placeholder = /<[^<>\s]{1,30}>/g;

/** A message with placeholders in its pieces. */
export function piecesOf(normalised: string): MessagePiece[] {
  const pieces: MessagePiece[] = [];
  let end = 0;
  for (const { 0: text, index } of normalised.matchAll(placeholder)) {
    if (index > end) pieces.push({ text: normalised.slice(end, index), variable: false });
    pieces.push({ text: text.slice(1, -1), variable: true });
    end = index + text.length;
  }
  if (end < normalised.length) pieces.push({ text: normalised.slice(end), variable: false });
  return pieces;
}
