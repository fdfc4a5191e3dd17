import {readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {fillBackMatter} from "../../src/book/back-matter.ts";
import {parseChapter} from "../../src/book/chapter.ts";
import {bibtexOf, citationOf, editionOf} from "../../src/book/edition.ts";
import {KEYS} from "../../src/book/keys.ts";
import {moves} from "../../site/timeline-controls.ts";

const citation = readFileSync("CITATION.cff", "utf8");
const chapter = (text: string) =>
  parseChapter(
    {name: "01-a.md", text},
    {cut: (): never => expect.unreachable(), highlight: (code) => code},
  );

describe("an edition", () => {
  it("has another name as soon as a word or a hidden cell is another, and the same otherwise", () => {
    const name = (text: string) => editionOf([chapter(text)], {citation}).name;
    expect(name("# A\n\nOne.")).toBe(name("# A\n\nOne."));
    expect(name("# A\n\nOne.")).not.toBe(name("# A\n\nTwo."));
    expect(name("# A\n\n```ts\n1\n```")).not.toBe(name("# A\n\n```ts\n2\n```"));
  });

  it("is cited with its hash", () => {
    const edition = {name: "0.1.0-abcd1234", version: "0.1.0", released: "2026-02-03"};
    expect(bibtexOf(edition)).toContain("edition = {0.1.0-abcd1234}");
    expect(bibtexOf(edition)).toMatch(/year {4}= \{2026\},\n {2}month {3}= feb/);
    expect(citationOf(edition, citation)).toContain("\nversion: 0.1.0-abcd1234\n");
  });

  it("CITATION.cff has the version of the package", () => {
    const {version} = JSON.parse(readFileSync("package.json", "utf8")) as {version: string};
    expect(editionOf([], {citation}).version).toBe(version);
  });
});

describe("pages behind the book", () => {
  const facts = {
    edition: editionOf([], {citation}),
    citation,
    sources: new Map(),
    chapters: [],
    issues: null,
  };

  it("are told what only the build knows", () => {
    const page = fillBackMatter({name: "x.md", text: "# X\n\n{{edition}}"}, facts);
    expect(page.text).toBe(`# X\n\n${facts.edition.name}`);
  });

  it("a word that stands for nothing is an error", () => {
    expect(() => fillBackMatter({name: "x.md", text: "{{editoin}}"}, facts)).toThrow(
      "x.md: {{editoin}} stands for nothing",
    );
  });

  it("a wrong model is reported where whoever publishes the book says", () => {
    const text = (issues: string | null) =>
      fillBackMatter({name: "x.md", text: "{{report}}"}, {...facts, issues}).text;
    expect(text("https://example.org/new")).toBe("[Report it](https://example.org/new).");
    expect(text(null)).toContain("does not know");
  });
});

it("the list of keys has every key of the timeline", () => {
  const ARROWS: Record<string, string> = {ArrowLeft: "←", ArrowRight: "→"};
  const trace = {steps: [], findings: [{}]} as unknown as Parameters<typeof moves>[0];
  const known = moves(trace).map(({key}) =>
    key
      .split("+")
      .map((part) => ARROWS[part] ?? part)
      .join(" "),
  );
  const listed = KEYS.find(({where}) => where === "In a timeline")!.keys;
  expect(listed.flatMap(({keys}) => keys).sort()).toEqual(known.sort());
});
