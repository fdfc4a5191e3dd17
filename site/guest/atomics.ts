// Stands in the frame for ../atomics.ts: a frame without an origin shares memory with nobody.

export function atomics(): Promise<null> {
  return Promise.resolve(null);
}
