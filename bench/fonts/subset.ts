// The book's fonts, cut down to what the book sets in them: its letters, its two weights, its kinds of figures. A third of what the packages
// have, which is what lets them come before a page is laid out for the first time.

import {readFile} from "node:fs/promises";
import {join} from "node:path";
import subsetFont from "subset-font";

/** Printable ASCII, the Latin letters that names and readers' words have, and the signs of the text. */
export const LETTERS = [
  ...Array.from({length: 95}, (_, i) => String.fromCharCode(32 + i)),
  ..."ÄÅÆÇÉÖØÜßàáâãäåæçèéêëíîïñòóôõöøùúûü",
  ..."§©«»°±µ¶·×÷–—‘’“”…•™→←↑↓−≤≥≠≈",
].join("");

/** Regular, semibold, and what is between. */
const WEIGHTS = {min: 400, max: 600};
/** Kerning, ligatures, accents; figures for text, for capitals and for tables. */
const FEATURES = ["kern", "liga", "ccmp", "onum", "lnum", "tnum"];

/** The name under which the book has a font, and the file it is made of. */
const FONTS = {
  "source-serif-4": "source-serif-4/files/source-serif-4-latin-wght-normal.woff2",
  "source-serif-4-italic": "source-serif-4/files/source-serif-4-latin-wght-italic.woff2",
  inter: "inter/files/inter-latin-wght-normal.woff2",
  "jetbrains-mono": "jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2",
};

/** By the name of their files, each with its licence, which has to go with it. */
export async function fontFiles(root: string): Promise<Map<string, Buffer>> {
  const from = join(root, "node_modules/@fontsource-variable");
  const files = new Map<string, Buffer>();
  for (const [name, path] of Object.entries(FONTS)) {
    const font = await readFile(join(from, path));
    const options = {variationAxes: {wght: WEIGHTS}, keepFeatures: FEATURES};
    files.set(
      `${name}.woff2`,
      await subsetFont(font, LETTERS, {targetFormat: "woff2", ...options}),
    );
    const [family] = path.split("/");
    files.set(`${family}.LICENSE`, await readFile(join(from, family, "LICENSE")));
  }
  return files;
}
