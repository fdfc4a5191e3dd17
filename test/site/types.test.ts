// The page's type checker, without a page: given these texts, these problems at these places.

import {readdirSync, readFileSync} from "node:fs";
import * as ts from "typescript";
import {beforeAll, describe, expect, it} from "vitest";
import {library} from "virtual:type-library";
import {assignmentPages} from "../../bin/assignment-text.ts";
import {listingsOf} from "../../bin/listing.ts";
import {parseChapter} from "../../src/book/chapter.ts";
import {
  createTypesService,
  KERNEL_OPTIONS,
  type TypesService,
} from "../../site/types-service.ts";
import type {Text} from "../../site/types-texts.ts";

const cut = listingsOf(".");
let service: TypesService;
beforeAll(() => void (service = createTypesService(library)));

function cells(...codes: string[]): Text[] {
  return codes.map((code, i) => ({id: `cell-${i + 1}`, kind: "cell", code}));
}

function kernel(ref: string, change: (code: string) => string = (code) => code): Text {
  const {name, code} = cut(ref);
  const changed = change(code);
  return {id: `kernel/${name}`, kind: "kernel", code: changed};
}

/** What is marked, and what is said of it. */
function problems(texts: readonly Text[], {id, code} = texts.at(-1)!): [string, string][] {
  service.update(texts);
  return service.check(id).map(({from, to, message}) => [code.slice(from, to), message]);
}

/** The type of the first `name` in the last of the cells. */
function typeOf(name: string, ...codes: string[]): string | undefined {
  const texts = cells(...codes);
  const {id, code} = texts.at(-1)!;
  service.update(texts);
  return service.hint(id, code.indexOf(name) + 1)?.signature;
}

describe("the library", () => {
  it("hangs together: no file takes a name that another has not, though only what is needed is left of each", () => {
    const {files} = library;
    const place = (name: string, from: string): string =>
      new URL(name, `file://${from}`).pathname.replace(/(\.d)?\.ts$/, ".d.ts");
    const program = ts.createProgram(
      Object.keys(files),
      {
        ...{
          target: ts.ScriptTarget.ES2022,
          module: ts.ModuleKind.ESNext,
          lib: ["lib.es2023.d.ts"],
        },
        ...{types: [], strict: true, noEmit: true, allowImportingTsExtensions: true},
      },
      {
        ...ts.createCompilerHost({}),
        getSourceFile: (path, version) =>
          path in files ? ts.createSourceFile(path, files[path]!, version) : undefined,
        getDefaultLibFileName: () => "/lib/lib.es2023.d.ts",
        getDefaultLibLocation: () => "/lib",
        getCurrentDirectory: () => "/",
        fileExists: (path) => path in files,
        readFile: (path) => files[path],
        resolveModuleNameLiterals: (literals, from) =>
          literals.map(({text}) => ({
            resolvedModule: {resolvedFileName: place(text, from), extension: ts.Extension.Dts},
          })),
      },
    );
    const wrong = ts.getPreEmitDiagnostics(program);
    expect(
      wrong.map(({messageText}) => ts.flattenDiagnosticMessageText(messageText, " ")),
    ).toEqual([]);
    expect(program.getSourceFiles().length).toBeGreaterThan(100);
  });
});

describe("between cells", () => {
  it("a name has the type that another cell gave it", () => {
    expect(problems(cells("const cpus = 2;", "display(cpus.toUpperCase())"))).toEqual([
      ["toUpperCase", expect.stringContaining("number has no toUpperCase")],
    ]);
    expect(problems(cells("const cpus = 2;", "display(cpus.toFixed())"))).toEqual([]);
    expect(problems(cells("const cpus = 2;", "display(cpus === 3)"))).toEqual([]);
  });

  it("a name that nothing mentions yet is offered, described, and meant by one that is misspelt", () => {
    const texts = cells("const allCpus = [0, 1];", "al", "display(alCpus)");
    service.update(texts);
    expect(service.complete("cell-2", 2).map(({name}) => name)).toContain("allCpus");
    expect(service.describe("cell-2", 2, "allCpus")?.signature).toContain("allCpus: number[]");
    expect(service.describe("cell-2", 2, "memoryAt")?.documentation).not.toBe("");
    expect(problems(texts)).toEqual([["alCpus", expect.stringContaining("mean allCpus")]]);
  });

  it("of a cell whose names are known, a name has its type all the same", () => {
    const [giver, taker] = cells("const cpus = 2;", "display(cpus.toUpperCase())");
    const found = problems([{...giver!, names: ["cpus"]}, taker!]);
    expect(found).toEqual([
      ["toUpperCase", expect.stringContaining("number has no toUpperCase")],
    ]);
  });

  it("a promise has come when another cell sees it, and not before", () => {
    const asking = 'const report = kernel.explore("lost_update");';
    expect(problems(cells(asking, "display(report.findings.length)"))).toEqual([]);
    expect(problems(cells(`${asking}\ndisplay(report.findings.length);`))).toEqual([
      ["findings", expect.stringContaining("has no findings")],
    ]);
  });

  it("a control is its value, in other cells", () => {
    const control = 'const asked = view(button("Press"));';
    expect(typeOf("asked", control, "asked > 0")).toBe("const asked: number");
    expect(problems(cells(control, 'asked.startsWith("x")'))).toHaveLength(1);
    expect(typeOf("one", 'const one = view(select(["a", "b"]));', "one")).toBe(
      "const one: string",
    );
  });

  it("a generator is its latest value, and a function is itself, with its comment", () => {
    const counting =
      "function* count() { for (let i = 0; ; i++) yield i; }\nconst now = count();";
    expect(typeOf("now", counting, "now + 1")).toBe("const now: number");
    service.update(
      cells("/** Twice as much. */\nfunction twice(n: number) { return 2 * n; }", "twice(1)"),
    );
    expect(service.hint("cell-2", 1)).toMatchObject({
      signature: "function twice(n: number): number",
      documentation: "Twice as much.",
    });
  });

  it("what another cell gives cannot be assigned", () => {
    expect(problems(cells("let n = 1;", "n = 2;"))).toEqual([
      ["n", expect.stringContaining("belongs to somebody else")],
    ]);
  });

  it("a type is seen as well; a name that a cell declares itself is its own", () => {
    expect(problems(cells("type Row = {fix: string};", "const row: Row = {fix: 1};"))).toEqual([
      ["fix", expect.stringContaining("is wanted")],
    ]);
    expect(problems(cells("const a = 1;", 'const a = "x"; a.startsWith("x")'))).toEqual([]);
    expect(problems(cells("const html = 1;\nhtml.toFixed()"))).toEqual([]);
  });

  it("two cells that wait for each other are none of the checker's business", () => {
    expect(problems(cells("const a = b + 1;", "const b = a + 1;"))).toEqual([]);
  });
});

describe("a cell", () => {
  it("may await, may be one expression, and may use what the browser has", () => {
    expect(problems(cells("await Promise.resolve(1)"))).toEqual([]);
    expect(problems(cells("{a: 1, b: 2}"))).toEqual([]);
    expect(problems(cells("// a comment\n[1, 2].findLast((n) => n > 1) // more"))).toEqual([]);
    expect(
      problems(
        cells('const p = document.createElement("canvas");\np.getContext("2d").fill();'),
      ),
    ).toEqual([]);
    expect(problems(cells('document.body.append(html`<p>${[1, "a"]}</p>`)'))).toEqual([]);
  });

  it("a problem stands at its place in the text of the cell, whatever stands around it", () => {
    const texts = cells("const one = 1;", "(\n  one +\n  tow\n)");
    service.update(texts);
    expect(service.check("cell-2")).toMatchObject([{from: 12, to: 15}]);
    expect(problems(texts)[0]![1]).toContain("there is no tow here");
  });

  it("a name of the window that is more often a slip is one", () => {
    expect(problems(cells("display(status)"))).toHaveLength(1);
  });

  it("a race of its own sees the kernel's functions", () => {
    const race = (call: string): string =>
      `const race = {about: "", stage(kernel, machine) {
        const counter = kernel.cell("shared", "counter", machine.memory.allocate(4), 4);
        function* add() { ${call} }
        return {threads: [{name: "A", run: add}]};
      }};`;
    const typed = (call: string): string => `await kernel.explore(${race(call).slice(13, -1)})`;
    expect(problems(cells(typed("yield* kernel.store(counter, 1);")))).toEqual([]);
    expect(problems(cells(typed('yield* kernel.store(counter, "1");')))).toEqual([
      ['"1"', expect.stringContaining("this argument is")],
    ]);
  });

  it("the kernel is read for a cell that stages a race, be others asked about before and after", () => {
    const fresh = createTypesService(library);
    const asked = (code: string): string[] => {
      fresh.update(cells(code));
      return fresh.check("cell-1").map(({original}) => original);
    };
    const staged = (name: string): string =>
      `kernel.run({about: "", stage: (kernel) => ({threads: [{name: "A", run: () => kernel.${name}()}]})})`;
    const explored =
      'const {verdict} = await kernel.explore("lost_update");\nconst n: number = verdict;';
    const notNumber = [expect.stringContaining("not assignable to type 'number'")];
    expect(asked(explored)).toEqual(notNumber);
    expect(asked(staged("start_kernel"))).toEqual([]);
    expect(asked(staged("start_kernl"))).toEqual([expect.stringContaining("start_kernl")]);
    expect(asked(explored)).toEqual(notNumber);
  });

  it("of the kernel is read what such a cell mentions, with all that it is declared with; of the rest, that it is there", () => {
    const fresh = createTypesService(library);
    const begun = 'await kernel.explore({about: "", stage(kernel) { kernel.';
    fresh.update(cells(begun));
    const offered = fresh.complete("cell-1", begun.length);
    const kindOf = (name: string) => offered.find((one) => one.name === name)?.kind;
    expect(kindOf("page_mapcount")).toBe("function");
    expect(kindOf("PG_locked")).toBe("const");
    expect(fresh.describe("cell-1", begun.length, "page_mapcount")?.signature).toContain(
      "page: Page",
    );

    const asked = (call: string): string[] => {
      const checker = createTypesService(library);
      checker.update(cells(`${begun}${call}; return {threads: []}; }})`));
      return checker.check("cell-1").map(({original}) => original);
    };
    expect(asked('page_mapcount("a page")')).toEqual([
      expect.stringContaining("'string' is not assignable to parameter of type 'Page'"),
    ]);
    // What it takes is declared in a file that nothing here mentions.
    expect(asked("freeze_pte(1)")).toEqual([
      expect.stringContaining(
        "'number' is not assignable to parameter of type 'PageVmaMappedWalk'",
      ),
    ]);
    expect(asked("page_mapcont")).toEqual([
      expect.stringContaining("Did you mean 'page_mapcount'"),
    ]);
  });

  it("what the language has for few is read for a cell that mentions it, and offered to one that begins to", () => {
    const fresh = createTypesService(library);
    const asked = (code: string): string[] => {
      fresh.update(cells(code));
      return fresh.check("cell-1").map(({original}) => original);
    };
    expect(
      asked('[..."ba"].sort((a, b) => a.localeCompare(b, "en", {numeric: true}));'),
    ).toEqual([]);
    expect(asked("const n: string = 2n * 3n;")).toEqual([
      expect.stringContaining("Type 'bigint' is not assignable"),
    ]);
    expect(asked('new TextEncoder().encode("ä").length.toFixed();')).toEqual([]);

    const half = "const bytes = new Uint8A";
    fresh.update(cells(half));
    expect(fresh.complete("cell-1", half.length).map(({name}) => name)).toContain("Uint8Array");
    expect(asked('const n: number = Atomics.load(new Int32Array(1), "0");')).toEqual([
      expect.stringContaining("not assignable to parameter of type 'number'"),
    ]);
    expect(asked("new Uint8Aray(1)")).toEqual([
      expect.stringContaining("Did you mean 'Uint8Array'"),
    ]);
    expect(asked('new Intl.NumberFormat("en", {style: "perc"})')).not.toEqual([]);
  });

  it("the browser's types are read for a cell that has an element, be it another cell's that has it from a third", () => {
    const ask = (...codes: string[]): string[] => {
      const fresh = createTypesService(library);
      const texts = cells(...codes);
      fresh.update(texts);
      return fresh.check(texts.at(-1)!.id).map(({original}) => original);
    };
    const hasNone = [expect.stringContaining("Property 'colour' does not exist")];
    expect(ask("md`b`.colour")).toEqual(hasNone);
    expect(ask("let box: HTMLElement;", "box.colour")).toEqual(hasNone);
    expect(ask("const box = md`b`;", "const boxes = [box];", "boxes[0].colour")).toEqual(
      hasNone,
    );
    expect(ask('md`b`.querySelector("canvas").colour')).toEqual(hasNone);
    expect(ask('md`b`.style.colour = "red";')).toEqual(hasNone);
    expect(ask("documnt.body")).toEqual([expect.stringContaining("Did you mean 'document'")]);
    expect(ask("display(md`b`)", "display(md`b`).colour")).toEqual(hasNone);
    expect(ask("display(setTimeout())")).toEqual([expect.stringContaining("Expected")]);

    const fresh = createTypesService(library);
    fresh.update(cells("const shown = docu"));
    const offered = fresh.complete("cell-1", "const shown = docu".length);
    expect(offered.map(({name}) => name)).toContain("document");
  });

  it("what is said of a name has its elements, be nothing done with them", () => {
    const fresh = createTypesService(library);
    const code = 'display(md`b`); display(verdict(await kernel.explore("lost_update")))';
    fresh.update(cells(code));
    expect(fresh.check("cell-1")).toEqual([]);
    expect(fresh.hint("cell-1", code.indexOf("md"))?.signature).toMatch(/Element/);
  });

  it("behind a dot is offered what something has", () => {
    const offered = (code: string): string[] => {
      service.update(cells(code));
      return service.complete("cell-1", code.length).map(({name}) => name);
    };
    expect(offered("[1].")).toContain("concat");
    expect(offered("[1].")).not.toContain("memoryAt");
    expect(offered("[...memo")).toContain("memoryAt");
  });
});

describe("a function of the kernel", () => {
  it("a wrong argument is marked, and said", () => {
    const text = kernel("mm/util.ts#__page_mapcount", (code) =>
      code.replace("PageDoubleMap(head)", "PageDoubleMap(pmds)"),
    );
    expect(problems([text])).toEqual([
      [
        "pmds",
        "this argument is a number, and a Page is wanted: are the arguments in the right order?",
      ],
    ]);
  });

  it("a forgotten star is said in the book's words, where its answer is used", () => {
    const text = kernel("mm/util.ts#__page_mapcount", (code) =>
      code.replace("yield* atomic_read(page._mapcount)", "atomic_read(page._mapcount)"),
    );
    const found = problems([text]);
    expect(found.length).toBeGreaterThan(0);
    service.update([text]);
    expect(service.check(text.id).every(({isUnrun}) => isUnrun)).toBe(true);
    expect(found[0]![1]).toContain("can be preempted");
  });

  it("a misspelt name has a suggestion", () => {
    const text = kernel("mm/util.ts#__page_mapcount", (code) =>
      code.replace("compound_head(", "compuond_head("),
    );
    expect(problems([text])[0]).toEqual([
      "compuond_head",
      "there is no compuond_head here: did you mean compound_head?",
    ]);
  });

  it("null has to be asked about: the kernel is checked strictly, as its sources are", () => {
    const text = kernel("mm/task_mmu.ts#pagemap_pmd_range", (code) =>
      code.replace("if (ptl !== null) {", "{"),
    );
    expect(problems([text])[0]![1]).toMatch(/null/);
    const {compilerOptions} = JSON.parse(readFileSync("tsconfig.json", "utf8")) as {
      compilerOptions: Record<string, unknown>;
    };
    for (const name of ["strict", "exactOptionalPropertyTypes", "noImplicitOverride"])
      expect(KERNEL_OPTIONS[name]).toBe(compilerOptions[name]);
  });

  it("sees a helper that stands in another edited function, and its own", () => {
    const one = kernel(
      "mm/util.ts#__page_mapcount",
      (code) => `${code}\nfunction twice(n: number): number { return 2 * n; }`,
    );
    const two = kernel("mm/task_mmu.ts#smaps_pte_entry", (code) =>
      code.replace("{\n", '{\n  twice("1");\n'),
    );
    expect(problems([one, two])).toEqual([
      ['"1"', expect.stringContaining("a number is wanted")],
    ]);
    expect(problems([two])[0]![1]).toContain("there is no twice");
  });

  it("a name has its type and the comment of its source", () => {
    const text = kernel("mm/util.ts#__page_mapcount");
    service.update([text]);
    const hint = service.hint(text.id, text.code.indexOf("compound_head(") + 1);
    expect(hint?.signature).toBe("function compound_head(page: Page): Op<Page>");
    const own = service.hint(text.id, text.code.indexOf("__page_mapcount") + 3);
    expect(own?.documentation).toContain("several loads");
  });

  it("names that could come next: the kernel's, and the fields of a page", () => {
    const text = kernel("mm/util.ts#__page_mapcount", (code) =>
      code.replace("const head", "page.\n  const head"),
    );
    service.update([text]);
    const at = text.code.indexOf("page.\n") + 5;
    expect(service.complete(text.id, at).map(({name}) => name)).toContain("_refcount");
    const names = service.complete(text.id, text.code.indexOf("const ptes"));
    const known = names.map(({name}) => name);
    expect(known).toEqual(expect.arrayContaining(["put_page", "page_mapcount", "page"]));
    for (const unwanted of ["document", "display", "Given"])
      expect(known).not.toContain(unwanted);
    expect(
      service.describe(text.id, text.code.indexOf("const ptes"), "put_page"),
    ).toMatchObject({
      signature: "function put_page(page: Page): Op<void>",
    });
  });
});

describe("words", () => {
  it("half a sentence is one problem, and not all that follows from it", () => {
    expect(problems(cells("const a = ;\nconst b = nothing;"))).toHaveLength(1);
  });

  it("the number of arguments is said", () => {
    expect(problems(cells("button()"))[0]![1]).toContain("wants 1 argument and gets 0");
  });

  it("what was reworded is kept", () => {
    service.update(cells("nothing"));
    expect(service.check("cell-1")[0]!.original).toBe("Cannot find name 'nothing'.");
  });
});

const chapters = readdirSync("chapters")
  .filter((name) => name.endsWith(".md"))
  .map((name) => ({name, text: readFileSync(`chapters/${name}`, "utf8")}));

describe.each([...chapters, ...assignmentPages(".")])("$name", ({name, text}) => {
  const chapter = parseChapter({name, text}, {cut, highlight: (code) => code});
  const printed = chapter.cells.map(({id, source}): Text => ({id, kind: "cell", code: source}));
  const listings = chapter.listings.map(({name: id, code}): Text => ({
    id: `kernel/${id}`,
    kind: "kernel",
    code,
  }));

  it("has no problem in any cell, as it is printed", () => {
    // The glossary has none.
    if (/^\d/.test(name)) expect(printed.length).toBeGreaterThan(0);
    service.update(printed);
    expect(printed.flatMap(({id}) => service.check(id).map((one) => ({id, ...one})))).toEqual(
      [],
    );
  });

  it("has none in any function of the kernel, each alone and all together", () => {
    for (const listing of listings) expect(problems([listing])).toEqual([]);
    service.update(listings);
    expect(listings.flatMap(({id}) => service.check(id))).toEqual([]);
  });
});
