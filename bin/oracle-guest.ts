// The script that QuickJS runs: src/oracle/guest.ts with the machine and the races, in one piece, as text. Whoever makes a sandbox
// imports it as the module `virtual:oracle-guest`.

import {join} from "node:path";
import {build, type Plugin} from "vite";

const ID = "virtual:oracle-guest";

export function oracleGuest(root: string): Plugin {
  return {
    name: "tailpage-oracle-guest",
    resolveId: (id) => (id === ID ? `\0${ID}` : undefined),
    async load(id) {
      if (id !== `\0${ID}`) return undefined;
      return `export const guest = ${JSON.stringify(await buildGuest(root))};`;
    },
  };
}

async function buildGuest(root: string): Promise<string> {
  const result = await build({
    configFile: false,
    root,
    publicDir: false,
    logLevel: "warn",
    build: {
      write: false,
      // QuickJS knows the language of 2023.
      target: "es2022",
      minify: true,
      rolldownOptions: {checks: {pluginTimings: false}},
      lib: {
        entry: join(root, "src/oracle/guest.ts"),
        formats: ["iife"],
        name: "oracle",
        fileName: "guest",
      },
    },
  });
  const [{output}] = (Array.isArray(result) ? result : [result]) as {
    output: {code: string}[];
  }[];
  return output[0].code;
}
