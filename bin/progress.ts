// On a terminal, once work is long: how far it is.

export type Line = {
  show(progress: {readonly states: number; readonly seconds: number}): void;
  clear(): void;
};

/** Seconds between two looks. */
const PATIENCE = 0.5;

export function progressLine(): Line {
  let last = 0;
  return {
    show({states, seconds}) {
      if (!process.stderr.isTTY || seconds - last <= PATIENCE) return;
      last = seconds;
      const rate = Math.round(states / seconds).toLocaleString("en");
      process.stderr.write(
        `\r${states.toLocaleString("en")} states, ${rate} a second \u001b[K`,
      );
    },
    clear() {
      if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
    },
  };
}
