// Has the browser keep the book, so that it can be read without a network after the first visit.

import {KEEP_LATER} from "./sw-later.ts";

export function startOffline(): void {
  if (!("serviceWorker" in navigator)) return;
  // Not before the page has what it needs itself.
  if (document.readyState === "complete") register();
  else addEventListener("load", register);
}

function register(): void {
  navigator.serviceWorker.register("sw.js").then(keepLaterWhenIdle, () => {
    // Blocked, or private browsing: then the book is read with a network.
  });
}

/** The type checker as well, when all else is there: but not for a reader who pays for every megabyte. */
async function keepLaterWhenIdle(): Promise<void> {
  const {connection} = navigator as {connection?: {readonly saveData?: boolean}};
  if (connection?.saveData) return;
  const {active} = await navigator.serviceWorker.ready;
  const keep = (): void => active?.postMessage(KEEP_LATER);
  if ("requestIdleCallback" in window) requestIdleCallback(keep);
  else setTimeout(keep, 5000);
}
