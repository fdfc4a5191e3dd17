// Explores and replays, away from the page. One question, one answer, and progress in between.

import {assemble} from "../src/races/index.ts";
import {answer, type Request} from "./answering.ts";

addEventListener("message", ({data}: MessageEvent<Request>) => {
  void answer(data, assemble, (said) => postMessage(said));
});
