// Who is not looked at can wait: what a cell does on the page's own thread begins when the cell, or one that shows what comes of it,
// is in sight or soon will be. Before its reader has moved at all, a page begins with what is in sight, and does nothing else: who has just come
// reads the first lines.

import {whenServed} from "./presses.ts";

/** Above and below what is seen: a page's height, once the reader has moved. */
const MARGIN = "100% 0px";

/** Who scrolls there may be on the way to somewhere else, or about to press something. In milliseconds. */
const ARRIVAL = 250;

const SIGNS_OF_LIFE = ["scroll", "pointerdown", "keydown"];

let hasMoved = false;
const moved = new Promise<void>((done) => {
  const begin = (): void => {
    hasMoved = true;
    for (const sign of SIGNS_OF_LIFE) removeEventListener(sign, begin, true);
    done();
  };
  for (const sign of SIGNS_OF_LIFE)
    addEventListener(sign, begin, {capture: true, passive: true});
});

/**
 * Comes when one of them is in sight or near it, when all of the page is wanted on paper, or when nobody waits any more. Says whether the reader was
 * there already.
 */
export function near(elements: readonly Element[], signal?: AbortSignal): Promise<boolean> {
  return new Promise((come) => {
    let isOver = false;
    let isFirst = true;
    let observer = observe(hasMoved ? MARGIN : "0px");
    const arrived = (): void => void setTimeout(() => void whenServed().then(done), ARRIVAL);
    const done = (): void => {
      isOver = true;
      observer.disconnect();
      removeEventListener("beforeprint", done);
      come(isFirst);
    };
    addEventListener("beforeprint", done);
    signal?.addEventListener("abort", done, {once: true});
    if (!hasMoved) void moved.then(widen);

    function widen(): void {
      if (isOver) return;
      observer.disconnect();
      observer = observe(MARGIN);
    }

    function observe(rootMargin: string): IntersectionObserver {
      const made = new IntersectionObserver(
        (entries) => {
          // What is asked for where the reader already is does not wait.
          if (entries.some(({isIntersecting}) => isIntersecting)) (isFirst ? done : arrived)();
          isFirst = false;
        },
        {rootMargin},
      );
      for (const element of elements) made.observe(element);
      return made;
    }
  });
}
