// What the service worker keeps last, and apart: the type checker, which is as large as the rest of the book. Its files come from what was kept, or from
// the network, and are then kept. All of them are fetched when a page says so, which it does when the book has been kept and nobody waits for anything.

type Request = {readonly url: string};

/** Of the service worker, what is used here. */
export type Late = {
  readonly later: readonly {readonly url: string}[];
  readonly registration: {readonly scope: string};
  addEventListener(
    type: "message",
    listener: (event: {
      readonly data: unknown;
      waitUntil(done: Promise<unknown>): void;
    }) => void,
  ): void;
  addEventListener(
    type: "fetch",
    listener: (event: {
      readonly request: Request;
      respondWith(response: Promise<Response>): void;
    }) => void,
  ): void;
};

/** What a page says when it has time. */
export const KEEP_LATER = "keep what is left";

const CACHE = "later";

export function keepLater(self: Late): void {
  const urls = new Set(self.later.map(({url}) => new URL(url, self.registration.scope).href));
  self.addEventListener("fetch", (event) => {
    if (urls.has(event.request.url)) event.respondWith(keptOrFetched(event.request.url));
  });
  self.addEventListener("message", (event) => {
    if (event.data === KEEP_LATER) event.waitUntil(keepAll(urls));
  });
}

async function keptOrFetched(url: string): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(url);
  if (kept) return kept;
  const response = await fetch(url);
  if (response.ok) await cache.put(url, response.clone());
  return response;
}

async function keepAll(urls: ReadonlySet<string>): Promise<void> {
  const cache = await caches.open(CACHE);
  for (const {url} of await cache.keys()) if (!urls.has(url)) await cache.delete(url);
  for (const url of urls) await keptOrFetched(url);
}
