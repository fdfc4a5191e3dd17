// Builds the command: Node 20 runs no TypeScript.

import {fileURLToPath} from "node:url";
import {defineConfig} from "vite";
import {kernelSource} from "./kernel-source.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

export default defineConfig({
  root,
  plugins: [kernelSource(root)],
  build: {
    ssr: "bin/tailpage.ts",
    outDir: "dist",
    emptyOutDir: false,
    target: "node20",
    minify: false,
    rolldownOptions: {
      output: {entryFileNames: "tailpage.js", chunkFileNames: "command/[name]-[hash].js"},
    },
  },
});
