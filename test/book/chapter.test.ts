import {beforeAll, describe, expect, it} from "vitest";
import {parseChapter, type Chapter, type Cut} from "../../src/book/chapter.ts";
import {createHighlight, type Highlight} from "../../src/book/highlight.ts";
import {renderPage} from "../../src/book/page.ts";

const cut: Cut = (ref) => {
  const name = ref.split("#")[1]!;
  if (name !== "page_mapcount") throw new Error(`the kernel has no function ${name}`);
  const code =
    "export function* page_mapcount(page: Page): Op<number> {\n  return yield* load(page);\n}";
  return {name, file: "src/mm/mm.ts", line: 7, code, firstLine: 7, caption: "mm/mm.c, v5.13"};
};
let highlight: Highlight;
beforeAll(async () => void (highlight = await createHighlight()));

function parse(text: string, name = "11-the-thread.md"): Chapter {
  return parseChapter({name, text}, {cut, highlight});
}
const fence = (info: string, ...lines: string[]): string =>
  ["```" + info, ...lines, "```"].join("\n");

describe("a chapter's opening", () => {
  it("has its number from the file's name, its title from the first heading, and the quote after it", () => {
    const chapter = parse(
      "# The *thread*\n\n> Four loads.\n\nA mail explains a crash. And more.",
    );
    expect(chapter).toMatchObject({slug: "11-the-thread", number: 11, title: "The thread"});
    expect(chapter.epigraph).toContain("Four loads.");
    expect(chapter.description).toBe("A mail explains a crash.");
    expect(chapter.html).not.toContain("<h1");
  });

  it("may have them from front matter instead", () => {
    const chapter = parse(
      "---\ntitle: Afterwards\ndescription: What came of it.\n---\n\nText.",
    );
    expect(chapter).toMatchObject({title: "Afterwards", description: "What came of it."});
  });

  it("a chapter without a title is an error", () => {
    expect(() => parse("Text.")).toThrow("11-the-thread.md, line 1: a chapter needs a title");
  });
});

describe("cells", () => {
  it("a ts block is a live cell whose source is hidden", () => {
    const {cells, html} = parse("# T\n\n" + fence("ts", "1 + 1"));
    expect(cells).toMatchObject([
      {id: "cell-1", source: "1 + 1", expression: true, inline: false, line: 4},
    ]);
    expect(html).toContain('data-output="cell-1"');
    expect(html).not.toContain("<pre");
  });

  it("echo shows the source; run=false only shows it", () => {
    expect(parse("# T\n\n" + fence("ts echo", "1 + 1")).html).toContain('data-cell="cell-1"');
    const listing = parse("# T\n\n" + fence("ts run=false", "yield* nothing("));
    expect(listing.cells).toEqual([]);
    expect(listing.html).toContain("code-star");
  });

  it("a program says how many lines it has", () => {
    const {html} = parse("# T\n\n" + fence("ts echo", "const one = 1;\n\none + 1"));
    expect(html).toContain('<pre style="--lines: 3">');
    expect(html.match(/class="line"/g)).toHaveLength(3);
  });

  it("a long name in a table may be broken, a short one need not be", () => {
    const {html} = parse("# T\n\n| name |\n|---|\n| `page_vma_mapped_walk()`, `lock_page()` |");
    expect(html).toContain("page_vma_<wbr>mapped_<wbr>walk()");
    expect(html).toContain("lock_page()");
  });

  it("${...} is a live expression, but not in code", () => {
    const {cells, html} = parse("# T\n\nIt is ${`${n}}`.length} of `${n}`.");
    expect(cells).toMatchObject([{source: "`${n}}`.length", inputs: ["n"], inline: true}]);
    expect(html).toContain("<code>${n}</code>");
  });

  it("stars before a title are a picture with a name", () => {
    const {html} = parse("# T\n\n### ★★ Look again\n\nThree ★ in a text stay.");
    expect(html).toMatch(/<h3 id="look-again"><span [^>]*aria-label="2 of 3 stars:">/);
    expect(html.match(/<svg/g)).toHaveLength(2);
    expect(html).toContain("Three ★ in a text stay.");
  });

  it("a cell may ask for room, in rem", () => {
    const cell = (room: string) => parse(`# T\n\n\`\`\`ts room=${room}\n1;\n\`\`\``);
    expect(cell("7").html).toContain('style="--room: 7rem"');
    expect(() => cell('"much')).toThrow('line 3: room="much: it is a height in rem');
  });

  it("a cell that does not parse names the chapter and the line", () => {
    const text = "# T\n\nText.\n\n" + fence("ts", "const a = 1;", "const b = ;");
    expect(() => parse(text)).toThrow("11-the-thread.md, line 7: unexpected token");
  });

  it("a name given twice and a circle are errors of the build, and name every edge", () => {
    expect(() =>
      parse(["# T", fence("ts", "const a = 1;"), fence("ts", "const a = 2;")].join("\n\n")),
    ).toThrow("line 4: a is defined more than once");
    const circle = [
      fence("ts", "const a = b;"),
      fence("ts", "const b = c;"),
      fence("ts", "const c = a;"),
    ];
    expect(() => parse(["# T", ...circle].join("\n\n"))).toThrow(
      "the cell of a needs b, the cell of b needs c, the cell of c needs a",
    );
  });
});

describe("kernel listings", () => {
  it("are cut by name, with a caption, and can be edited", () => {
    const {listings, html} = parse("# T\n\n" + fence("ts src=mm/mm.ts#page_mapcount"));
    expect(listings).toMatchObject([{name: "page_mapcount", line: 7}]);
    expect(html).toContain("mm/mm.c, v5.13");
    expect(html).toContain('data-kernel="page_mapcount"');
  });

  it("a name that the kernel does not have names the chapter and the line", () => {
    expect(() => parse("# T\n\n" + fence("ts src=mm/mm.ts#page_mapcuont"))).toThrow(
      "11-the-thread.md, line 3: src=mm/mm.ts#page_mapcuont: the kernel has no function page_mapcuont",
    );
  });
});

describe("margin notes", () => {
  it("are numbered by their references; a word's note explains a term and has no number", () => {
    const {html} = parse(
      "# T\n\nA[^entry] b[^2] c[^1].\n\n[^1]: one\n[^2]: *two*\n  and more\n[^entry]: a term",
    );
    expect(html).toMatch(/class="note term".*a term/);
    expect(html).toMatch(/<sup>1<\/sup> <em>two<\/em> and more/);
    expect(html).toMatch(/<sup>2<\/sup> one/);
  });

  it("a reference without its note, and a note without a reference, are errors with their line", () => {
    expect(() => parse("# T\n\nText.\n\nA[^x].")).toThrow("line 5: there is no note [^x]");
    expect(() => parse("# T\n\n[^1]: never used")).toThrow(
      "line 3: nothing refers to the note [^1]",
    );
  });
});

it("links between chapters become links between pages", () => {
  expect(parse("# T\n\n[next](12-fixes.md#table)").html).toContain(
    'href="12-fixes.html#table"',
  );
});

describe("the page", () => {
  const assets = {
    module: "assets/main.js",
    imports: ["assets/html.js"],
    around: "assets/around.js",
    early: "assets/early.js",
    data: {fidelity: {kernel: "5.14"}},
    styles: ["assets/a.css"],
    fonts: ["assets/serif.woff2"],
  };
  const edition = {name: "0.1.0-1234abcd", version: "0.1.0", released: "2026-11-22"};

  it("is complete, has relative addresses only and no inline script", () => {
    const chapter = parse("# The thread\n\nA mail explains a crash.");
    const page = renderPage(chapter, {chapters: [chapter], assets, edition});
    expect(page).toContain('<html lang="en">');
    expect(page).toContain("<title>The thread · Tail Page</title>");
    expect(page).toContain('content="A mail explains a crash."');
    expect(page).toContain('<link rel="icon" href="data:,">');
    for (const [, address] of page.matchAll(/(?:href|src)="([^"]*)"/g))
      expect(address).not.toMatch(/^(\/|https?:)/);
    for (const [, attributes] of page.matchAll(/<script([^>]*)>/g))
      expect(attributes).toMatch(/src=|application\/json/);
  });

  it("asks for all that the first live cell needs before the parser has to wait", () => {
    const chapter = parse("# T\n\nText.");
    const page = renderPage(chapter, {chapters: [chapter], assets, edition});
    const wait = page.indexOf('<script src="assets/early.js">');
    for (const file of [
      "assets/a.css",
      "assets/main.js",
      "assets/html.js",
      "assets/serif.woff2",
    ]) {
      expect(page.indexOf(`href="${file}"`), file).toBeGreaterThan(0);
      expect(page.indexOf(`href="${file}"`), file).toBeLessThan(wait);
    }
    // A style sheet in front of it would make the parser wait for that as well.
    expect(page.indexOf('rel="stylesheet"')).toBeGreaterThan(wait);
    // Cells first, then fonts.
    for (const [tag] of page.matchAll(/<[^>]*assets\/(serif|around)[^>]*>/g))
      expect(tag).toContain('fetchpriority="low"');
  });

  it("has data within, where its first cell uses any, and else not", () => {
    const within =
      '<script type="application/json" id="data-fidelity">{"kernel":"5.14"}</script>';
    const of = (text: string) => {
      const chapter = parse(`# T\n\n${text}`);
      return renderPage(chapter, {chapters: [chapter], assets, edition});
    };
    expect(of("Linux ${fidelity.kernel}, ${grouped(1)}.")).toContain(within);
    expect(of("${grouped(1)} of Linux ${fidelity.kernel}.")).not.toContain("data-fidelity");
    expect(of("Text.")).not.toContain("data-fidelity");
  });

  it("carries its cells as data that cannot end the script", () => {
    const chapter = parse("# T\n\n" + fence("ts", 'display("</script>")'));
    const page = renderPage(chapter, {chapters: [chapter], assets, edition});
    const json = /<script type="application\/json" id="chapter-data">(.*?)<\/script>/s.exec(
      page,
    )![1]!;
    expect(JSON.parse(json)).toMatchObject({
      chapter: "11-the-thread",
      cells: [{source: 'display("</script>")'}],
    });
  });

  it("shows the reading order, with the neighbours", () => {
    const [a, b] = [parse("# A", "00-a.md"), parse("# B", "01-b.md")];
    const page = renderPage(a, {chapters: [a, b], assets, edition});
    expect(page).toMatch(/href="00-a.html" aria-current="page"/);
    expect(page).toMatch(/rel="next" href="01-b.html"/);
  });
});

describe("highlighting", () => {
  it("the star is one word with its function or yield", () => {
    const html = highlight("export function* f() {\n  yield* g(2 * 3); // yield* x\n}", "ts");
    expect(html.match(/<span class="code-star">[^<]*<\/span>/g)).toEqual([
      '<span class="code-star">function*</span>',
      '<span class="code-star">yield*</span>',
    ]);
  });

  it("keeps every character of the code", () => {
    const code = 'const a: Array<number> = [1, "<&>"];\n\n  // "end"';
    const lines = [
      ...highlight(code, "ts").matchAll(
        /<span class="line">(.*?)<\/span>(?=<span class="line">|$)/g,
      ),
    ];
    const text = lines.map(([, line]) => line!.replace(/<[^>]*>/g, "")).join("\n");
    expect(
      text
        .replace(/&lt;/g, "<")
        .replace(/&gt;/g, ">")
        .replace(/&quot;/g, '"')
        .replace(/&amp;/g, "&"),
    ).toBe(code);
  });
});
