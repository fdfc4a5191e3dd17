// Functions that are asked one by one: whatever they do, a verdict is reached.

import variant from "@jitl/quickjs-wasmfile-release-sync";
import {guest} from "virtual:oracle-guest";
import {sources} from "virtual:kernel-source";
import {beforeAll, expect, it} from "vitest";
import {
  holds,
  judge,
  toAssignment,
  values,
  writeNotebook,
  type Engine,
  type Notebook,
  type PropertyResult,
} from "../../src/grade/index.ts";
import {loadQuickJS} from "../../src/oracle/index.ts";
import {run_alone} from "../../src/sim/index.ts";

let engine: Engine;

beforeAll(async () => {
  engine = {sources, guest, quickjs: await loadQuickJS(variant)};
});

const assignment = toAssignment({
  name: "00-asked",
  title: "Asked",
  answers: [{cell: 20, defines: ["page_ref_inc"]}],
  properties: [
    values({
      id: "one-more",
      title: "One more.",
      points: 1,
      needs: ["page_ref_inc"],
      *cases({kernel, machine}) {
        const page = kernel.pfn_to_page(kernel.FIRST_PFN);
        yield {
          asks: "page_ref_inc(page[0])",
          answer: () => run_alone(kernel.page_ref_inc(page), machine),
          expected: undefined,
        };
      },
    }),
    holds({
      id: "in-a-race",
      title: "In a race.",
      points: 1,
      needs: ["page_ref_inc"],
      in: {race: "smaps_vs_migration", set: {pages: 2}},
    }),
  ],
});

const starter: Notebook = {
  title: "Asked",
  theme: "air",
  edition: null,
  assignment: null,
  cells: [{id: 20, type: "text/x-typescript", flags: [], value: ""}],
};

function judged(value: string, property = 0): PropertyResult {
  const text = writeNotebook({...starter, cells: [{...starter.cells[0], value}]});
  return judge({file: "a.html", text}, {assignment, starter, edition: "test"}, engine)
    .properties[property];
}

it("a function that tries again for ever is a hang", () => {
  const {status, message} = judged(
    "function* page_ref_inc(page) { while (!(yield* page_ref_add_unless(page, 1, 1))); }",
  );
  expect(status).toBe("hang");
  expect(message).toContain("went on and on");
});

it("a function that waits in a loop of the kernel's own, for ever, is a hang", () => {
  const {status} = judged(
    "function* page_ref_inc(page) { yield* spin_until_cond(function* () { return (yield* page_ref_count(page)) > 1; }); }",
  );
  expect(status).toBe("hang");
});

it("a BUG, and a lock that nobody gives back, lose the property, and the others are judged", () => {
  const {status, message} = judged(
    "function* page_ref_inc(page) { yield* VM_BUG_ON_PAGE(true, page, 'because'); }",
  );
  expect(status).toBe("error");
  expect(message).toContain("because");
  expect(
    judged(
      "function* page_ref_inc(page) { yield* wait_on_bit_lock(0, page.flags); yield* wait_on_bit_lock(0, page.flags); }",
    ).message,
  ).toContain("would wait for ever");
});

it("so do those on the way to the first state of a race", () => {
  const bug = judged(
    "function* page_ref_inc(page) { yield* VM_BUG_ON_PAGE(true, page, 'because'); }",
    1,
  );
  expect(bug.status).toBe("error");
  expect(bug.message).toContain("first state");
  const forever = "function* page_ref_inc(page) { for (;;) yield* page_ref_count(page); }";
  expect(judged(forever, 1).status).toBe("hang");
});

it("a function that calls itself, by whatever way, is a hang", () => {
  const direct = "function* page_ref_inc(page) { yield* page_ref_inc(page); }";
  const around = "function* page_ref_inc(page) { yield* get_page(page); }";
  for (const property of [0, 1])
    for (const code of [direct, around]) expect(judged(code, property).status).toBe("hang");
});
