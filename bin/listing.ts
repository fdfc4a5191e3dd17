// Listings: functions of the kernel cut from its sources by name, with the comment that stands before them.

import {readFileSync} from "node:fs";
import {join} from "node:path";
import {readKernelSource} from "./kernel-source.ts";

export type Cut = {
  readonly name: string;
  readonly file: string;
  /** Of the function, from 1. */
  readonly line: number;
  readonly code: string;
  /** Of `code`, which may begin with a comment. */
  readonly firstLine: number;
  /** The kernel's file and version, `mm/util.c, v5.13`; or the model's own file. */
  readonly caption: string;
};

/** `ref` is `mm/util.ts#__page_mapcount`. Throws an Error that says what there is instead. */
export function listingsOf(root: string): (ref: string) => Cut {
  const sources = readKernelSource(root);
  return (ref) => {
    const [path, name] = ref.split("#");
    const source = sources.find(({file}) => file === `src/${path}`);
    if (!source) throw new Error(`there is no kernel source src/${path}`);
    const declaration = source.declarations.find((d) => d.name === name);
    if (!declaration) throw new Error(`src/${path} does not define ${name}`);

    const {file, line, endLine} = declaration;
    const lines = readFileSync(join(root, file), "utf8").split("\n");
    const first = firstLine(lines, line);
    const code = lines.slice(first - 1, endLine).join("\n");
    return {name, file, line, code, firstLine: first, caption: captionOf(file, lines)};
  };
}

/** The line where the comment before `line` begins. */
function firstLine(lines: readonly string[], line: number): number {
  let first = line;
  while (/^(\/\*\*| \*|\/\/)/.test(lines[first - 2] ?? "")) first--;
  return first;
}

/** Every file says in its first lines what it models. */
function captionOf(file: string, lines: readonly string[]): string {
  const head = lines.slice(0, 8).join(" ");
  const models = /Models (\S+\.[ch])/.exec(head);
  return models ? `${models[1]}, v5.13` : `${file}, the model's own`;
}
