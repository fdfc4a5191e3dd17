// A CPU of its own for measuring atomics.

import {takeTurn, type Turn} from "../src/compare/atomics.ts";

addEventListener("message", ({data}: MessageEvent<Turn>) => {
  postMessage(takeTurn(data));
});
