// How many states are left, while a breadth-first search is under way.
//
// At least those that wait. At most: the longest of a few schedules drawn at random says how many levels there are about; and
// behind the middle, levels have not been seen to become more than twice as large as the largest before. In the first half
// nothing is said.

import type {Estimate} from "./watch.ts";

const TIMES_LARGER = 2;

export class Levels {
  /** How many there are, about. */
  private readonly levels: number;
  private level = 0;
  /** Where in the queue the level ends, and the largest one so far. */
  private end = 1;
  private begin = 0;
  private largest = 1;

  constructor(levels: number) {
    this.levels = levels;
  }

  /** The search comes to place `head` of a queue of `length`: to every one, in order. */
  comesTo(head: number, length: number): void {
    if (head !== this.end) return;
    this.largest = Math.max(this.largest, this.end - this.begin);
    this.begin = this.end;
    this.end = length;
    this.level++;
  }

  left(head: number, length: number): Estimate {
    const levels = Math.max(1, this.levels - this.level);
    const most = TIMES_LARGER * Math.max(this.largest, length - head) * levels;
    const isBehindMiddle = this.level >= levels;
    return {unit: "states", done: head, from: length - head, to: isBehindMiddle ? most : null};
  }
}
