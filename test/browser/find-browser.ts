// A browser for the tests: one that is installed, or Debian's chromium where it can be. Never none: the tests that need one
// then fail, with one line that says what to do.

import {execFileSync} from "node:child_process";
import {accessSync, constants, existsSync} from "node:fs";
import {delimiter, join} from "node:path";
import {chromium} from "playwright-core";

const NAMES = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "chrome",
];

export function findBrowser(): string {
  return installed() ?? installDebians();
}

function installed(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const paths = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...paths, chromium.executablePath()].find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function installDebians(): string {
  const canInstall = process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");
  try {
    if (canInstall) {
      console.error("no browser found: installing Debian's chromium for the browser tests");
      const options = {stdio: ["ignore", "ignore", "pipe"] as ["ignore", "ignore", "pipe"]};
      execFileSync("apt-get", ["update"], options);
      execFileSync(
        "apt-get",
        ["install", "-y", "--no-install-recommends", "chromium"],
        options,
      );
    }
  } catch (error) {
    throw new Error(
      `apt-get could not install chromium (${(error as Error).message.split("\n")[0]}): install it, or Chrome, and run the tests again`,
    );
  }
  const path = installed();
  if (path) return path;
  throw new Error(
    "the browser tests need a browser: install chromium (Debian: apt-get install chromium) or Chrome, and run them again",
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
