// What nobody has come near to.

/** A page that has been open for so long, in milliseconds, draws the rest as well, for whoever prints it or searches in it. */
const QUIET_MS = 15_000;

let quiet: Promise<false> | undefined;

/** Nobody has asked for it. */
export function whenQuiet(): Promise<false> {
  return (quiet ??= new Promise((done) => void setTimeout(() => done(false), QUIET_MS)));
}
