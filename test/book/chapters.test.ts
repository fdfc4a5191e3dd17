import {readdirSync, readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {builtinsOf} from "../../bin/book-builtins.ts";
import {listingsOf} from "../../bin/listing.ts";
import {parseChapter} from "../../src/book/chapter.ts";
import {checkChapter} from "../../src/book/run-chapter.ts";

const builtins = builtinsOf(".");
const cut = listingsOf(".");
const names = readdirSync("chapters").filter((name) => name.endsWith(".md"));

describe.each(names)("%s", (name) => {
  it("runs every cell, shows what its text says it shows, and its solutions are solutions", async () => {
    const text = readFileSync(`chapters/${name}`, "utf8");
    const chapter = parseChapter({name, text}, {cut, highlight: (code) => code});
    expect(await checkChapter(chapter, builtins)).toEqual([]);
  }, 300_000);
});
