// TypeScript as the page has it, without what nobody asks (bin/typescript-module.ts): it answers as the whole does.

import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {pathToFileURL} from "node:url";
import {afterAll, beforeAll, expect, it, vi} from "vitest";
import {library} from "virtual:type-library";
import {asModule} from "../../bin/typescript-module.ts";
import type {TypesService} from "../../site/types-service.ts";
import type {Text} from "../../site/types-texts.ts";

const folder = mkdtempSync(join(tmpdir(), "tailpage-"));
let whole: TypesService;
let cut: TypesService;

beforeAll(async () => {
  whole = await createService();
  const file = join(folder, "typescript.mjs");
  writeFileSync(
    file,
    asModule(readFileSync("node_modules/typescript/lib/typescript.js", "utf8")),
  );
  vi.doMock("typescript", () => import(pathToFileURL(file).href));
  cut = await createService();
});
afterAll(() => rmSync(folder, {recursive: true}));

async function createService(): Promise<TypesService> {
  vi.resetModules();
  const {createTypesService} = await import("../../site/types-service.ts");
  return createTypesService(library);
}

type Question = readonly [what: string, kind: Text["kind"], ...codes: string[]];

/** Each is asked at its end. What is cut away would be asked for by one of these, if by any. */
const QUESTIONS: readonly Question[] = [
  ["a name begun", "cell", "const shown = page_map"],
  ["what another cell gives", "cell", "const given = [1, 2]", "give"],
  ["behind a dot", "cell", "const list = [{a: 1}]; list."],
  ["a key that is a symbol", "cell", "const key = Symbol(); const a = {[key]: 1, b: 2}; a."],
  ["a key of another cell", "cell", "const key = Symbol()", "const a = {[key]: 1, b: 2}; a."],
  ["in a string", "cell", 'const v: "a" | "b" = "'],
  ["a case", "cell", 'const v: "a" | "b" = "a"; switch (v) { case '],
  ["the name of a type", "cell", "const own: OwnR"],
  ["a member of a class", "cell", "class A { get"],
  ["a member of an object", "cell", "const o: {a(): void} = { "],
  ["in a comment", "cell", "/** @par"],
  ["where one takes from", "cell", 'import {} from "'],
  ["half a sentence", "cell", "const half = (1 +"],
  ["a wrong type", "cell", "const wrong: string = [1].map((x) => x * 2)"],
  ["too much of an object", "cell", "const o: {a: number} = {a: 1, b: 2}"],
  ["a misspelt member", "cell", "[1].lenght"],
  ["a field of a page", "kernel", "function* f(page: Page) { page."],
  ["the type of an argument", "kernel", "function f(page: Pa"],
  ["wrong arguments", "kernel", "function f(page: Page) { return put_page(1, page) }"],
  ["what may be none", "kernel", "function f(page: Page | null) { return page.flags }"],
];

for (const [what, kind, ...codes] of QUESTIONS)
  it(what, () => {
    const texts = codes.map((code, i): Text => ({id: `text-${i}`, kind, code}));
    const {id, code} = texts.at(-1)!;
    const [ofWhole, ofCut] = [whole, cut].map((service) => {
      service.update(texts);
      const offered = service.complete(id, code.length);
      return {
        offered,
        described: offered.slice(0, 3).map(({name}) => service.describe(id, code.length, name)),
        hint: service.hint(id, code.length - 1),
        problems: service.check(id),
      };
    });
    expect(ofCut).toEqual(ofWhole);
    expect([...ofWhole!.offered, ...ofWhole!.problems]).not.toEqual([]);
  });
