// Where things stand in the picture of the lanes: how far along in time, and how far across. Written once for
// both ways of holding it: time runs to the right, or, where that is too narrow, down.

import type {Trace} from "../src/explore/trace.ts";
import {type Held, rows} from "./timeline-held.ts";

export type Bar = Held & {
  readonly start: number;
  readonly end: number;
  readonly across: number;
};

export type Layout = {
  /** Time runs down. */
  readonly turned: boolean;
  /** From one step to the next. */
  readonly pitch: number;
  /** The whole picture, along time and across it. */
  readonly length: number;
  readonly breadth: number;
  /** The middle of each lane's marks, across. */
  readonly lanes: readonly number[];
  readonly bars: readonly Bar[];
  readonly barBreadth: number;
};

const wide = {pitch: 16, before: 16, top: 44, lane: 24, least: 44, bar: 15, gap: 2, after: 16};
const narrow = {pitch: 38, before: 24, top: 22, lane: 18, least: 52, bar: 6, gap: 2, after: 8};

/** The middle of step `i`, along time. */
export function along({turned, pitch}: Pick<Layout, "turned" | "pitch">, i: number): number {
  return (turned ? narrow : wide).before + i * pitch;
}

/** The step that is nearest to a point in time. */
export function stepNear(layout: Layout, position: number, steps: number): number {
  const i = Math.round((position - along(layout, 0)) / layout.pitch);
  return Math.min(Math.max(i, 0), steps - 1);
}

/** Left and top of a point that is given along and across. */
export function xy({turned}: Layout, time: number, across: number): [number, number] {
  return turned ? [across, time] : [time, across];
}

export function layoutLanes(trace: Trace, all: readonly Held[], turned: boolean): Layout {
  const size = turned ? narrow : wide;
  // A run of a few steps takes the room there is.
  const pitch = turned
    ? size.pitch
    : Math.max(size.pitch, Math.min(96, 640 / trace.steps.length));
  const lanes: number[] = [];
  const bars: Bar[] = [];

  let across = size.top;
  for (const thread of trace.threads.keys()) {
    const own = all.filter((each) => each.thread === thread);
    const row = rows(own);
    lanes.push(across);
    const first = across + size.lane / 2;
    for (const [i, each] of own.entries()) {
      bars.push({
        ...each,
        start: along({turned, pitch}, each.from) - pitch / 2,
        end: along({turned, pitch}, each.to) + (each.released ? 0 : pitch / 2),
        across: first + row[i] * (size.bar + size.gap),
      });
    }
    const used = own.length ? Math.max(...row) + 1 : 0;
    const filled = size.lane + used * (size.bar + size.gap) + size.after;
    across += Math.max(filled, size.least);
  }

  const length = along({turned, pitch}, trace.steps.length - 1) + size.before;
  const breadth = across - size.lane / 2;
  return {turned, pitch, length, breadth, lanes, bars, barBreadth: size.bar};
}
