// The TypeScript files of a folder, however deep.

import {readdirSync} from "node:fs";
import {join} from "node:path";

export function filesBelow(folder: string): string[] {
  return readdirSync(folder, {recursive: true, encoding: "utf8"})
    .map((file) => join(folder, file))
    .filter((file) => file.endsWith(".ts"));
}
