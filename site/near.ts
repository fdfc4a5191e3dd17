// Who is not looked at can wait: what a cell does on the page's own thread begins when the cell, or one that shows what comes of it,
// is in sight or soon will be.

/** A page's height above and below what is seen. */
const MARGIN = "100% 0px";

/** Comes when one of them is in sight or near it, when all of the page is wanted on paper, or when nobody waits any more. */
export function near(elements: readonly Element[], signal: AbortSignal): Promise<void> {
  return new Promise((come) => {
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({isIntersecting}) => isIntersecting)) done();
      },
      {rootMargin: MARGIN},
    );
    const done = (): void => {
      observer.disconnect();
      removeEventListener("beforeprint", done);
      come();
    };
    for (const element of elements) observer.observe(element);
    addEventListener("beforeprint", done);
    signal.addEventListener("abort", done, {once: true});
  });
}
