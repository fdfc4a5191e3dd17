// The service worker: it keeps every file of the book when the book is first visited. A page comes from the network where there is one, so that a
// new edition is seen at once; everything else has its content in its name and comes from what was kept.
//
// An edition that is open goes on with its own files: the next one waits until it is closed.

import {addRoute, cleanupOutdatedCaches, matchPrecache, precache} from "workbox-precaching";
import {registerRoute} from "workbox-routing";
import {keepLater, type Late} from "./sw-later.ts";

type Entry = {readonly url: string; readonly revision: string | null};

declare function importScripts(url: string): void;
declare const self: Late & {
  readonly book: Entry[];
  readonly registration: {readonly scope: string};
};

/** A network that takes longer than this, in milliseconds, is taken for none. */
const PATIENCE = 3000;

// What there is to keep is written when the book is built.
importScripts("book.js");

cleanupOutdatedCaches();
precache([...self.book]);
registerRoute(
  ({request}) => request.mode === "navigate",
  ({request}) => page(request),
);
addRoute();
keepLater(self);

async function page(request: Request): Promise<Response> {
  try {
    return await fetch(request, {signal: AbortSignal.timeout(PATIENCE)});
  } catch {
    const kept = await keptPage(request.url);
    return kept ?? (await matchPrecache("404.html")) ?? Response.error();
  }
}

/** `.../11-the-thread` and `.../` are pages as well. */
async function keptPage(url: string): Promise<Response | undefined> {
  const {pathname} = new URL(url);
  const name = pathname.slice(new URL(self.registration.scope).pathname.length);
  for (const file of [name, `${name}.html`, `${name}index.html`]) {
    const kept = file ? await matchPrecache(file) : undefined;
    if (kept) return kept;
  }
  return undefined;
}
