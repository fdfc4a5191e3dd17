// Builds the pages of the book into a folder: every chapter, in the order of their file names.

import {mkdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {parseChapter, type Chapter, type ChapterSource, type Cut} from "./chapter.ts";
import {createHighlight} from "./highlight.ts";
import {renderPage, type Assets} from "./page.ts";

export async function buildBook({
  chapters: sources,
  cut,
  out,
  assets,
}: {
  chapters: readonly ChapterSource[];
  cut: Cut;
  out: string;
  assets: Assets;
}): Promise<readonly Chapter[]> {
  const highlight = await createHighlight();
  const chapters = [...sources]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((source) => parseChapter(source, {cut, highlight}));

  await mkdir(out, {recursive: true});
  await Promise.all(
    chapters.map((chapter) => {
      const page = renderPage(chapter, {chapters, assets});
      return writeFile(join(out, `${chapter.slug}.html`), page);
    }),
  );
  // The book opens at its first chapter.
  if (chapters[0])
    await writeFile(join(out, "index.html"), renderPage(chapters[0], {chapters, assets}));
  await writeFile(join(out, "404.html"), NOT_FOUND);
  return chapters;
}

/** Has no style and no link: nobody knows from how deep a path it is shown. */
const NOT_FOUND = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>No such page · Tail Page</title>
<link rel="icon" href="data:,">
<main>
<h1>No such page</h1>
<p>The book has no page at this address.</p>
</main>
</html>
`;
