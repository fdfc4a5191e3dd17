// The sources of the machine and the kernel as data: what linking starts from. Read from the folders here; shipped
// to whoever has no folders (the command's bundle, the page) as the module `virtual:kernel-source`.

import {readdirSync, readFileSync} from "node:fs";
import {join} from "node:path";
import type {Plugin} from "vite";
import {readSource} from "../src/livepatch/declarations.ts";
import type {SourceFile} from "../src/livepatch/source_file.ts";

/** The part of sim that threads see. The rest of it runs them. */
const SIM = ["cell", "machine", "operation", "atomic", "lock", "bug", "call"];

export function kernelFiles(root: string): string[] {
  const mm = readdirSync(join(root, "src/mm")).filter((file) => file !== "index.ts");
  return [
    ...SIM.map((name) => `src/sim/${name}.ts`),
    ...mm.sort().map((file) => `src/mm/${file}`),
  ];
}

export function readKernelSource(root: string): SourceFile[] {
  return kernelFiles(root).map((file) =>
    readSource(file, readFileSync(join(root, file), "utf8")),
  );
}

const ID = "virtual:kernel-source";

/** Every build and every test run gets the same text. */
export function kernelSource(root: string): Plugin {
  return {
    name: "tailpage-kernel-source",
    resolveId: (id) => (id === ID ? `\0${ID}` : undefined),
    load(id) {
      if (id !== `\0${ID}`) return undefined;
      for (const file of kernelFiles(root)) this.addWatchFile(join(root, file));
      return `export const sources = ${JSON.stringify(readKernelSource(root))};`;
    },
  };
}
