// What a reader has asked for goes before what merely comes into sight: on a slow line or processor one would hold up the other.

import {drawn} from "./slices.ts";

/** Somebody who waits longer for an answer is looking at something else by now. In milliseconds. */
const PATIENCE = 3_000;

let served: Promise<unknown> = Promise.resolve();

/** `work` is what somebody waits for, and what is asked for as soon as it is done. Answers `work` itself. */
export function pressed<Done>(work: Promise<Done>): Promise<Done> {
  const patience = new Promise((over) => setTimeout(over, PATIENCE));
  // The cell that takes it runs with the next frame, and with the one behind that it is known to be in sight.
  const andMore = work.then(drawn, drawn).then(drawn);
  served = Promise.allSettled([served, Promise.race([andMore, patience])]);
  return work;
}

/** Comes when nobody waits for what they have asked for, be it asked for meanwhile. */
export async function whenServed(): Promise<void> {
  for (let known; known !== served;) await (known = served);
}
