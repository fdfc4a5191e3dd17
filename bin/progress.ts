// On a terminal, once work is long: how far it is.

import {sayProgress, type Progress} from "../src/explore/index.ts";

export type Line = {
  show(progress: Progress): void;
  clear(): void;
};

/** Seconds between two looks. */
const PATIENCE = 0.5;

export function progressLine(): Line {
  let last = 0;
  return {
    show(progress) {
      if (!process.stderr.isTTY || progress.seconds - last <= PATIENCE) return;
      last = progress.seconds;
      process.stderr.write(`\r${sayProgress(progress)} \u001b[K`);
    },
    clear() {
      if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
    },
  };
}

/** `12 of 52 explored`, until all are. */
export function showCount(done: number, all: number, what: string): void {
  if (!process.stderr.isTTY) return;
  process.stderr.write(done < all ? `\r${done} of ${all} ${what} \u001b[K` : "\r\u001b[K");
}
