// Builds the benchmark, the checks of the built site and what makes its fonts, as bin/vite.config.ts builds the command.

import {fileURLToPath} from "node:url";
import {defineConfig} from "vite";
import {kernelSource} from "../bin/kernel-source.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

export default defineConfig({
  root,
  plugins: [kernelSource(root)],
  build: {
    ssr: true,
    outDir: "dist",
    emptyOutDir: false,
    target: "node20",
    minify: false,
    rolldownOptions: {
      input: {
        bench: "bench/main.ts",
        "bench-grading": "bench/grading.ts",
        "bench-memory": "bench/memory_models.ts",
        "check-site": "bench/site/main.ts",
        "check-text": "bench/check-text.ts",
        "check-model": "bench/model/main.ts",
        fonts: "bench/fonts/main.ts",
      },
      output: {entryFileNames: "[name].js", chunkFileNames: "bench/[name]-[hash].js"},
    },
  },
});
