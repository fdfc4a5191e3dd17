// What the build does to the code that a page loads, before a browser sees it.

import {readFileSync} from "node:fs";
import {expect, it} from "vitest";
import {inAscii} from "../../bin/ascii.ts";
import {asModule} from "../../bin/typescript-module.ts";

it("code in ASCII does what it did", () => {
  const code =
    "const Ω = /[–—]+/u; ({a: `„${'ä'}“`, b: Ω.test('—'), c: '🐧'.length, d: /^🐧$/u.test('🐧')})";
  const ascii = inAscii(code);
  expect(ascii).toMatch(/^[\0-\x7f]+$/);
  expect((0, eval)(`{${ascii}}`)).toEqual({a: "„ä“", b: true, c: 2, d: true});
});

it("TypeScript as a module has the names it had", () => {
  const code = readFileSync("node_modules/typescript/lib/typescript.js", "utf8");
  const module = asModule(code);
  const [, listed = ""] = /\nexport \{([^}]*)\};/.exec(module)!;
  const names = [...listed.matchAll(/ as (\w+)/g)].map(([, name]) => name);
  expect(names).toContain("createLanguageService");
  expect(names.length).toBeGreaterThan(2000);
});

it("TypeScript that is written in another way is refused, and said where to look", () => {
  expect(() => asModule("var ts = 1;\n")).toThrow(/not written as it was.*typescript-module/);
});
