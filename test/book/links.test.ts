import {describe, expect, it} from "vitest";
import {parseChapter} from "../../src/book/chapter.ts";
import {escapeHtml} from "../../src/book/html.ts";
import {checkLinks} from "../../src/book/links.ts";
import {kickerOf, labelOf, placeInOrder} from "../../src/book/order.ts";

const cut = (): never => {
  throw new Error("nothing is cut here");
};

function check(texts: Record<string, string>, files: string[] = []): void {
  const book = Object.entries(texts).map(([name, text]) => {
    const source = {name, text};
    return {source, chapter: parseChapter(source, {cut, highlight: escapeHtml})};
  });
  checkLinks(book, new Set(files));
}

describe("links", () => {
  it("to chapters, headings, notes, cells and images that are there are fine", () => {
    const first =
      "# A\n\n[b](02-b.md), [part](02-b.md#a-part), [here](#cell-1), ![](images/x.png)[^1]\n\n```ts\n1\n```\n\n[^1]: [out](https://example.org/) and [b](02-b.md)";
    expect(() =>
      check({"01-a.md": first, "02-b.md": "# B\n\n## A part\n"}, ["images/x.png"]),
    ).not.toThrow();
  });

  it("a dead one is an error with chapter and line, also in a note", () => {
    expect(() => check({"01-a.md": "# A\n\nText\n[b](02-b.md)"})).toThrow(
      "01-a.md, line 4: there is no chapter 02-b.md",
    );
    expect(() => check({"01-a.md": "# A\n\nText[^1]\n\n[^1]: see\n  [b](02-b.md)"})).toThrow(
      "01-a.md, line 6: there is no chapter 02-b.md",
    );
  });

  it("a dead anchor says what there is instead", () => {
    expect(() => check({"01-a.md": "# A\n\n## Mend it\n\n[x](#mend)"})).toThrow(
      "01-a.md, line 5: this chapter has no anchor #mend: it has #mend-it",
    );
    expect(() =>
      check({"01-a.md": "# A\n\n[x](02-b.md#y)", "02-b.md": "# B\n\n## Z\n"}),
    ).toThrow("02-b.html has no anchor #y");
  });

  it("an image that is not there is an error", () => {
    expect(() => check({"01-a.md": "# A\n\n![a](images/no.png)"})).toThrow(
      "line 3: there is no file chapters/images/no.png",
    );
  });

  it("an id that is there twice is an error; headings get others by themselves", () => {
    expect(() => check({"01-a.md": "# A\n\n## Text\n\n## Text\n\n## Search\n"})).not.toThrow();
    expect(() => check({"01-a.md": '# A\n\n## One\n\n<p id="one">again</p>\n'})).toThrow(
      "line 5: two things on this page have the id one",
    );
    expect(() => check({"01-a.md": '# A\n\n<p id="theme">mine</p>\n'})).toThrow("the id theme");
  });

  it("what stands in code is no link", () => {
    expect(() =>
      check({"01-a.md": '# A\n\n`<a href="no.html">`\n\n```html\n<a href="no.html">\n```\n'}),
    ).not.toThrow();
  });
});

describe("the place of a chapter", () => {
  it("a number is a chapter's, a letter an appendix's, and the first page has neither", () => {
    expect(kickerOf(placeInOrder("11-the-thread"))).toBe("Chapter 11");
    expect(kickerOf(placeInOrder("A-how-the-explorer-works"))).toBe("Appendix A");
    expect(kickerOf(placeInOrder("00-start-here"))).toBeNull();
    expect(kickerOf(placeInOrder("afterword"))).toBeNull();
    expect(labelOf({...placeInOrder("A-how"), title: "How"}, " · ")).toBe("A · How");
    expect(labelOf({...placeInOrder("00-a"), title: "Start"}, " ")).toBe("Start");
  });
});
