// Lines between boxes: from an entry of a page table to the page it names, from a tail to its head. They are measured when they are
// drawn, so boxes may stand as the style sheet wants them.

import {svg} from "./timeline-elements.ts";

/** `how` is the kernel's word, and a class of the style sheet: a migration entry names a page and does not hold it. */
export type Wire = {readonly from: HTMLElement; readonly to: HTMLElement; readonly how: string};

/** Draws below each other, or, where boxes are stacked, along their left edge. */
export function drawWires(
  picture: SVGSVGElement,
  ground: HTMLElement,
  wires: readonly Wire[],
): void {
  const origin = ground.getBoundingClientRect();
  const paths = wires.flatMap(({from, to, how}) => {
    const [a, b] = [from, to].map((box) => relative(box.getBoundingClientRect(), origin));
    if (a.width === 0 || b.width === 0) return [];
    const isStacked = b.width > origin.width / 2;
    const d = how === "tail" ? tailTo(a, b) : isStacked ? null : entryTo(a, b);
    return d ? [svg("path", {class: `timeline-wire ${how}`, d})] : [];
  });
  picture.setAttribute("width", String(origin.width));
  picture.setAttribute("height", String(origin.height));
  picture.replaceChildren(...paths);
}

type Box = {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
};

function relative({left, top, width, height}: DOMRect, origin: DOMRect): Box {
  return {left: left - origin.left, top: top - origin.top, width, height};
}

function middle({left, width}: Box): number {
  return left + width / 2;
}

/** Down from an entry to the page below it. Not drawn to pages that stand one under another: they say who names them. */
function entryTo(from: Box, to: Box): string | null {
  const [top, bottom] = [from.top + from.height, to.top];
  if (bottom - top > 200 || bottom < top) return null;
  // A PMD is as wide as all that it maps: the line goes down where the page is.
  const isAbove = from.left <= middle(to) && middle(to) <= from.left + from.width;
  const [x, y] = [isAbove ? middle(to) : middle(from), (top + bottom) / 2];
  return `M${x} ${top}C${x} ${y} ${middle(to)} ${y} ${middle(to)} ${bottom - 3}`;
}

/** Below the cards of one row, or along the left edge of cards that stand one under another. */
function tailTo(tail: Box, head: Box): string {
  const isRow = Math.abs(tail.top - head.top) < 4;
  if (!isRow) {
    const [y, goal] = [tail.top + 18, head.top + 18];
    return `M${tail.left} ${y}H${tail.left - 7}V${goal}H${head.left - 1}`;
  }
  const bottom = Math.max(tail.top + tail.height, head.top + head.height);
  const goal = middle(head);
  return `M${middle(tail)} ${tail.top + tail.height}V${bottom + 9}H${goal}V${head.top + head.height + 2}`;
}
