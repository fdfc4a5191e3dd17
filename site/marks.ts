// What a reader's cells are running is remembered for as long as they run. A regular expression or a list of a thousand million
// cannot be stopped: then the page dies with its marks in place, and at the next visit a text that has one is not run by itself.

import {keysBelow, removeText, writeText} from "./storage.ts";

/** A little longer than the run itself: what it has started may hang just as well. */
const AFTERWARDS_MS = 1000;

export type Marks = {
  /** Did the page die while this cell's text ran? Only what was so when the page was loaded counts. */
  died(id: string): boolean;
  /** Marks the texts that a run depends on. The answer says that the run is over. */
  begin(ids: readonly string[]): () => void;
};

export function createMarks(chapter: string): Marks {
  const dead = new Set(keysBelow(prefixOf(chapter)));
  for (const id of dead) removeText(keyOf(chapter, id));
  /** How many runs depend on each text. */
  const running = new Map<string, number>();

  // Who leaves, or looks elsewhere, has a page that lives.
  addEventListener("pagehide", wipe);
  document.addEventListener("visibilitychange", () => (document.hidden ? wipe() : draw()));

  return {
    died: (id) => dead.has(id),
    begin(ids) {
      if (ids.length === 0) return () => {};
      for (const id of ids) add(id, 1);
      let isOver = false;
      return () => {
        if (isOver) return;
        isOver = true;
        setTimeout(() => ids.forEach((id) => add(id, -1)), AFTERWARDS_MS);
      };
    },
  };

  function add(id: string, runs: 1 | -1): void {
    const count = (running.get(id) ?? 0) + runs;
    running.set(id, count);
    if (count === 0) removeText(keyOf(chapter, id));
    else if (count === runs) mark(id);
  }

  function draw(): void {
    for (const [id, count] of running) if (count > 0) mark(id);
  }

  function mark(id: string): void {
    if (!document.hidden) writeText(keyOf(chapter, id), "");
  }

  function wipe(): void {
    for (const id of running.keys()) removeText(keyOf(chapter, id));
  }
}

function prefixOf(chapter: string): string {
  return `tailpage:running:${chapter}:`;
}

function keyOf(chapter: string, id: string): string {
  return prefixOf(chapter) + id;
}
