// The statement of fidelity is what a run gives.

import {beforeAll, describe, expect, it} from "vitest";
import {filesOf, staleFiles, statement} from "../../bin/fidelity.ts";
import {fidelityText} from "../../bin/fidelity-text.ts";
import type {Statement} from "../../src/recorded/index.ts";

let said: Statement;
beforeAll(async () => {
  said = await statement(".");
}, 300_000);

describe("the statement of fidelity", () => {
  it("is what a run gives (npm run fidelity writes it again)", () => {
    expect(staleFiles(".", filesOf(said)).map(({path}) => path)).toEqual([]);
  });

  it("has every field that was compared in one of its sources", () => {
    const kinds = said.groups.flatMap((group) => group.kinds);
    expect(kinds.reduce((sum, {of}) => sum + of, 0)).toBe(said.agreement.fields);
    expect(kinds.filter(({name}) => !name)).toEqual([]);
  });

  it("explains each field in which the two kernels differ", () => {
    const {agreement, causes} = said.newer;
    const explained = causes.reduce((sum, {fields}) => sum + fields, 0);
    expect(explained).toBe(agreement.fields - agreement.fieldsAgreed);
    expect(causes.map(({about}) => about)).not.toContain("not explained");
  });

  it("gives a difference to what made it: sparse pages to the split, copies to the write", () => {
    const sequencesOf = (number: number) =>
      said.newer.causes.find((cause) => cause.number === number)!.sequences;
    expect(sequencesOf(5)).toEqual(["sparse-split"]);
    expect(sequencesOf(2)).toEqual(["fork-thp-parent-cow", "mprotect-part", "mprotect-none"]);
  });

  it("says where a kind of field does not agree, in words", () => {
    const [first] = said.groups[0].kinds;
    const kinds = [{...first, name: "ret", agreed: 7, of: 9}];
    const groups = [{source: "the answer", kinds}];
    const text = fidelityText({...said, groups});
    expect(text).toContain("| the answer | `ret` (2 differ) | 7 of 9 |");
  });
});
