// What is a teacher's stays with the teacher: its mark stands in none of the files that are published.

import {existsSync, readdirSync, readFileSync, statSync} from "node:fs";
import {join} from "node:path";
import {expect, it} from "vitest";
import {assignments} from "../../notebooks/index.ts";
import {BOOK} from "../browser/book.ts";

const MARK = "teacher-only";

function filesBelow(folder: string): string[] {
  return readdirSync(folder, {recursive: true, encoding: "utf8"})
    .map((file) => join(folder, file))
    .filter((file) => statSync(file).isFile());
}

it("every file of a teacher's has the mark", () => {
  const folders = assignments.map(({name}) => join("notebooks", name, "teacher"));
  const files = folders.filter(existsSync).flatMap(filesBelow);
  expect(files.length).toBeGreaterThan(100);
  expect(files.filter((file) => !readFileSync(file, "utf8").includes(MARK))).toEqual([]);
});

it("no file of the site has it, nor what notebooks import, nor a reason why something is wrong", () => {
  const published = [...filesBelow(BOOK), "dist/model.js"];
  expect(published.length).toBeGreaterThan(50);
  expect(published.filter((file) => readFileSync(file).includes(MARK))).toEqual([]);
  const reasons = assignments.flatMap(({name}) => {
    const wrong = join("notebooks", name, "teacher", "wrong");
    return filesBelow(wrong).map(
      (file) => /^\/\/ because: (.+)$/m.exec(readFileSync(file, "utf8"))![1],
    );
  });
  const texts = published.map((file) => readFileSync(file, "utf8"));
  expect(reasons.filter((reason) => texts.some((text) => text.includes(reason)))).toEqual([]);
});
