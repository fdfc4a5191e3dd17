// Builds the benchmark, as bin/vite.config.ts builds the command.

import {fileURLToPath} from "node:url";
import {defineConfig} from "vite";
import {kernelSource} from "../bin/kernel-source.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

export default defineConfig({
  root,
  plugins: [kernelSource(root)],
  build: {
    ssr: "bench/main.ts",
    outDir: "dist",
    emptyOutDir: false,
    target: "node20",
    minify: false,
    rolldownOptions: {
      output: {entryFileNames: "bench.js", chunkFileNames: "bench/[name]-[hash].js"},
    },
  },
});
