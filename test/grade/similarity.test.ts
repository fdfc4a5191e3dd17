// Copies are found whatever they are renamed to; what was handed out, and what is written alone, is not.

import {describe, expect, it} from "vitest";
import {similarity, writtenIn, type Written} from "../../src/grade/index.ts";
import {assignments} from "../../notebooks/index.ts";
import {solutionsOf, submissionOf} from "../notebooks/solutions.ts";

const TEMPLATE = `function* try_get_compound_head(page, refs) {
  const head = yield* compound_head(page);
  const got = yield* page_cache_add_speculative(head, refs);
  return got ? head : null;
}`;

const ANSWER = `function* try_get_compound_head(page: Page, refs: number) {
  const head = yield* compound_head(page);
  const got = yield* page_cache_add_speculative(head, refs);
  if (!got) return null;
  // Look again: it may have been split.
  const again = yield* compound_head(page);
  if (again === head) return head;
  yield* put_page_refs(head, refs);
  return null;
}`;

const RENAMED = `/* all mine */
function* try_get_compound_head(p, n) {
  const first = yield* compound_head(p);

  const ok = yield* page_cache_add_speculative(first, n);
  if (!ok) return null;
  const second = yield* compound_head(p);   if (second === first) return first;
  yield* put_page_refs(first, n);
  return null;
}`;

const OTHER = `function* try_get_compound_head(page, refs) {
  for (let tries = 0; tries < 3; tries++) {
    const head = yield* atomic_read(page.compound_head);
    const base = head & 1 ? head - 1 : page;
    while (true) {
      const count = yield* atomic_read(base._refcount);
      if (count === 0) break;
      if (yield* atomic_cmpxchg(base._refcount, count, count + refs)) return base;
    }
  }
  return null;
}`;

const of = (student: string, ...answers: string[]): Written => ({
  ...{file: `${student}.html`, student, answers},
});

it("a copy with other names, comments, types and blanks is wholly alike", () => {
  const [pair, ...rest] = similarity([of("a", ANSWER), of("b", RENAMED)], [TEMPLATE]);
  expect(rest).toEqual([]);
  expect([pair.a, pair.b, pair.score]).toEqual(["a.html", "b.html", 1]);
});

it("shows the stretch that both have, and where it is", () => {
  const [{shared}] = similarity([of("a", ANSWER), of("b", RENAMED)], [TEMPLATE]);
  expect(shared.text).toContain("if (again === head) return head;");
  expect(shared.text).not.toContain("function*");
  expect([shared.inA.from, shared.inA.to]).toEqual([6, 10]);
  expect([shared.inB.from, shared.inB.to]).toEqual([7, 10]);
  expect(shared.tokens).toBe(29);
});

it("what was handed out makes nobody alike", () => {
  expect(similarity([of("a", TEMPLATE), of("b", TEMPLATE)], [TEMPLATE])).toEqual([]);
  expect(similarity([of("a", TEMPLATE), of("b", TEMPLATE)], [])).toHaveLength(1);
});

it("two who thought for themselves are not alike", () => {
  expect(similarity([of("a", ANSWER), of("b", OTHER)], [TEMPLATE])).toEqual([]);
  const [pair] = similarity(
    [of("a", `${ANSWER}\n${OTHER.replace("try_", "x_")}`), of("b", OTHER)],
    [TEMPLATE],
    {threshold: 0.1},
  );
  expect(pair.score).toBeGreaterThan(0.5);
  expect(pair.score).toBeLessThan(1);
});

it("another kernel function is another program", () => {
  const other = ANSWER.replaceAll("compound_head(page)", "page_folio(page)");
  const [pair] = similarity([of("a", ANSWER), of("b", other)], [TEMPLATE], {threshold: 0});
  expect(pair?.score ?? 0).toBeLessThan(0.9);
});

it("two submissions of one student are not compared, nor are empty ones", () => {
  const again = {...of("a", ANSWER), file: "again.html"};
  expect(similarity([of("a", ANSWER), again, of("b"), of("c", "")], [TEMPLATE])).toEqual([]);
  const nobody = [
    {...of("x", ANSWER), student: ""},
    {...of("y", ANSWER), student: ""},
  ];
  expect(similarity(nobody, [TEMPLATE])).toHaveLength(1);
});

it("what does not parse is compared word by word", () => {
  const broken = ANSWER.replace("(!got)", "(!got");
  const [pair] = similarity([of("a", broken), of("b", broken)], [TEMPLATE]);
  expect(pair.score).toBe(1);
});

it("what many have is the assignment's, where that is asked for", () => {
  const three = ["a", "b", "c"].map((student) => of(student, ANSWER));
  expect(similarity(three, [TEMPLATE])).toHaveLength(3);
  expect(similarity(three, [TEMPLATE], {usual: 2})).toEqual([]);
});

describe("a class of two hundred", () => {
  /** Programs that differ in which functions they call and in what order. */
  const written = (seed: number): Written => {
    let state = seed + 1;
    const draw = (n: number) => (state = (state * 48271) % 2147483647) % n;
    const lines = Array.from(
      {length: 40},
      (_, i) => `  const v${i} = yield* call_${draw(9)}(page.field_${draw(9)} + ${draw(9)});`,
    );
    return of(
      `s${seed}`,
      `function* try_get_compound_head(page, refs) {\n${lines.join("\n")}\n}`,
    );
  };
  const everybody = Array.from({length: 200}, (_, i) => written(i));
  everybody[150] = {...everybody[7], file: "s150.html", student: "s150"};

  it("the one copy is found, quickly, and every time", () => {
    const start = performance.now();
    const found = similarity(everybody, [TEMPLATE]);
    expect(performance.now() - start).toBeLessThan(20_000);
    expect(found.map(({a, b, score}) => [a, b, score])).toEqual([["s7.html", "s150.html", 1]]);
    expect(JSON.stringify(similarity(everybody, [TEMPLATE]))).toBe(JSON.stringify(found));
  });

  it("two hundred copies are found, too", () =>
    expect(
      similarity(
        everybody.map(({file, student}) => ({file, student, answers: [ANSWER]})),
        [TEMPLATE],
      ),
    ).toHaveLength((200 * 199) / 2));
});

it("reads the functions of a submission, and whose it is", () => {
  const [assignment] = assignments;
  const [reference] = solutionsOf(assignment.name);
  const written = writtenIn(
    "a.html",
    submissionOf(assignment.name, {...reference, student: "ada"}),
    assignment,
  );
  expect([written.file, written.student]).toEqual(["a.html", "ada"]);
  // What it has beside them is a schedule.
  const [functions, ...schedules] = assignment.answers;
  expect(schedules.map(({kind}) => kind)).toEqual(["schedules"]);
  expect(written.answers).toEqual([reference.cells.get(functions.cell)]);
  expect(writtenIn("b.html", "no notebook", assignment)).toEqual({
    ...{file: "b.html", student: "", answers: [""]},
  });
});
