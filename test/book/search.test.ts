import MiniSearch from "minisearch";
import {describe, expect, it} from "vitest";
import {parseChapter} from "../../src/book/chapter.ts";
import {searchIndex, sectionsOf} from "../../src/book/search-index.ts";
import {OPTIONS, termsOf, type Section} from "../../src/book/search-terms.ts";
import {excerptOf} from "../../site/excerpt.ts";

const cut = () => ({
  name: "__page_mapcount",
  file: "src/mm/util.ts",
  line: 1,
  firstLine: 1,
  code: "const both = yield* PageDoubleMap(head);\nreturn a < b;",
  caption: "mm/util.c, v5.13",
});
const TEXT = `# The thread

Opening words.

## Who *reads*

It is frozen[^1] by \`page_ref_freeze()\` & co.

[^1]: a note of its own

\`\`\`ts src=mm/util.ts#__page_mapcount
\`\`\`
`;
const chapter = parseChapter(
  {name: "11-the-thread.md", text: TEXT},
  {cut, highlight: (code) => code.replace("<", "&lt;")},
);
const index = MiniSearch.loadJSON<Section>(searchIndex([chapter]), OPTIONS);
const found = (question: string) => index.search(question).map(({href}) => href as string);

describe("what is searched", () => {
  it("is what lies below each heading, without markup, and each function of the kernel", () => {
    expect(sectionsOf(chapter)).toMatchObject([
      {href: "11-the-thread.html", heading: "", text: "Opening words."},
      {
        href: "11-the-thread.html#who-reads",
        chapter: "11 The thread",
        heading: "Who reads",
        text: "It is frozen a note of its own by page_ref_freeze() & co.",
      },
      {href: "11-the-thread.html#kernel-__page_mapcount", heading: "__page_mapcount"},
    ]);
    expect(sectionsOf(chapter)[2]!.text).toContain("return a < b;");
  });

  it("what a student is to write is no function of the kernel: it belongs to the text around it", () => {
    const text =
      "# An assignment\n\nWrite it.\n\n```ts answer=page_mapcount\nfunction* page_mapcount(page) {}\n```\n";
    const [opening, ...others] = sectionsOf(
      parseChapter({name: "x.md", text}, {cut, highlight: (code) => code}),
    );
    expect(opening!.text).toContain("page_mapcount(page)");
    expect(others).toEqual([]);
  });

  it("a name is its own words: whole, and from each of its parts on", () => {
    expect(termsOf("__page_mapcount()")).toEqual(["page_mapcount", "mapcount"]);
    expect(termsOf("PageDoubleMap")).toEqual(["pagedoublemap", "doublemap", "map"]);
    expect(termsOf("VM_BUG_ON_PAGE")).toEqual([
      "vm_bug_on_page",
      "bug_on_page",
      "on_page",
      "page",
    ]);
    expect(termsOf("v5.13")).toEqual(["v5", "13"]);
  });
});

describe("what is found", () => {
  it.each([
    ["page_ref_freeze", "#who-reads"],
    ["ref_freeze", "#who-reads"],
    ["page_ref", "#who-reads"],
    ["freeze", "#who-reads"],
    ["page_mapcount", "#kernel-__page_mapcount"],
    ["__page_mapcount", "#kernel-__page_mapcount"],
    ["mapcount", "#kernel-__page_mapcount"],
    ["doublemap", "#kernel-__page_mapcount"],
    ["opening", ""],
    ["note own", "#who-reads"],
    ["frozne", "nothing"],
    ["froen", "#who-reads"],
    ["froz", "#who-reads"],
  ])("%s", (question, where) => {
    const first = found(question)[0];
    if (where === "nothing") expect(first).toBeUndefined();
    else expect(first).toBe(`11-the-thread.html${where}`);
  });

  it("all words must be there", () => expect(found("frozen mapcount")).toEqual([]));

  it("is shown with the text around the first word, cut at words", () => {
    const text = `${"lorem ipsum ".repeat(20)}page_ref_freeze ${"dolor ".repeat(60)}`;
    const excerpt = excerptOf(text, new Set(["freeze"]));
    expect(excerpt).toMatch(/^… (lorem|ipsum) .*page_ref_freeze.* dolor …$/);
    expect(excerpt.length).toBeLessThan(190);
    expect(excerptOf("short", new Set(["short"]))).toBe("short");
    expect(excerptOf("x".repeat(500), new Set())).toHaveLength(172);
  });
});
