// A page in a browser, as a check needs it: fresh, with a network and a processor of a given speed.

import {chromium, type Browser, type Page} from "playwright-core";
import {BROWSER_ARGUMENTS, findBrowser} from "../../test/browser/find-browser.ts";

export type Speed = "fast" | "slow";

/** Slow: a processor 4 times slower, 1.6 Mbit/s, and 150 ms to the server and back. */
const SLOW = {
  cpu: 4,
  network: {
    offline: false,
    latency: 150,
    downloadThroughput: 200_000,
    uploadThroughput: 90_000,
  },
};

export async function launch(): Promise<Browser> {
  return await chromium.launch({executablePath: findBrowser(), args: BROWSER_ARGUMENTS});
}

export type Circumstances = {
  readonly speed?: Speed;
  readonly theme?: "light" | "dark";
  /** Code that is not the page's is brought in: its policy would not allow that. */
  readonly guest?: boolean;
};

/** Nothing of earlier visits is there. */
export async function withPage<T>(
  browser: Browser,
  {speed = "fast", theme = "light", guest = false}: Circumstances,
  use: (page: Page) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext({
    colorScheme: theme,
    serviceWorkers: "block",
    bypassCSP: guest,
  });
  const page = await context.newPage();
  if (speed === "slow") {
    const session = await context.newCDPSession(page);
    await session.send("Emulation.setCPUThrottlingRate", {rate: SLOW.cpu});
    await session.send("Network.enable");
    await session.send("Network.emulateNetworkConditions", SLOW.network);
  }
  try {
    return await use(page);
  } finally {
    await context.close();
  }
}

/** The value in the middle, of several runs one after the other. */
export async function median(times: number, run: () => Promise<number>): Promise<number> {
  const values: number[] = [];
  for (let i = 0; i < times; i++) values.push(await run());
  return values.sort((a, b) => a - b)[Math.floor(times / 2)];
}
