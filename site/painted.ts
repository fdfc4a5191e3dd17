// What the page can do without until it has been painted for the first time is asked for afterwards: each request keeps the browser busy
// with it, and the first layout, which asks the browser for the fonts, waits in the same line.

/** Things that wait for the first paint come after it one by one, so that the page can answer its reader in between. */
let turn = painted().then(() => new Promise<void>((done) => setTimeout(done)));

/** Loads something when the page has been painted, in a task of its own. */
export async function later<Module>(load: () => Promise<Module>): Promise<Module> {
  const mine = turn;
  turn = turn.then(() => new Promise((done) => setTimeout(done)));
  await mine;
  return load();
}

/** In milliseconds: by then a page that has loaded has been painted, whatever its browser says. */
const NO_WORD = 500;

/**
 * A page that nobody sees is painted when somebody does. A browser that does not tell has painted by the next frame, or nearly; and Firefox 153 tells
 * most pages, but not all that are loaded again.
 */
function painted(): Promise<void> {
  return new Promise((done) => {
    const byNextFrame = (): void => void requestAnimationFrame(() => done());
    if (!PerformanceObserver.supportedEntryTypes.includes("paint")) return byNextFrame();
    new PerformanceObserver(() => done()).observe({type: "paint", buffered: true});
    addEventListener("load", () => setTimeout(byNextFrame, NO_WORD), {once: true});
  });
}
