// The book that the browser tests read. It is built once, before all tests (test/setup.ts), and served to each file of them.

import {serve, type Serving} from "../../bin/serve.ts";

/** Where it is built. */
export const BOOK = "dist/test-book";

export function serveBook(): Promise<Serving> {
  return serve(BOOK, 0);
}
