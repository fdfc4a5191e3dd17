// What a student reads: everything of what they can see, nothing of what they cannot.

import MarkdownIt from "markdown-it";
import {describe, expect, it} from "vitest";
import {packShared, unpackShared} from "../../src/book/shared_link.ts";
import {feedbackMarkdown, feedbackText, linkOf, linksOf} from "../../src/grade/index.ts";
import {parseSchedule} from "../../src/explore/index.ts";
import * as examples from "./examples.ts";

const {all, awkward, counterexample, full, partial, property, resultsOf, SECRETS, zero} =
  examples;

it("tells each property: what it is, what became of it, what was lost, why, and the run", () =>
  expect(feedbackText(partial, new Map([["right", "https://book.example/a.html#b"]]))).toBe(
    `== 06-try-get-compound-head: 3 of 10 points

Student: s1. Receipt: 0abc1230def456.

Note: handed in from edition old, judged by k3f9x2ab

== ✗ The title of right. (failed, 0 of 4 points)

Points lost: 4.

the head is gone

It happens when the steps come in this order:

    GUP: page[3].compound_head -> page[0] | 1
    split: page[0]._refcount <- 0

To see it again, with what you wrote in answer.ts:

    tailpage replay gup_fast_vs_split~pages-2~1w74qjh1~a14b11a5 --livepatch answer.ts

Open this run in the book:
https://book.example/a.html#b

== ✓ The title of cheap. (passed, 1 of 1 point)

There are 2 hidden checks, worth 5 points: 2 points earned.
`,
  ));

it.each(all.map((results) => [results.file, results] as const))(
  "%j: not a word of hidden properties, and the same every time",
  (_, results) => {
    for (const write of [feedbackMarkdown, feedbackText]) {
      expect(write(results)).not.toMatch(SECRETS);
      expect(write(results)).toBe(write(results));
    }
  },
);

it("what holds is told without a word more; nothing is lost where there are no points", () => {
  expect(feedbackText(full)).not.toMatch(/lost|replay|hidden/);
  expect(feedbackText(zero)).not.toMatch(/Points lost/);
});

describe("a long run", () => {
  const long = (length: number) => {
    const steps = Array.from({length}, (_, i) => `step ${i + 1}`);
    const run = {...counterexample, steps};
    return feedbackText(resultsOf([property("a", {status: "fail", counterexample: run})]));
  };

  it("is told whole up to forty steps", () => {
    expect(long(40)).toContain("    step 1\n");
    expect(long(40)).not.toContain("left out");
  });

  it("is told by its last forty, and how many were before", () => {
    expect(long(41)).toContain("    (1 earlier step is left out)\n    step 2\n");
    expect(long(63)).toContain("    (23 earlier steps are left out)\n    step 24\n");
    expect(long(63)).toMatch(/ {4}step 63\n/);
  });
});

describe("as Markdown", () => {
  const html = (text: string) => new MarkdownIt({html: true, linkify: true}).render(text);

  it("comes back as it is, whatever a student has typed", () => {
    const rendered = html(feedbackMarkdown(awkward));
    const {message} = awkward.properties[0];
    expect(rendered).not.toMatch(/<script|<em>|<strong>|<table>/);
    const shown = rendered.replaceAll("&quot;", '"').replaceAll("&lt;", "<");
    const plain = shown.replaceAll("&gt;", ">").replaceAll("&amp;", "&");
    expect(plain).toContain(message.replace("\n", " ").replace("\u0000", "\ufffd"));
    expect(rendered.match(/<pre>/g)).toHaveLength(2);
  });

  it.each([
    "# a",
    "- a",
    "+ a",
    "1. a",
    "12) a",
    "> a",
    "    a",
    "a\n===",
    "[a](b)",
    "*a*",
    "~~a~~",
  ])("%j is a paragraph", (message) => {
    const results = resultsOf([property("a", {status: "fail", message})]);
    const text = message.replace("\n", " ").trim().replace(">", "&gt;");
    expect(html(feedbackMarkdown(results))).toContain(`<p>${text}</p>`);
  });
});

describe("a link", () => {
  it("opens the page of the assignment, with what was written and the schedule", async () => {
    const url = await linkOf(partial, counterexample, "https://book.example/v1", packShared);
    const {origin, pathname, hash} = new URL(url);
    expect(origin + pathname).toBe(
      "https://book.example/v1/assignment-06-try-get-compound-head.html",
    );
    const shared = await unpackShared(hash);
    expect(shared).toEqual({
      chapter: "assignment-06-try-get-compound-head",
      edition: "k3f9x2ab",
      cells: [],
      kernel: [{name: "try_get_compound_head", text: counterexample.livepatches[0].text}],
      schedule: counterexample.schedule,
    });
    expect(parseSchedule(shared!.schedule!)).not.toBeNull();
  });

  it("there is one for each property with a run", async () => {
    const links = await linksOf(partial, "https://book.example/", packShared);
    expect([...links.keys()]).toEqual(["right", "deeper"]);
    expect(feedbackMarkdown(partial, links)).toContain(`(<${links.get("right")}>)`);
    expect(feedbackMarkdown(partial, links)).not.toContain(links.get("deeper"));
  });
});
