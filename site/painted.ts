// What the page can do without until it has been painted for the first time is asked for afterwards: each request keeps the browser busy
// with it, and the first layout, which asks the browser for the fonts, waits in the same line.

/**
 * So far apart, in milliseconds, from the first paint and from each other: what one has set going in the browser's other threads
 * (requests, styles, a frame to draw) is over when the next begins. Who begins while they are busy holds up the page, and does nothing
 * but wait for a processor, of which a phone has few.
 */
const APART_MS = 120;

/** When the page has been painted, and the browser is done with it. */
export const afterPaint = painted().then(rest);

/** Things that wait for the first paint come after it one by one, so that the page can answer its reader in between. */
let turn = afterPaint;

/** Loads something when the page has been painted, in a task of its own. */
export async function later<Loaded>(load: () => Promise<Loaded>): Promise<Loaded> {
  const mine = turn;
  turn = turn.then(rest);
  await mine;
  return load();
}

function rest(): Promise<void> {
  return new Promise((done) => setTimeout(done, APART_MS));
}

/**
 * A page that nobody sees is painted when somebody does. A browser that does not tell has painted by the next frame, or nearly. One that is
 * scrolled before its first paint, since it is loaded again or opened at a heading, need not be told of in Firefox 153: but it is
 * scrolled in a frame, and painted with it.
 */
function painted(): Promise<void> {
  return new Promise((done) => {
    if (!PerformanceObserver.supportedEntryTypes.includes("paint"))
      return void requestAnimationFrame(() => done());
    new PerformanceObserver(() => done()).observe({type: "paint", buffered: true});
    addEventListener("scroll", () => done(), {once: true});
  });
}
