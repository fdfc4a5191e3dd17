// The overview: one page on its own, with everything on it, and nothing of a student's as markup.

import {describe, expect, it} from "vitest";
import {joinRoster, overview, readRoster} from "../../src/grade/index.ts";
import {
  all,
  awkward,
  counterexample,
  full,
  nothing,
  partial,
  property,
  resultsOf,
  unread,
} from "./examples.ts";

const cellsIn = (html: string) =>
  html
    .replace(/<style>[^]*?<\/style>/, "")
    .replace(/<[^>]+>/g, " ")
    .replace(/\s+/g, " ");

it("needs nothing else: no script, no request, light and dark", () => {
  const html = overview(all);
  expect(html).not.toMatch(/<script|<link|<img|<iframe|\bon\w+=|url\(|@import|https?:/i);
  expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  expect(html).toContain("prefers-color-scheme: dark");
  expect(html).toContain("width=device-width");
  expect(html).toMatch(/^<!doctype html>\n<html lang="en">/);
});

it("every tag that is opened is closed", () => {
  const open: string[] = [];
  const inner = overview(all).replace(/<style>[^]*?<\/style>/, "");
  for (const [, slash, name] of inner.matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*>/g)) {
    if (name === "meta") continue;
    if (slash) expect(open.pop()).toBe(name);
    else open.push(name);
  }
  expect(open).toEqual([]);
});

it("is a matrix of students and properties, in signs and words", () => {
  const text = cellsIn(overview([full, partial]));
  expect(text).toContain("s1 s1.html 5 of 5 ✓ passed 4 of 4 ✓ passed 1 of 1 not judged");
  expect(text).toContain(
    "3 of 10 ✗ failed 0 of 4 ✓ passed 1 of 1 ✓ passed 2 of 2 ✗ failed 0 of 3",
  );
  expect(text).toContain("2 submissions average 4 of 10 points median 4 1 with all points");
  expect(text).toContain("right The title of right. 1 of 2 passed 2 of 4");
  expect(text).toContain("deep The secret title. hidden from students 1 of 1 passed 2 of 2");
  expect(text).toContain("s1.html : handed in from edition old, judged by k3f9x2ab");
});

it("marks who is late, absent, unknown, or there several times", () => {
  const roster = readRoster(
    'id,name,email,submitted\ns1,"Müller, <b>Jü</b>",j@x,2026-11-30T18:03:00Z\ns9,Ada,a@x,\n',
  );
  const again = {...full, file: "again.html"};
  const joined = joinRoster(roster, [full, again, unread], {due: "2026-11-30T18:00:00Z"});
  const html = overview([full, again, unread], {joined, title: "A & B", notes: ["<i>so</i>"]});
  const text = cellsIn(html);
  expect(text).toContain(
    "s1 Müller, &lt;b&gt;Jü&lt;/b&gt; s1.html late: 3 minutes 1 more handed in 5 of 5",
  );
  expect(text).toContain("s9 Ada – absent");
  expect(text).toContain("(no name) s4.html not in the roster 0 of 4 ! could not run");
  expect(text).toContain("1 late 1 absent 1 of nobody in the roster");
  expect(html).toContain("<h1>A &amp; B</h1>\n<p>&lt;i&gt;so&lt;/i&gt;</p>");
});

describe("what goes wrong most often", () => {
  const failing = (student: string, message: string, steps: string[] = []) =>
    resultsOf(
      [
        property("right", {
          status: "fail",
          message,
          counterexample: {...counterexample, steps},
        }),
      ],
      {student},
    );

  it("is grouped by property and message, with the shortest run", () => {
    const html = overview([
      failing("a", "rare"),
      failing("b", "often", ["1", "2", "3"]),
      failing("c", "often", ["short"]),
      full,
    ]);
    const text = cellsIn(html.slice(html.indexOf("<h2>What goes wrong")));
    expect(text).toMatch(
      /^ What goes wrong most often 2 × right: failed often b , c A run of 1 step short tailpage replay .* 1 × right: failed rare a /,
    );
  });

  it("what was not attempted is no mistake", () =>
    expect(
      overview([resultsOf([property("a", {status: "not_attempted", message: "x"})])]),
    ).not.toContain("What goes wrong"));

  it("is told as far as it is common", () => {
    const many = Array.from({length: 30}, (_, i) => failing(`s${i}`, `message ${i}`));
    expect(overview(many)).toContain("5 more, each less often, are left out.");
  });
});

it("nothing of a student becomes markup", () => {
  const html = overview([awkward]);
  expect(html).not.toMatch(/<script/);
  expect(html).toContain(
    "J\u00fcrgen, &quot;J\u00fc&quot; &lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp;",
  );
});

it("a class of nobody, no points, and the same every time", () => {
  expect(cellsIn(overview([]))).toContain("0 submissions");
  expect(overview(all)).toBe(overview(all));
  expect(overview(all)).not.toContain("NaN");
  expect(cellsIn(overview([nothing, full]))).toContain(
    "06-try-get-compound-head 2 submissions average 2.5 of 5 points median 2.5 1 with all points",
  );
});
