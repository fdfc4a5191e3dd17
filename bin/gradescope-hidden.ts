// Hidden checks as one file: with what they import of the teacher's own, and without what the command has itself.

import {join, resolve} from "node:path";
import {build, type Plugin, type Rolldown} from "vite";
import {CliError} from "./errors.ts";
import {ROOT} from "./root.ts";

/** What the command gives to hidden checks, by the names that it has there. */
const GIVEN: ReadonlyMap<string, string> = new Map([
  [join(ROOT, "src/grade/index.ts"), "tailpage/grade"],
  [join(ROOT, "src/sim/index.ts"), "tailpage/sim"],
]);

const given: Plugin = {
  name: "tailpage-given",
  enforce: "pre",
  async resolveId(id, from) {
    if ([...GIVEN.values()].includes(id)) return {id, external: true};
    const found = await this.resolve(id, from, {skipSelf: true});
    const name = found && GIVEN.get(found.id);
    return name === undefined || name === null ? found : {id: name, external: true};
  },
};

export async function bundleHidden(path: string): Promise<string> {
  const [{output}] = (await build({
    configFile: false,
    root: ROOT,
    publicDir: false,
    logLevel: "silent",
    plugins: [given],
    build: {
      write: false,
      target: "node20",
      // Without comments.
      minify: true,
      rolldownOptions: {
        checks: {pluginTimings: false},
        // It would name the folders in which the files lay.
        experimental: {attachDebugInfo: "none"},
      },
      lib: {entry: resolve(path), formats: ["es"], fileName: "hidden"},
    },
  }).catch((error: Error) => {
    throw new CliError(`${path} cannot be put together: ${error.message}`);
  })) as Rolldown.RolldownOutput[];
  return output[0].code;
}
