// The name of the code that a schedule was recorded on: equal exactly where the code is.

import {readFileSync} from "node:fs";
import {expect, it} from "vitest";
import {fixed, livepatched, v5_13} from "../support.ts";

const ROOTS = ["show_smap", "madvise_free"];
const was = v5_13.hashOf(ROOTS);

/** A function as its source file has it. */
function cut(name: string): string {
  const {file, line, endLine} = v5_13.declarations.get(name)!;
  return readFileSync(file, "utf8")
    .split("\n")
    .slice(line - 1, endLine)
    .join("\n");
}

function patchedHash(text: string): string {
  return livepatched({name: "my.ts", text}).hashOf(ROOTS);
}

it("is eight characters of a link", () => expect(was).toMatch(/^[0-9a-z]{8}$/));

it.each(["page_mapcount", "smaps_account", "split_huge_page_to_list", "node"])(
  "a livepatch that defines %s as it is has the same",
  (name) => expect(patchedHash(cut(name))).toBe(was),
);

it("comments, types and white space do not count", () => {
  const text = cut("page_mapcount");
  const changed = text
    .replace(
      "(page: Page): Op<number>",
      "(\n  page: /* any */ Page | Page\n): Op<number & number>",
    )
    .replace("return mapcount + 1;", "// one more\n  return   mapcount+1;");
  expect(changed).not.toBe(text);
  expect(patchedHash(`// Mine.\n\n${changed}`)).toBe(was);
});

it("a changed function is told apart, however far from the roots", () => {
  expect(patchedHash(cut("page_mapcount").replace("+ 1", "+ 2"))).not.toBe(was);
  expect(
    patchedHash(cut("list_add_tail").replace("entry.prev, prev", "entry.prev, 0")),
  ).not.toBe(was);
  expect(fixed.hashOf(ROOTS)).not.toBe(was);
});

it("a function that the race does not reach does not count", () => {
  expect(patchedHash(cut("get_page_unless_zero").replace("1, 0", "2, 0"))).toBe(was);
  expect(v5_13.hashOf(["madvise_free"])).not.toBe(was);
});

it("is the same however the roots are ordered", () => {
  expect(v5_13.hashOf([...ROOTS].reverse())).toBe(was);
});
