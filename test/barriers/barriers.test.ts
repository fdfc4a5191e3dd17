// The table of barriers: every site is found and can be taken away, and what the book shows is what comes out of this code.

import {readFileSync} from "node:fs";
import {sources} from "virtual:kernel-source";
import {describe, expect, it} from "vitest";
import {
  arenas,
  baselineOf,
  breakOf,
  pairsOf,
  sitesOf,
  type Barriers,
} from "../../src/barriers/index.ts";
import {link} from "../../src/livepatch/index.ts";
import {prepare} from "../../src/livepatch/prepare.ts";

const table = JSON.parse(readFileSync("src/barriers/barriers.json", "utf8")) as Barriers;
const sites = sitesOf(sources);

describe("sites", () => {
  it("are named once each", () => {
    expect(new Set(sites.map(({id}) => id)).size).toBe(sites.length);
  });

  it("are all that the text of the kernel has", () => {
    const text = sources
      .filter(({file}) => file.startsWith("src/mm/"))
      .map(({code}) => code)
      .join("\n");
    for (const operation of ["smp_wmb", "atomic_set_release", "atomic_add_negative", "xchg"]) {
      const functions = sites.filter((site) => site.operation === operation).length;
      const calls = text.match(new RegExp(`yield\\* ${operation}\\(`, "g"))!.length;
      expect(functions).toBeLessThanOrEqual(calls);
      expect(functions).toBeGreaterThan(0);
    }
  });

  it("can be taken away, each by a livepatch that changes its function and nothing else", () => {
    const plain = link(sources);
    for (const {livepatch, function: name} of sites) {
      const {declarations} = link(sources, prepare(sources, [livepatch]));
      const changed = [...declarations.values()].filter(
        (one) => one.hash !== plain.declarations.get(one.name)!.hash,
      );
      expect(changed.map((one) => one.name)).toEqual([name]);
    }
  });

  it("say where they are", () => {
    const unfreeze = sites.find(({id}) => id === "page_ref_unfreeze/atomic_set_release")!;
    const line = readFileSync(unfreeze.file, "utf8").split("\n")[unfreeze.line - 1];
    expect(line).toContain("atomic_set_release");
    expect(unfreeze.livepatch.text).toContain("unordered(atomic_set_release, page._refcount");
    const wmb = sites.find(({id}) => id === "__split_huge_page_tail/smp_wmb")!;
    expect(wmb.livepatch.text).not.toContain("smp_wmb");
  });
});

/** So few states that they can be explored here. */
const QUICK = 6_000;

describe("the table in the book", () => {
  it("is about this code (npm run barriers makes it again)", () => {
    const rows = table.rows.map(({tried: _, without, ...row}) => ({...row, without}));
    expect(rows).toEqual(
      sites.map(({livepatch, ...site}) => ({...site, without: livepatch.text})),
    );
  });

  it("was explored to the end, but for millions of states", () => {
    expect(table.races.filter(({complete}) => !complete)).toEqual([]);
    const cut = table.rows.flatMap(({tried}) => tried.filter(({complete}) => !complete));
    for (const {states} of cut) expect(states).toBeGreaterThan(2_000_000);
  });

  const all = arenas();
  const quick = table.races.flatMap(({states}, i) => (states < QUICK ? [i] : []));

  it.each(quick.map((i) => ({i, race: table.races[i].race, fix: table.races[i].fix})))(
    "is what comes out when it is made again: $race, $fix",
    ({i}) => {
      const baseline = baselineOf(sources, all[i]);
      for (const {site} of pairsOf(sites, [baseline])) {
        const {race: _, ...known} = table.rows[site].tried.find(({race}) => race === i)!;
        expect(breakOf(sources, sites[site], all[i], baseline)).toEqual(known);
      }
      const reached = pairsOf(sites, [baseline]).length;
      expect(table.rows.filter(({tried}) => tried.some(({race}) => race === i))).toHaveLength(
        reached,
      );
    },
  );
});
