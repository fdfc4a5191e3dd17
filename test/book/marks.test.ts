import {describe, expect, it} from "vitest";
import type {Apparatus} from "../../src/book/apparatus.ts";
import {parseChapter, type Chapter} from "../../src/book/chapter.ts";
import {glossaryAsChapter, readGlossary} from "../../src/book/glossary.ts";
import {kernelNames} from "../../src/book/kernel-names.ts";
import {addressOf, readSources, sourcesMarkdown} from "../../src/book/sources.ts";

const GLOSSARY = `# Glossary

## migration entry
kernel: \`swp_entry_t\`
also: migration entries
chapter: 6

It names a page. The page may be a [[tail]].

## tail
chapter: 5

Not the first.
`;
const SOURCES = `{
  "first": {"mail": "YL5/mz4@host.example", "author": "A", "date": "2021-06-07", "about": "One."},
  "fix": {"commit": "24d7275ce2791829953ed4e72f68277ceb2571c6", "author": "B", "date": "2022-02", "about": "Two.", "version": "v5.17"}
}`;
const modelled = [
  {
    text: "// GUP-fast. Models mm/gup.c, v5.13.\n//\n// Not mm/memory.c.\n",
    names: ["gup_pte_range"],
  },
];
const apparatus: Apparatus = {
  glossary: readGlossary(GLOSSARY),
  sources: readSources(SOURCES),
  names: kernelNames(modelled, {"mm/rmap.c@v5.14": ["try_to_migrate"]}),
};

function parse(text: string, name = "11-the-thread.md"): Chapter {
  const cut = (): never => {
    throw new Error("nothing is cut here");
  };
  return parseChapter({name, text}, {cut, highlight: (code) => code, apparatus});
}

describe("terms", () => {
  it("a mark becomes a button for a card that says what the glossary says", () => {
    const {html, cards} = parse("# T\n\nA [[migration entry]] is met.");
    expect(html).toContain('popovertarget="term-migration-entry"');
    expect(html).toContain(">migration entry</button>");
    expect(cards.map(({term}) => term.name)).toEqual(["migration entry"]);
    expect(cards[0]!.kernel).toBe("<code>swp_entry_t</code>");
  });

  it("the sentence may have another word, in any case, over a line's end, or as code", () => {
    const {html, cards} = parse(
      "# T\n\n[[Migration\nentries]] and [[on the move|migration entry]] and [[`swp`|migration entry]].",
    );
    expect(html).toContain(">on the move</button>");
    expect(html).toContain("<code>swp</code></button>");
    expect(cards).toHaveLength(1);
  });

  it("on a card and in the glossary a term is a link: a card opens no other", () => {
    const link = '<a href="D-glossary.html#tail">tail</a>';
    expect(parse("# T\n\n[[migration entry]]").cards[0]!.html).toContain(link);
    expect(parse(GLOSSARY, "D-glossary.md")).toMatchObject({cards: []});
    expect(parse(GLOSSARY, "D-glossary.md").html).toContain(link);
  });

  it("a term that the glossary lacks names the chapter and the line", () => {
    expect(() => parse("# T\n\nText.\n\nA [[frobnicator]].")).toThrow(
      "11-the-thread.md, line 5: the glossary has no term “frobnicator”",
    );
  });

  it("is also seen in a note, and not in code", () => {
    expect(parse("# T\n\nA[^1].\n\n[^1]: a [[tail]]").cards).toHaveLength(1);
    expect(parse("# T\n\n`a [[tail]]`").cards).toHaveLength(0);
  });

  it("a term that is there twice, is not explained, or has no chapter is an error with its line", () => {
    expect(() => readGlossary("## a\nchapter: 1\n\nx\n\n## A\nchapter: 1\n\ny")).toThrow(
      "line 6: A stands in the glossary twice",
    );
    expect(() => readGlossary("## a\nchapter: 1\n")).toThrow("nothing is said of a");
    expect(() => readGlossary("## a\n\nx")).toThrow("does not say which chapter earns it");
  });

  it("as a chapter it keeps its lines, and links the chapters that there are", () => {
    const text = glossaryAsChapter(GLOSSARY, (n) => (n === 6 ? "06-migration.md" : null));
    expect(text.split("\n")).toHaveLength(GLOSSARY.split("\n").length);
    expect(text).toContain("Earned in [chapter 6](06-migration.md).");
    expect(text).toContain("Earned in chapter 5.");
    expect(text).not.toContain("also:");
  });
});

describe("sources", () => {
  it("a citation shows the Message-ID, or twelve digits of the hash, and leads to the page of the sources", () => {
    const {html, cited} = parse("# T\n\nSee [@first] and[^1].\n\n[^1]: commit [@fix]");
    expect(html).toContain('href="sources.html#first"><code>YL5/mz4@host.example</code>');
    expect(html).toContain("<code>24d7275ce279</code>");
    expect(cited).toEqual(["first", "fix"]);
  });

  it("a key that is not there names the chapter and the line", () => {
    expect(() => parse("# T\n\nSee [@nobody].")).toThrow(
      "11-the-thread.md, line 3: there is no source [@nobody]",
    );
  });

  it("a slash in a Message-ID does not end the address of the archive", () => {
    expect(addressOf(apparatus.sources.get("first")!)).toBe(
      "https://lore.kernel.org/all/YL5%2Fmz4@host.example/",
    );
  });

  it("the page has mails and commits, and says who cites each", () => {
    const place = {label: "11 The thread", href: "11-the-thread.html"};
    const page = sourcesMarkdown(apparatus.sources, new Map([["first", [place]]]));
    expect(page).toMatch(
      /## Mails.*id="first".*Cited in .*11 The thread.*## Commits.*id="fix"/s,
    );
    expect(page).toContain("2022-02, v5.17. Two.");
  });

  it("an entry that is neither, or lacks something, is an error", () => {
    expect(() => readSources('{"x": {"author": "A", "date": "1", "about": "y"}}')).toThrow(
      "x: a source is either a mail or a commit",
    );
    expect(() => readSources('{"x": {"commit": "123", "author": "A", "date": "1"}}')).toThrow(
      "12 to 40 digits",
    );
  });
});

describe("functions of the kernel", () => {
  it("are typeset with file and version", () => {
    const {html} = parse(
      "# T\n\nIn {mm/gup.c#gup_pte_range}, later {mm/rmap.c#try_to_migrate@v5.14}.",
    );
    expect(html).toContain("<code>mm/gup.c</code>, <code>gup_pte_range()</code>, v5.13");
    expect(html).toContain("<code>try_to_migrate()</code>, v5.14");
  });

  it("one that is not known there names the line, and where it is known", () => {
    expect(() => parse("# T\n\n{mm/util.c#gup_pte_range}")).toThrow(
      "line 3: gup_pte_range() is not known in mm/util.c (it is known in mm/gup.c)",
    );
    expect(() => parse("# T\n\n{mm/memory.c#gup_pte_range}")).toThrow(
      "not known in mm/memory.c",
    );
    expect(() => parse("# T\n\n{mm/rmap.c#try_to_migrate}")).toThrow(
      "known in mm/rmap.c@v5.14",
    );
  });
});

it("without an apparatus marks stand as text, so that the cells of a chapter can be run alone", () => {
  const {html} = parseChapter(
    {name: "01-t.md", text: "# T\n\nA [[thing]], [@key]."},
    {cut: (): never => expect.unreachable(), highlight: (code) => code},
  );
  expect(html).toContain("A thing,");
});
