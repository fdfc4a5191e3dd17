import {readFileSync} from "node:fs";
import {readdir, readFile} from "node:fs/promises";
import {join} from "node:path";
import {expect, it} from "vitest";
import {fontFiles, LETTERS} from "../../bench/fonts/subset.ts";
import {ROOT} from "../../bin/root.ts";

it("are what `npm run fonts` makes of their packages", async () => {
  const made = await fontFiles(ROOT);
  expect((await readdir("site/fonts")).sort()).toEqual([...made.keys()].sort());
  for (const [name, bytes] of made)
    expect(bytes.equals(await readFile(join("site/fonts", name))), name).toBe(true);
});

it("have every letter of the chapters that their packages have", async () => {
  const chapters = (await readdir("chapters")).filter((name) => name.endsWith(".md"));
  const texts = await Promise.all(
    chapters.map((name) => readFile(join("chapters", name), "utf8")),
  );
  const used = new Set(texts.join("").replaceAll(/[\n\t]/g, ""));
  expect(used.size).toBeGreaterThan(100);
  expect([...used].filter((letter) => isLatin(letter) && !LETTERS.includes(letter))).toEqual(
    [],
  );
});

/** In the ranges of the packages' files for Latin letters. */
function isLatin(letter: string): boolean {
  const code = letter.codePointAt(0)!;
  return RANGES.some(([from, to]) => code >= from && code <= to);
}

const {latin} = JSON.parse(
  readFileSync("node_modules/@fontsource-variable/inter/unicode.json", "utf8"),
) as {readonly latin: string};

const RANGES = latin.split(",").map((range): [number, number] => {
  const [from, to = from] = range.replace("U+", "").split("-");
  return [parseInt(from, 16), parseInt(to, 16)];
});
