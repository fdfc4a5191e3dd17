// Builds the command: Node 20 runs no TypeScript.

import {chmodSync} from "node:fs";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {defineConfig, type Plugin} from "vite";
import {kernelSource} from "./kernel-source.ts";
import {oracleGuest} from "./oracle-guest.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** npm makes a command executable when it first links it, and not when the file is made anew behind the link. */
function executable(file: string): Plugin {
  return {name: "tailpage-executable", writeBundle: () => chmodSync(join(root, file), 0o755)};
}

export default defineConfig({
  root,
  plugins: [kernelSource(root), oracleGuest(root), executable("dist/tailpage.js")],
  build: {
    ssr: "bin/tailpage.ts",
    outDir: "dist",
    emptyOutDir: false,
    target: "node20",
    minify: false,
    rolldownOptions: {
      checks: {pluginTimings: false},
      output: {entryFileNames: "tailpage.js", chunkFileNames: "command/[name]-[hash].js"},
    },
  },
});
