import {describe, expect, it} from "vitest";
import {checkSyntax, compileCell} from "../../src/book/cell.ts";
import {placeOf} from "../../src/book/problem.ts";

const compile = (source: string) => compileCell("cell-1", source);

function problemIn(source: string): {
  message: string;
  line?: number | undefined;
  column?: number | undefined;
} {
  try {
    compile(source);
  } catch (error) {
    return {message: (error as Error).message, ...placeOf(error)};
  }
  throw new Error("it compiled");
}

describe("what a cell gives and takes", () => {
  it("gives what it declares at its top, and takes what it declares nowhere", () => {
    const {inputs, outputs} = compile(
      "const a = b + 1;\nfunction f(c: number) { return c + d; }",
    );
    expect(outputs).toEqual(["a", "f"]);
    expect(inputs).toEqual(["b", "d"]);
  });

  it("gives every name of a destructuring", () => {
    expect(compile("const {a, b: [c], ...d} = e;").outputs).toEqual(["a", "c", "d"]);
  });

  it("takes a name only where it is free: not parameters, blocks, labels, properties or types", () => {
    const source = `
      type T = {w: X};
      outer: for (const i of list) { const q = i; if (q.z) break outer; }
      const g = ({p = other}, ...rest: T[]) => p + rest.length;
      try { g({}); } catch (problem) { console.log(problem); }`;
    expect(compile(source).inputs).toEqual(["list", "other"]);
  });

  it("takes a name that is shadowed somewhere else in the cell", () => {
    expect(compile("{ const n = 1; }\ndisplay(n);").inputs).toEqual(["display", "n"]);
  });

  it("hoists var out of blocks, and a function's name out of nothing", () => {
    expect(compile("if (x) { var y = 1; }").outputs).toEqual(["y"]);
    expect(compile("const f = function g() { return g; };").outputs).toEqual(["f"]);
  });

  it("takes none of the language's own names", () => {
    expect(compile("Math.max(undefined, new Map().size)").inputs).toEqual([]);
  });

  it("strips types, enums included", () => {
    expect(compile("enum A {x}\nconst a = A.x as number satisfies number;").outputs).toEqual([
      "A",
      "a",
    ]);
  });
});

describe("implicit display", () => {
  it("an expression without a semicolon shows its value", () => {
    for (const source of [
      "1 + n",
      "{a: 1}",
      "({a: 1})",
      "await f()",
      "n // the number",
      "f<number>(n)",
    ])
      expect(compile(source).expression, source).toBe(true);
  });

  it("a program does not", () => {
    for (const source of ["n;", "const a = 1", "function f() {}", "class A {}", "n\nn"])
      expect(compile(source).expression, source).toBe(false);
  });

  it("a cell that displays by itself shows nothing more", () => {
    expect(compile("display(n)").expression).toBe(false);
    expect(compile("view(n)").expression).toBe(false);
  });
});

describe("errors stand at their place", () => {
  it("a syntax error has its line and column", () => {
    expect(problemIn("const a = 1;\nconst b = ;")).toMatchObject({line: 2, column: 11});
  });

  it("the column is that of the typed text, types and all", () => {
    expect(problemIn("const a: number = 1;\nconst a: number = 2 + a;")).toMatchObject({
      line: 2,
      column: 7,
      message: expect.stringContaining("already been declared"),
    });
  });

  it("says what, where, and the usual cause", () => {
    expect(problemIn("f(1,").message).toBe(
      "unexpected token (line 1): is a bracket, a comma or an operand missing just before?",
    );
  });

  it("names the line on which another cell's name is assigned", () => {
    const {message, line} = problemIn("const a = 1;\n\nn = a;");
    expect(message).toContain("n cannot be assigned here");
    expect(line).toBe(3);
  });

  it("refuses import, export, and the language's own names", () => {
    expect(problemIn("import a from 'b'").message).toContain("cannot import");
    expect(problemIn("export const a = 1;").message).toContain("cannot export");
    expect(problemIn("const Map = 1;").message).toContain("Map is the language's own name");
  });

  it("refuses code that is made of text, but not the names", () => {
    expect(problemIn('const a = 1;\neval("a");')).toMatchObject({
      line: 2,
      message: expect.stringContaining("code made of text"),
    });
    expect(problemIn('new Function("while (true);")').message).toContain("code made of text");
    expect(() => compile("const isFunction = n instanceof Function;")).not.toThrow();
    expect(() => compile("function f(eval1: () => void) { eval1(); }")).not.toThrow();
  });

  it("a kernel listing may export; its syntax is checked all the same", () => {
    expect(() =>
      checkSyntax("export function* f(a: Page): Op<void> { yield* g(a); }"),
    ).not.toThrow();
    expect(() => checkSyntax("export function* f() {\n  yield* g(;\n}")).toThrow("(line 2)");
  });
});

it("keeps the number of lines, so that run-time errors can be placed", () => {
  const source =
    "type A = {\n  a: number;\n};\nfor (const i of [1])\n  display(i as number);\n\n// end";
  expect(compile(source).body.split("\n").length).toBe(source.split("\n").length + 1);
});
