// Builds what notebooks import when they are opened by other tools: one module that has everything in it.

import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {defineConfig, type Plugin} from "vite";
import {notebooks} from "./assignment-text.ts";
import {kernelSource, readKernelSource} from "./kernel-source.ts";
import {oracleGuest} from "./oracle-guest.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const ENTRY = join(root, "bin/notebook-model.ts");

/** The kernel's names one by one, as a module has to name what it exports. */
function names(): Plugin {
  const all = readKernelSource(root).flatMap(({declarations}) => declarations);
  return {
    name: "tailpage-notebook-names",
    transform: (code, id) =>
      id === ENTRY
        ? `${code}\nexport const {${all.map(({name}) => name).join(", ")}} = kernel;`
        : undefined,
  };
}

export default defineConfig({
  root,
  publicDir: false,
  plugins: [kernelSource(root), oracleGuest(root), notebooks(root), names()],
  build: {
    outDir: "dist",
    emptyOutDir: false,
    target: "es2022",
    rolldownOptions: {checks: {pluginTimings: false}, output: {codeSplitting: false}},
    lib: {entry: ENTRY, formats: ["es"], fileName: () => "model.js"},
  },
});
