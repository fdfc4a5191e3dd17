// Has the browser keep the book, so that it can be read without a network after the first visit.

export function startOffline(): void {
  if (!("serviceWorker" in navigator)) return;
  // Not before the page has what it needs itself.
  addEventListener("load", () => {
    navigator.serviceWorker.register("sw.js").catch(() => {
      // Blocked, or private browsing: then the book is read with a network.
    });
  });
}
