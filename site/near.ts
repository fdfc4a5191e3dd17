// Who is not looked at can wait: what a cell does on the page's own thread begins when the cell, or one that shows what comes of it,
// is in sight or soon will be. Before its reader has moved at all, a page begins with what is in sight, and does nothing else: who has just come
// reads the first lines.

import {whenServed} from "./presses.ts";

/** Above and below what is seen: a page's height, once the reader has moved. */
const MARGIN = "100% 0px";

/** Who scrolls there may be on the way to somewhere else, or about to press something. In milliseconds. */
const ARRIVAL = 250;

const SIGNS_OF_LIFE = ["scroll", "pointerdown", "keydown"];

/** What somebody has asked about, and whether it was near when the browser last looked; undefined until it has looked. */
const places = new Map<Element, boolean | undefined>();
const waiting = new Set<() => void>();

let observer = observe("0px");
for (const sign of SIGNS_OF_LIFE)
  addEventListener(sign, beginToMove, {capture: true, passive: true});

/**
 * Comes when one of them is in sight or near it, when all of the page is wanted on paper, or when nobody waits any more. Says whether the reader was
 * there already.
 */
export function near(elements: readonly Element[], signal?: AbortSignal): Promise<boolean> {
  return new Promise((come) => {
    const done = (wasThere: boolean): void => {
      waiting.delete(look);
      removeEventListener("beforeprint", comeAtOnce);
      come(wasThere);
    };
    const comeAtOnce = (): void => done(true);
    let isFirst = true;
    const look = (): void => {
      const seen = elements.map((element) => places.get(element));
      // What is asked for where the reader already is does not wait.
      if (seen.includes(true)) return isFirst ? done(true) : arrive();
      if (!seen.includes(undefined)) isFirst = false;
    };
    const arrive = (): void => {
      waiting.delete(look);
      setTimeout(() => void whenServed().then(() => done(false)), ARRIVAL);
    };
    addEventListener("beforeprint", comeAtOnce);
    signal?.addEventListener("abort", comeAtOnce, {once: true});
    waiting.add(look);
    for (const element of elements) watch(element);
    look();
  });
}

function watch(element: Element): void {
  if (places.has(element)) return;
  places.set(element, undefined);
  observer.observe(element);
}

function beginToMove(): void {
  for (const sign of SIGNS_OF_LIFE) removeEventListener(sign, beginToMove, true);
  observer.disconnect();
  observer = observe(MARGIN);
  for (const element of places.keys()) observer.observe(element);
}

function observe(rootMargin: string): IntersectionObserver {
  return new IntersectionObserver(
    (entries) => {
      for (const {target, isIntersecting} of entries) places.set(target, isIntersecting);
      for (const look of [...waiting]) look();
    },
    {rootMargin},
  );
}
