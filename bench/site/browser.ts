// A page in a browser, as a check needs it: with a network and a processor of a given speed, and nothing of earlier visits.

import {cpus} from "node:os";
import {setTimeout as sleep} from "node:timers/promises";
import {chromium, type Page, type Request} from "playwright-core";
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

export type Circumstances = {
  readonly speed?: Speed;
  readonly theme?: "light" | "dark";
  readonly width?: number;
  /** Code that is not the page's is brought in: its policy would not allow that. */
  readonly guest?: boolean;
  /** Runs in the page before anything of its own. */
  readonly before?: () => void;
};

/**
 * The page is in a browser of its own, which is up, has shown a page of the same server that loads nothing, and has come to rest: what
 * is measured is the book, and not how long a browser takes to start. One that was slow would otherwise be slow for the next as well.
 */
export async function withPage<T>(
  site: string,
  {speed = "fast", theme = "light", width = 1360, guest = false, before}: Circumstances,
  use: (page: Page) => Promise<T>,
): Promise<T> {
  const browser = await chromium.launch({
    executablePath: findBrowser(),
    args: BROWSER_ARGUMENTS,
  });
  try {
    const context = await browser.newContext({
      colorScheme: theme,
      serviceWorkers: "block",
      bypassCSP: guest,
      viewport: {width, height: 900},
    });
    const page = await context.newPage();
    await page.goto(`${site}404.html`, {waitUntil: "networkidle"});
    await rest();
    if (before) await page.addInitScript(before);
    if (speed === "slow") {
      const session = await context.newCDPSession(page);
      await session.send("Emulation.setCPUThrottlingRate", {rate: SLOW.cpu});
      await session.send("Network.enable");
      await session.send("Network.emulateNetworkConditions", SLOW.network);
    }
    return await use(page);
  } finally {
    await browser.close();
  }
}

const LOOK_EVERY = 250;
/** More than a slow processor leaves between two of a page's requests. */
const QUIET = 1500;

/** Opens a page, and waits until it has asked for nothing for a while: half a second, as browsers' own drivers have it, passes while its first script runs. */
export async function openAtRest(page: Page, url: string): Promise<void> {
  const underWay = new Set<Request>();
  let last = Date.now();
  const over = (request: Request): void => {
    underWay.delete(request);
    last = Date.now();
  };
  page.on("request", (request) => underWay.add(request));
  page.on("requestfinished", over);
  page.on("requestfailed", over);
  await page.goto(url);
  while (underWay.size > 0 || Date.now() - last < QUIET) await sleep(LOOK_EVERY);
}

const MOST_LOOKS = 40;

/** A browser goes on starting, in processes of its own, when its first page is there. Waits until the processors have little to do, at most ten seconds. */
async function rest(): Promise<void> {
  let before = spent();
  for (let i = 0; i < MOST_LOOKS; i++) {
    await sleep(LOOK_EVERY);
    const now = spent();
    if ((now.idle - before.idle) / (now.all - before.all) > 0.8) return;
    before = now;
  }
}

function spent(): {readonly idle: number; readonly all: number} {
  const times = cpus().map((cpu) => cpu.times);
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  return {
    idle: sum(times.map(({idle}) => idle)),
    all: sum(times.flatMap((each) => Object.values(each))),
  };
}

/** What five runs measure, or null where the page has nothing to measure. */
export async function repeat(run: () => Promise<number | null>): Promise<number[] | null> {
  const values: number[] = [];
  while (values.length < 5) {
    const value = await run();
    if (value !== null) values.push(value);
    else if (values.length === 0) return null;
    else throw new Error("what was measured on this page once is no longer there");
  }
  return values;
}
