// Has the browser keep the book, so that it can be read without a network after the first visit.

import {whenServed} from "./presses.ts";
import {KEEP_LATER} from "./sw-later.ts";

const REST_MS = 2500;

export function startOffline(): void {
  if (!("serviceWorker" in navigator)) return;
  // Fetching a whole book keeps a small machine busy: not while the page itself is still at work.
  setTimeout(() => void whenIdle(register), REST_MS);
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
  await whenIdle(() => active?.postMessage(KEEP_LATER));
}

/** The page may be idle while its workers are at what somebody waits for. */
async function whenIdle(act: () => void): Promise<void> {
  await whenServed();
  if ("requestIdleCallback" in window) requestIdleCallback(act);
  else setTimeout(act, REST_MS);
}
