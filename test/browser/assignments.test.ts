// An assignment in the page: written, checked, stepped through, saved. And what the page says is what the grader says, byte for byte, for every solution
// that there is, right or wrong.

import variant from "@jitl/quickjs-wasmfile-release-sync";
import {readFileSync} from "node:fs";
import {chromium, type Browser, type Page} from "playwright-core";
import {guest} from "virtual:oracle-guest";
import {sources} from "virtual:kernel-source";
import {notebooks} from "virtual:notebooks";
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it} from "vitest";
import {assignments} from "../../notebooks/index.ts";
import type {Serving} from "../../bin/serve.ts";
import {judge, linkOf, WHO, type Assignment, type Engine} from "../../src/grade/index.ts";
import {packShared} from "../../src/book/shared_link.ts";
import {loadQuickJS} from "../../src/oracle/index.ts";
import {solutionsOf, submissionOf, type Solution} from "../notebooks/solutions.ts";
import {serveBook} from "./book.ts";
import {BROWSER_ARGUMENTS, findBrowser} from "./find-browser.ts";

let site: Serving;
let browser: Browser;
let page: Page;
let engine: Engine;
let trouble: string[];

beforeAll(async () => {
  site = await serveBook();
  browser = await chromium.launch({executablePath: findBrowser(), args: BROWSER_ARGUMENTS});
  engine = {sources, guest, quickjs: await loadQuickJS(variant)};
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await site?.close();
});

beforeEach(async () => {
  trouble = [];
  page = await browser.newPage();
  page.on("pageerror", (error) => void trouble.push(`page: ${error.message}`));
  page.on(
    "console",
    (m) => void (m.type() === "error" && trouble.push(`console: ${m.text()}`)),
  );
});

afterEach(async () => {
  await page.close();
  expect(trouble).toEqual([]);
});

async function open({name}: Assignment): Promise<void> {
  await page.goto(`${site.url}assignment-${name}.html`);
  await page.getByRole("button", {name: "Check", exact: true}).waitFor();
}

/** Writes a solution where the page keeps what a reader writes. */
async function write(assignment: Assignment, {cells, student = "s1"}: Solution): Promise<void> {
  const texts = assignment.answers.flatMap(({cell, kind, defines}) => {
    const text = cells.get(cell);
    const id = kind === "functions" ? `kernel/${defines[0]}` : `cell-${cell}`;
    return text === undefined ? [] : [[id, text]];
  });
  const all = [[`cell-${WHO}`, `const student = "${student}";`], ...texts];
  await page.evaluate(
    ({chapter, edits}) => {
      localStorage.clear();
      for (const [id, text] of edits)
        localStorage.setItem(
          `tailpage:edit:${chapter}:${id}`,
          JSON.stringify({text, original: ""}),
        );
    },
    {chapter: `assignment-${assignment.name}`, edits: all},
  );
}

/** What the page's check comes to, as text. */
async function check(): Promise<string> {
  return await page.evaluate(
    () =>
      new Promise<string>((told) => {
        document.addEventListener(
          "graded",
          (event) => told(JSON.stringify((event as CustomEvent<unknown>).detail)),
          {once: true},
        );
        [...document.querySelectorAll("button")]
          .find((b) => b.textContent === "Check")!
          .click();
      }),
  );
}

/** What Save would write, as the page makes it. */
async function saved(): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", {name: "Save", exact: true}).click(),
  ]);
  return readFileSync(await download.path(), "utf8");
}

describe.each(assignments)("$name", (assignment) => {
  it("the page says of every solution what the grader says, byte for byte", async () => {
    await open(assignment);
    const {starter, edition} = notebooks[assignment.name];
    const course = {assignment, starter, edition};
    for (const solution of solutionsOf(assignment.name)) {
      await write(assignment, solution);
      const here = await check();
      const handedIn = {file: `${assignment.name}.html`, text: await saved()};
      expect(here, solution.name).toBe(
        JSON.stringify({results: judge(handedIn, course, engine)}),
      );
    }
  }, 600_000);
});

/** A wrong answer, and a property that it loses by a race that the book does not have. */
const LOST = [
  {number: "01", wrong: "wrong/another-primitive", id: "only-that-one"},
  {number: "05", wrong: "wrong/not-locked", id: "looked-at"},
];

it.each(LOST)(
  "$number: what a check has found is opened by its link",
  async (lost) => {
    const assignment = assignments.find(({name}) => name.startsWith(lost.number))!;
    const {starter, edition} = notebooks[assignment.name];
    const solution = solutionsOf(assignment.name).find(({name}) => name === lost.wrong)!;
    const text = submissionOf(assignment.name, solution);
    const results = judge({file: "a.html", text}, {assignment, starter, edition}, engine);
    const {message, counterexample} = results.properties.find(({id}) => id === lost.id)!;
    await page.goto(await linkOf(results, counterexample!, site.url, packShared));
    await page.getByRole("button", {name: "Run it, shut away"}).click();
    const frame = page.frameLocator("iframe.guest");
    await frame.getByRole("slider", {name: "step"}).first().press("End");
    await frame.getByText(message).first().waitFor();
  },
  120_000,
);

it("an answer is written, checked, and the schedule that shows what is wrong is stepped through", async () => {
  const assignment = assignments.find(({name}) => name.startsWith("06"))!;
  await open(assignment);
  await page.locator('[data-kernel="try_get_compound_head"]').click();
  const editor = page.locator(".cm-content").first();
  await editor.click();
  await page.keyboard.press("Control+a");
  const wrong = solutionsOf(assignment.name).find(({loses}) =>
    loses.includes("the-right-page"),
  )!;
  await page.keyboard.insertText(wrong.cells.get(20)!);
  await page.keyboard.press("Shift+Enter");
  await page.getByRole("button", {name: "Check", exact: true}).click();
  await page.getByRole("button", {name: "Show the schedule"}).first().click();
  await page.locator(".counterexample .timeline").waitFor();
  await page
    .locator(".check [role=status]", {hasText: "points, hidden checks apart"})
    .waitFor();
  expect(await saved()).toContain(wrong.cells.get(20)!.split("\n")[0]);
}, 120_000);
