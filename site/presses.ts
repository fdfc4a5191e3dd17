// What a reader has asked for goes before what merely comes into sight: on a slow line or processor one would hold up the other.

/** Somebody who waits longer for an answer is looking at something else by now. In milliseconds. */
const PATIENCE = 3_000;

let served: Promise<unknown> = Promise.resolve();

/** `work` is what somebody waits for. Answers `work` itself. */
export function pressed<Done>(work: Promise<Done>): Promise<Done> {
  const patience = new Promise((over) => setTimeout(over, PATIENCE));
  served = Promise.allSettled([served, Promise.race([work, patience])]);
  return work;
}

/** Comes when nobody waits for what they have asked for, be it asked for meanwhile. */
export async function whenServed(): Promise<void> {
  for (let known; known !== served;) await (known = served);
}
