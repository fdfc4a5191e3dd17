// Which function of the kernel each function of the model stands for, read off the model itself:
//
//     the same     the kernel has a function of this name (chapters/kernel-names.json says in which file)
//     as           it has one that does this and is called otherwise: the comment says "Models x()."
//     part         it has no such function: these lines stand in others. The comment says which ("The part of x() that ..."), or else
//                  they are those that call it
//     own          nothing of the kernel: the machine around it, what makes drawings, and what is needed all over the place
//
// So a row is never typed, and a helper has its place as soon as somebody calls it.

import {readFileSync} from "node:fs";
import {join} from "node:path";
import type {SourceFile} from "../src/livepatch/index.ts";
import type {FunctionRow, KernelFunction} from "../src/recorded/index.ts";
import {readKernelSource} from "./kernel-source.ts";

/** By file, with a version behind it if it is not v5.13: as chapters/kernel-names.json has it. */
export type ListedNames = Readonly<Record<string, readonly string[]>>;

/** A file of the model: as it is written, and what it declares. */
export type ModelFile = {readonly source: SourceFile; readonly text: string};

export function readFunctions(root: string): FunctionRow[] {
  const names = readFileSync(join(root, "chapters/kernel-names.json"), "utf8");
  const files = readKernelSource(root)
    .filter(({file}) => file.startsWith("src/mm/"))
    .map((source) => ({source, text: readFileSync(join(root, source.file), "utf8")}));
  return functionTable(files, JSON.parse(names) as ListedNames);
}

export function functionTable(files: readonly ModelFile[], listed: ListedNames): FunctionRow[] {
  const kernel = byName(listed);
  const functions = files.flatMap(functionsOf);
  const found = new Map(functions.map((one) => [one.name, counterpart(one, kernel)]));
  return functions
    .filter(({exported}) => exported)
    .map((one) => {
      const {name, file} = one;
      const certain = found.get(name);
      if (certain) return {name, file, ...certain};
      const of = callersOf(name, functions, found);
      return {name, file, how: of.length > 0 ? "part" : "own", of};
    });
}

type Kernel = ReadonlyMap<string, KernelFunction>;

/** v5.13 comes before what only later versions have. */
function byName(listed: ListedNames): Kernel {
  const entries = Object.entries(listed).flatMap(([key, names]) => {
    const [file, version] = key.split("@");
    return names.map((name): KernelFunction => ({name, file, ...(version ? {version} : {})}));
  });
  const later = (one: KernelFunction) => (one.version ? 0 : 1);
  return new Map(
    entries.sort((a, b) => later(a) - later(b)).map((one) => [one.name, one] as const),
  );
}

type ModelFunction = {
  readonly name: string;
  readonly file: string;
  readonly exported: boolean;
  readonly mentions: readonly string[];
  /** What the comment above it says. */
  readonly comment: string;
  /** Does the file model a file of the kernel at all? */
  readonly models: boolean;
};

function functionsOf({source, text}: ModelFile): ModelFunction[] {
  const lines = text.split("\n");
  const header = lines
    .slice(
      0,
      lines.findIndex((line) => !line.startsWith("//")),
    )
    .join(" ");
  const models = header.includes("Models");
  return source.declarations
    .filter(({kind}) => kind !== "const")
    .map(({name, line, mentions}) => ({
      ...{name, mentions, models},
      file: source.file.replace("src/mm/", ""),
      exported: lines[line - 1].startsWith("export "),
      comment: commentAbove(lines, line - 1),
    }));
}

function commentAbove(lines: readonly string[], at: number): string {
  if (!lines[at - 1]?.trimEnd().endsWith("*/")) return "";
  const first = lines.slice(0, at).findLastIndex((line) => line.startsWith("/**"));
  return lines
    .slice(first, at)
    .join(" ")
    .replace(/\s+\*?\s*/g, " ");
}

type Counterpart = Pick<FunctionRow, "how" | "of">;

/** What a function's name or its comment says; null where only its callers can tell. */
function counterpart(
  {name, comment, models}: ModelFunction,
  kernel: Kernel,
): Counterpart | null {
  const said = saidIn(comment, kernel);
  const same = models ? kernel.get(name) : undefined;
  if (same && (said?.how !== "part" || said.of.includes(same)))
    return {how: "same", of: [same]};
  return said;
}

const SAYS =
  /(Models|part of|half of|middle of|loop of) ([\w ]*?\w+\(\)(?: and [\w ]*?\w+\(\))?)(\.| of v)?/i;

/** `Models x().` is the whole by another name; "The part of x() that ..." is less. */
function saidIn(comment: string, kernel: Kernel): Counterpart | null {
  const [, how, names, end] = SAYS.exec(comment) ?? [];
  if (!names) return null;
  const of = [...names.matchAll(/(\w+)\(\)/g)].flatMap(([, name]) => kernel.get(name) ?? []);
  const whole = how === "Models" && end !== undefined && /^\w+\(\)$/.test(names);
  return of.length > 0 ? {how: whole ? "as" : "part", of} : null;
}

/** What more functions need than these is a part of none. */
const MOST_CALLERS = 6;

/** The nearest of those that call it, directly or through others, that the kernel has. */
function callersOf(
  name: string,
  functions: readonly ModelFunction[],
  found: ReadonlyMap<string, Counterpart | null>,
): KernelFunction[] {
  const near = new Map<string, KernelFunction>();
  const seen = new Set([name]);
  const queue = [name];
  for (const callee of queue) {
    const callers = functions.filter(
      (one) => one.mentions.includes(callee) && !seen.has(one.name),
    );
    for (const caller of callers) {
      seen.add(caller.name);
      const certain = found.get(caller.name);
      if (certain) for (const one of certain.of) near.set(one.name, one);
      else queue.push(caller.name);
    }
  }
  if (near.size > MOST_CALLERS) return [];
  return [...near.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
