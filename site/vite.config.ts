// How the browser side is built: one entry, hashed names, every address relative, so that the book works under any
// path of any static host.

import type {InlineConfig, Plugin} from "vite";

/** What a page starts with is one file, that of its entry: each file more is a request more before the first cell runs. */
const WHOLE_START = {name: "main", tags: ["$initial" as const], priority: 2};

/** What explores, for races that a cell has written and for assignments, with all that comes with it: one file less is one request less. */
const EXPLORER = {
  name: "explorer",
  test: /\/src\/(explore|sim|races)\/|\/src\/livepatch\/(index|link|alone|hash|user_error)\.ts|\/site\/origin\.ts/,
  priority: 1,
};

/** What draws a run, without what compares two. */
const TIMELINE = {
  name: "timeline",
  test: /\/site\/(timeline|still)(?!-compare|-align)[-a-z]*\.(ts|css)/,
  priority: 1,
};

/** How long each plugin took is of no interest to whoever builds the book. */
const checks = {pluginTimings: false};

/** `root` is the folder of this file; `out` is where the assets go, and is emptied. */
export function siteConfig(out: string, root: string, plugins: () => Plugin[]): InlineConfig {
  return {
    configFile: false,
    root,
    base: "./",
    publicDir: false,
    logLevel: "warn",
    plugins: plugins(),
    worker: {format: "es", plugins, rolldownOptions: {checks}},
    build: {
      outDir: out,
      emptyOutDir: true,
      assetsDir: "assets",
      assetsInlineLimit: 0,
      manifest: "manifest.json",
      target: "es2022",
      cssTarget: ["chrome123", "firefox120", "safari17.5"],
      // The editor and the compiler, in one piece: loaded when a listing is first touched.
      chunkSizeWarningLimit: 1000,
      modulePreload: {polyfill: false},
      rolldownOptions: {
        checks,
        input: {main: `${root}/main.ts`},
        output: {codeSplitting: {groups: [WHOLE_START, EXPLORER, TIMELINE]}},
      },
    },
  };
}

/**
 * The frame of a link: one script that asks for nothing, since the frame it stands in may not. Where the page has files that fetch or start
 * something, the frame has others of the same name.
 */
export function guestConfig(root: string, plugins: () => Plugin[]): InlineConfig {
  return {
    configFile: false,
    root,
    publicDir: false,
    logLevel: "warn",
    plugins: [...plugins(), standIns(root)],
    define: {"process.env.NODE_ENV": JSON.stringify("production")},
    build: {
      write: false,
      target: "es2022",
      minify: true,
      assetsInlineLimit: 0,
      rolldownOptions: {checks},
      lib: {
        entry: `${root}/guest/main.ts`,
        formats: ["iife"],
        name: "guest",
        fileName: "guest",
        cssFileName: "guest",
      },
    },
  };
}

const STAND_INS = [
  "new-worker",
  "comparison",
  "barriers",
  "fidelity",
  "atomics",
  "assignments",
];

function standIns(root: string): Plugin {
  return {
    name: "tailpage-stand-ins",
    enforce: "pre",
    resolveId(source) {
      const name = STAND_INS.find(
        (one) => source === `./${one}.ts` || source === `../${one}.ts`,
      );
      return name === undefined ? undefined : `${root}/guest/${name}.ts`;
    },
  };
}

/** The service worker: under a name that never changes. */
export function serviceWorkerConfig(out: string, root: string): InlineConfig {
  return scriptConfig(out, root, "sw.ts", "sw.js");
}

/** What runs before the first paint. */
export function earlyConfig(out: string, root: string): InlineConfig {
  return scriptConfig(out, root, "early.ts", "assets/early-[hash].js");
}

/** One plain script, which is no module. */
function scriptConfig(out: string, root: string, entry: string, file: string): InlineConfig {
  return {
    configFile: false,
    root,
    publicDir: false,
    logLevel: "warn",
    define: {"process.env.NODE_ENV": JSON.stringify("production")},
    build: {
      outDir: out,
      emptyOutDir: false,
      target: "es2022",
      lib: {
        entry: `${root}/${entry}`,
        formats: ["iife"],
        name: "tailpage",
        fileName: () => file,
      },
    },
  };
}
