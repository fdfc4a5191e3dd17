// What the races with migration, collapse and GUP-fast would say of kernels that are wrong: each of these has one line too few.

import {describe, expect, it} from "vitest";
import {sources} from "virtual:kernel-source";
import {exploreRace, livepatched} from "../support.ts";

/** The kernel with `part` of a function replaced: by nothing, if nothing is said. */
function without(name: string, part: string, instead = "") {
  const file = sources.find(({declarations}) => declarations.some((d) => d.name === name))!;
  const {start, end} = file.declarations.find((d) => d.name === name)!;
  const old = file.code.slice(start, end);
  const text = old.replace(part, instead);
  expect(text).not.toBe(old);
  return livepatched({name: "wrong.ts", text});
}

function broken(race: string, linked: ReturnType<typeof without>, set = {}): string[] {
  const {complete, findings} = exploreRace(race, set, linked);
  expect(complete).toBe(true);
  return [...new Set(findings.map(({invariant}) => invariant))];
}

describe("migration_vs_fault", () => {
  it("sees a waiter that does not put its reference", () => {
    const linked = without("put_and_wait_on_page_locked", "yield* put_page(page);");
    expect(broken("migration_vs_fault", linked)).toContain(
      "references are put where they were taken",
    );
  });

  it("sees a page that is not unlocked: whoever waits for it waits for ever", () => {
    const linked = without("__unmap_and_move", "yield* unlock_page(page);");
    expect(broken("migration_vs_fault", linked)).toContain("no deadlock");
  });
});

describe("gup_fast_vs_collapse", () => {
  it("sees a collapse that does not look for references", () => {
    const linked = without(
      "isolate_pte",
      "const suitable = yield* is_refcount_suitable(page);",
      "const suitable = true;",
    );
    expect(broken("gup_fast_vs_collapse", linked, {ipi: "on"})).toContain(
      "nothing is lost that was written",
    );
  });
});

describe("split_vs_pin", () => {
  it("sees a split that freezes whatever the count is", () => {
    const linked = without(
      "page_ref_freeze",
      "return yield* atomic_try_cmpxchg(page._refcount, count, 0);",
      "yield* atomic_set(page._refcount, 0); return true;",
    );
    expect(broken("split_vs_pin", linked).length).toBeGreaterThan(0);
  });

  it("sees a failed split that does not map the pages again", () => {
    const linked = without("freeze_and_split", "yield* remap_page(head, nr);");
    expect(broken("split_vs_pin", linked).length).toBeGreaterThan(0);
  });
});
