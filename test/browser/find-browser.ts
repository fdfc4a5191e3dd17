// Browsers for the tests: those that are installed, or Debian's where they can be. Never none: the tests that need one then fail, with
// one line that says what to do.

import {execFileSync} from "node:child_process";
import {accessSync, constants, existsSync} from "node:fs";
import {delimiter, join} from "node:path";

type Wanted = {
  readonly names: readonly string[];
  /** Debian's package of it. */
  readonly debian: string;
  /** In a sentence about what to install. */
  readonly called: string;
};

const CHROMIUM: Wanted = {
  names: ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"],
  debian: "chromium",
  called: "chromium, or Chrome",
};

const FIREFOX: Wanted = {
  names: ["firefox-esr", "firefox"],
  debian: "firefox-esr",
  called: "Firefox",
};

/** Chromium, or Chrome. */
export function findBrowser(): string {
  return find(CHROMIUM);
}

export function findFirefox(): string {
  return find(FIREFOX);
}

function find(wanted: Wanted): string {
  return installed(wanted) ?? installDebians(wanted);
}

function installed({names}: Wanted): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function installDebians(wanted: Wanted): string {
  const {debian, called} = wanted;
  const canInstall = process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");
  try {
    if (canInstall) {
      console.error(`installing Debian's ${debian} for the browser tests`);
      const options = {stdio: ["ignore", "ignore", "pipe"] as ["ignore", "ignore", "pipe"]};
      execFileSync("apt-get", ["update"], options);
      execFileSync("apt-get", ["install", "-y", "--no-install-recommends", debian], options);
    }
  } catch (error) {
    throw new Error(
      `apt-get could not install ${debian} (${(error as Error).message.split("\n")[0]}): install ${called}, and run the tests again`,
    );
  }
  const path = installed(wanted);
  if (path) return path;
  throw new Error(
    `the browser tests need ${called}: install it (Debian: apt-get install ${debian}), and run them again`,
  );
}

/** As root in a container there is no sandbox; and nothing may go out by itself. */
export const BROWSER_ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
