import {describe, expect, it} from "vitest";
import {functionTable, readFunctions} from "../../bin/kernel-functions.ts";
import {readKernelSource} from "../../bin/kernel-source.ts";
import type {FunctionRow} from "../../src/recorded/index.ts";
import {readSource} from "../../src/livepatch/declarations.ts";
import names from "../../chapters/kernel-names.json" with {type: "json"};

const rows = readFunctions(".");
const row = (name: string): FunctionRow => rows.find((one) => one.name === name)!;
const of = (name: string): string =>
  row(name)
    .of.map((one) => one.name)
    .join(" ");

/** What the kernel's sources are called after. */
const OWN = ["boot.ts", "debug.ts", "processor.ts"];

describe("the table of functions", () => {
  it("has each function that src/mm exports, once", () => {
    const declared = readKernelSource(".")
      .filter(({file}) => file.startsWith("src/mm/"))
      .flatMap(({declarations}) => declarations.map(({name}) => name));
    const listed = rows.map(({name}) => name);
    expect(new Set(listed).size).toBe(listed.length);
    expect(listed.filter((name) => !declared.includes(name))).toEqual([]);
    expect(listed.length).toBeGreaterThan(650);
  });

  it("names functions only that the kernel is known to have", () => {
    const known = (file: string, version?: string): readonly string[] =>
      (names as Record<string, readonly string[]>)[version ? `${file}@${version}` : file] ?? [];
    const strays = rows.flatMap(({of}) =>
      of.filter((one) => !known(one.file, one.version).includes(one.name)),
    );
    expect(strays).toEqual([]);
  });

  it("has one function for what is the kernel's, and at least one for a part", () => {
    const counts = {same: [1, 1], as: [1, 1], part: [1, 6], own: [0, 0]};
    const wrong = rows.filter(
      ({how, of}) => of.length < counts[how][0] || of.length > counts[how][1],
    );
    expect(wrong).toEqual([]);
    expect(rows.filter(({how, name, of}) => how === "same" && of[0].name !== name)).toEqual([]);
  });

  it("leaves to the model itself what stands in for the machine, and little else", () => {
    const own = rows.filter(({how, file}) => how === "own" && !OWN.includes(file));
    expect(own.length).toBeLessThan(rows.length / 30);
  });
});

describe("where a row comes from", () => {
  it("the name", () =>
    expect(row("find_vma")).toMatchObject({how: "same", of: [{file: "mm/mmap.c"}]}));
  it("the comment: another name", () =>
    expect([row("freeze_pmd").how, of("freeze_pmd")]).toEqual([
      "as",
      "set_pmd_migration_entry",
    ]));
  it("the comment: a part", () =>
    expect([row("follow_pte").how, of("follow_pte")]).toEqual(["part", "follow_page_pte"]));
  it("who calls it, through others too", () => {
    expect([row("swallow").how, of("swallow")]).toEqual(["part", "__vma_adjust"]);
    expect([row("swap_out_pte").how, of("swap_out_pte")]).toEqual(["part", "try_to_unmap_one"]);
  });
  it("a later version, where v5.13 has it not", () =>
    expect(row("madvise_populate").of).toEqual([
      {name: "madvise_populate", file: "mm/madvise.c", version: "v5.14"},
    ]));

  it("a function that nobody calls and no comment explains is the model's own", () => {
    const text =
      "// A part. Models mm/x.c.\n\nexport function helper(): void {}\n\nexport function known(): void { inner(); }\n\nfunction inner(): void { other(); }\nexport function other(): void {}\n";
    const table = functionTable([{source: readSource("src/mm/x.ts", text), text}], {
      "mm/x.c": ["known"],
    });
    expect(table.map(({name, how}) => `${name} ${how}`)).toEqual([
      "helper own",
      "known same",
      "other part",
    ]);
  });
});
