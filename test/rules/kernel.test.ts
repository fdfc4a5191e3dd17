// What linking asks of the sources of the machine and of the kernel: they become one scope, in which names stand for code.

import {readdirSync, readFileSync} from "node:fs";
import {parse, type CallExpression, type Node, type YieldExpression} from "acorn";
import {ancestor, simple} from "acorn-walk";
import {transform} from "sucrase";
import {sources} from "virtual:kernel-source";
import {describe, expect, it} from "vitest";
import {readSource} from "../../src/livepatch/declarations.ts";
import {allFixes} from "../../src/fixes/index.ts";
import {kernelFiles} from "../../bin/kernel-source.ts";
import {filesBelow} from "./files.ts";

const files = kernelFiles(".");
const text = (file: string): string => readFileSync(file, "utf8");
const declarations = sources.flatMap((source) => source.declarations);
const byName = new Map(declarations.map((d) => [d.name, d]));

function program(file: string, typescript: string): Node {
  const {code} = readSource(file, typescript);
  return parse(code, {ecmaVersion: 2023, sourceType: "module", locations: true});
}

it("what is linked is what lies in src/mm, and the part of src/sim that threads see", () => {
  const mm = readdirSync("src/mm").filter((file) => file !== "index.ts");
  expect(files.filter((file) => file.startsWith("src/mm/")).sort()).toEqual(
    mm.map((file) => `src/mm/${file}`).sort(),
  );
  expect(sources.map(({file}) => file)).toEqual(files);
});

it("names at the top level are unique over sim and mm", () => {
  const twice = declarations
    .filter((d) => byName.get(d.name) !== d)
    .map((d) => `${d.name} in ${d.file}`);
  expect(twice).toEqual([]);
  expect(declarations.length).toBeGreaterThan(250);
});

it.each(files)("%s has functions and constants only, no variables, no aliases", (file) => {
  const lines = text(file).split("\n");
  expect(
    lines.filter((line) => /^(export )?(let|var|class|enum|namespace)\b/.test(line)),
  ).toEqual([]);
  const imports = [...text(file).matchAll(/^import\b([^;]*?)from/gm)].map(([, names]) => names);
  expect(imports.filter((names) => /\bas\b|\*/.test(names))).toEqual([]);
});

it("a constant mentions only constants of its own file that stand before it", () => {
  const wrong = declarations.flatMap((d) => {
    if (d.kind !== "const") return [];
    const mentioned = d.mentions
      .filter((name) => name !== d.name && byName.has(name))
      .map((name) => byName.get(name)!);
    return mentioned
      .filter((m) => m.kind !== "const" || m.file !== d.file || m.start > d.start)
      .map((m) => `${d.name} (${d.file}) mentions ${m.name} (${m.file})`);
  });
  expect(wrong).toEqual([]);
});

describe("calls and stars", () => {
  type Wrong = {readonly call: string; readonly line: number};

  /** Calls of the kernel's functions that lack their yield*, and those that have one too many. */
  function wrongStars(file: string, typescript: string): Wrong[] {
    const own = new Map(readSource(file, typescript).declarations.map((d) => [d.name, d]));
    const wrong: Wrong[] = [];
    ancestor(program(file, typescript), {
      CallExpression(node: CallExpression, _state: unknown, ancestors: Node[]) {
        if (node.callee.type !== "Identifier") return;
        const {name} = node.callee;
        const kind = (own.get(name) ?? byName.get(name))?.kind;
        const parent = ancestors[ancestors.length - 2] as YieldExpression;
        const starred = parent.type === "YieldExpression" && parent.delegate;
        const right = kind === "function*" ? starred : kind === "function" ? !starred : true;
        if (!right) wrong.push({call: name, line: node.loc!.start.line});
      },
    });
    return wrong;
  }

  it.each(files.filter((file) => file.startsWith("src/mm/")))(
    "%s: what can be preempted is called with yield*, nothing else is",
    (file) => {
      expect(wrongStars(file, text(file))).toEqual([]);
    },
  );

  it.each(allFixes.map(({name}) => name))("the fix %s: so it is there", (name) => {
    expect(wrongStars(name, allFixes.find((fix) => fix.name === name)!.text)).toEqual([]);
  });

  it("one that is forgotten would be seen", () => {
    const forgets =
      "function* f(page) {\n  if (PageTail(page)) return;\n  const n = yield* page_to_pfn(page);\n}\n";
    expect(wrongStars("x.ts", forgets)).toEqual([
      {call: "PageTail", line: 2},
      {call: "page_to_pfn", line: 3},
    ]);
  });
});

function bareYields(typescript: string): number {
  const {code} = transform(typescript, {transforms: ["typescript"], disableESTransforms: true});
  let count = 0;
  simple(parse(code, {ecmaVersion: 2023, sourceType: "module"}), {
    YieldExpression: ({delegate}) => void (count += delegate ? 0 : 1),
  });
  return count;
}

it("a bare yield stands nowhere but in src/sim; and where a search says how far it is, a run that it has made a step, the page how things stand, or code that runs apart is spoken for", () => {
  const bare = ["src", "site", "bin"]
    .flatMap(filesBelow)
    .filter((file) => !file.startsWith("src/sim/") && !file.endsWith(".d.ts"))
    .filter((file) => bareYields(text(file)) > 0);
  expect(bare).toEqual([
    "src/explore/execution.ts",
    "src/explore/watch.ts",
    "src/oracle/calls.ts",
    "src/oracle/guest.ts",
    "site/surroundings.ts",
  ]);
});

describe("a file of src/mm says in its first lines what it models", () => {
  const head = (file: string): string => text(file).split("\n").slice(0, 4).join(" ");

  const ours = ["src/mm/boot.ts", "src/mm/processor.ts"];

  it.each(files.filter((file) => file.startsWith("src/mm/") && !ours.includes(file)))(
    "%s",
    (file) => {
      expect(head(file)).toMatch(/^\/\/ .*Models .*\b[a-z0-9_/-]+\.[ch]\b/);
      expect(head(file)).toContain("v5.13");
    },
  );

  it.each(ours)("%s says that it is no kernel file", (file) => {
    expect(head(file)).toContain("This is no kernel file");
  });
});

it("every file of src/fixes is in the list that tells the story, and the other way round", () => {
  const there = readdirSync("src/fixes")
    .filter((file) => file !== "index.ts")
    .map((file) => file.replace(/\.ts$/, ""));
  expect(allFixes.map(({name}) => name).sort()).toEqual(there.sort());
});
