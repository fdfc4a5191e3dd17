// What nobody has come near to.

/** A page that has been open for so long, in milliseconds, draws the rest as well, for whoever prints it or searches in it. */
const QUIET_MS = 15_000;

let quiet: Promise<false> | undefined;

/** Comes with somebody who comes near, or when it is quiet: then nobody has asked for it. */
export function orQuiet(near: Promise<boolean>): Promise<boolean> {
  quiet ??= new Promise((done) => void setTimeout(() => done(false), QUIET_MS));
  return Promise.race([near, quiet]);
}
