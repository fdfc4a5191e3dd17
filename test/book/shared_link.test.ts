// What somebody has written, in a link: it comes out as it went in, and nothing else comes out.

import {deflateRawSync} from "node:zlib";
import {describe, expect, it} from "vitest";
import {packShared, unpackShared, type Shared} from "../../src/book/shared_link.ts";

const shared: Shared = {
  chapter: "11-the-thread",
  edition: "0.1.0 abc",
  cells: [{name: "cpus", text: "const cpus = 3; // ü, 𝕏, \u2028"}],
  kernel: [{name: "smaps_pte_entry", text: "function* smaps_pte_entry(pte, mss) {}"}],
  schedule: "smaps_vs_split~k3f9x2ab~a14b11a5",
  inputs: [{name: "cell-3", text: "4"}],
};

const packed = (text: string): string =>
  `#shared=${deflateRawSync(text).toString("base64url")}`;

describe("a link", () => {
  it("gives back what was put into it", async () => {
    expect(await unpackShared(await packShared(shared))).toEqual(shared);
    expect(await unpackShared(`#${await packShared(shared)}`)).toEqual(shared);
  });

  it("has nothing in it that an address would have to escape", async () => {
    expect(await packShared(shared)).toMatch(/^shared=[\w-]+$/);
  });

  it("is short: a cell of sixty lines in less than 1,500 characters", async () => {
    const line = (i: number) =>
      `  const value_${i} = yield* atomic_read(page._mapcount); // look ${i * 7919}`;
    const text = Array.from({length: 60}, (_, i) => line(i)).join("\n");
    const link = await packShared({...shared, cells: [{name: "a", text}]});
    expect(link.length).toBeLessThan(1500);
  });

  it("of a heading is none", async () => {
    expect(await unpackShared("#mend-it")).toBeNull();
    expect(await unpackShared("")).toBeNull();
  });
});

describe("a link that somebody has bent", () => {
  const rest = `"chapter": "a", "edition": "b", "kernel": []`;
  it.each([
    ["#shared=", "cannot be read"],
    ["#shared=!!!", "cannot be read"],
    ["#shared=AAAA", "cannot be read"],
    [packed("").slice(0, -1), "cannot be read"],
    [packed("nonsense"), "cannot be read"],
    [packed("null"), "cannot be read"],
    [packed("[]"), "another version"],
    [packed(`{"version": 2}`), "another version"],
    [packed(`{"version": 1}`), "does not carry"],
    [packed(`{"version": 1, ${rest}, "cells": [{"name": "a"}]}`), "does not carry"],
    [packed(`{"version": 1, ${rest}, "cells": [null]}`), "does not carry"],
    [packed(`{"version": 1, ${rest}, "cells": {"length": 1}}`), "does not carry"],
    [packed(`{"version": 1, ${rest}, "cells": [], "schedule": {}}`), "does not carry"],
    [packed(`"${"a".repeat(50_000_000)}"`), "cannot be read"],
    [`#shared=${"A".repeat(300_000)}`, "longer than any"],
  ])("is refused in a sentence", async (hash, words) => {
    await expect(unpackShared(hash)).rejects.toThrow(words);
  });

  it("carries no key but those that belong there", async () => {
    const text = JSON.stringify({
      version: 1,
      ...shared,
      evil: 1,
      cells: [{name: "a", text: "b", more: {}}],
    });
    const {cells, ...others} = (await unpackShared(packed(text)))!;
    expect(cells).toEqual([{name: "a", text: "b"}]);
    expect(Object.keys(others)).not.toContain("evil");
  });
});
