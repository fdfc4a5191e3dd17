// Nothing that names a student is left, and the table apart from it says who is who.

import {createHmac} from "node:crypto";
import {describe, expect, it} from "vitest";
import {anonymise, keyCsv, readRoster} from "../../src/grade/index.ts";
import {all, counterexample, full, property, resultsOf, unread} from "./examples.ts";

const SALT = "0123456789abcdef";
const names = resultsOf(
  [
    property("right", {
      status: "fail",
      message: "cell 20 defines help_of_ada42, and adalovelace42 is Ada42",
      counterexample: {
        ...counterexample,
        livepatches: [
          {
            name: "cell 20",
            text: `// by Ada42, Lovelace\nfunction* f(page: Page) {\n  return "Lovelace, Ada /* kept */"; /* ada42 */\n}`,
          },
        ],
      },
    }),
  ],
  {file: "ada42_hand-in.html", student: "ada42", notes: ["ADA42 and ada@x.example wrote it"]},
);
const roster = readRoster('id,name,email\nada42,"Lovelace, Ada",ada@x.example\n');

describe("names", () => {
  it("are gone from every text", async () => {
    const {results} = await anonymise([names], SALT, roster);
    expect(JSON.stringify(results)).not.toMatch(
      /(?<!lovelace)ada42|lovelace, ada|ada@x|hand-in/i,
    );
    expect(results[0].receipt).not.toBe(names.receipt);
  });

  it("are keyed with the salt: nobody else can reckon them", async () => {
    const digest = createHmac("sha256", SALT).update("student ada42").digest("hex");
    const [{student, file}] = (await anonymise([names], SALT)).results;
    expect(student).toBe(`s${digest.slice(0, 15)}`);
    expect(file).toBe(`${student}.html`);
    const [other] = (await anonymise([names], `${SALT}x`)).results;
    expect(other.student).not.toBe(student);
  });

  it("a run stays what it was: its schedule, its steps, and code without comments", async () => {
    const [{properties}] = (await anonymise([names], SALT, roster)).results;
    const {schedule, steps, livepatches} = properties[0].counterexample!;
    expect([schedule, steps]).toEqual([counterexample.schedule, counterexample.steps]);
    expect(livepatches[0].text.split("\n")).toHaveLength(4);
    expect(livepatches[0].text).toContain("/* kept */");
    expect(livepatches[0].text).not.toMatch(/by|Page\)/);
  });
});

/** Each of them another file. */
const files = all.map((results, i) => ({...results, file: `${i}-${results.file}`}));

describe("the table", () => {
  it("says who is who, and which file is which", async () => {
    const {results, keys} = await anonymise(files, SALT);
    expect(keys).toHaveLength(files.length);
    for (const [i, {student, file, anonymousFile}] of keys.entries()) {
      const original = files.find((one) => one.file === file && one.student === student)!;
      expect(results[i].file).toBe(anonymousFile);
      expect(results[i].score).toBe(original.score);
    }
    expect(keyCsv(keys).split("\r\n")[0]).toBe("pseudonym,student,file,anonymousFile");
  });

  it("one person has one name, and a file for each submission", async () => {
    const again = {...full, file: "again.html", receipt: "other"};
    const {results} = await anonymise([full, again], SALT);
    expect(results[0].student).toBe(results[1].student);
    expect(results.map(({file}) => file)).toEqual([
      ...[`${results[0].student}.html`, `${results[0].student}-2.html`],
    ]);
  });

  it("a file that cannot be read stays one, and has a name of its own", async () => {
    const {results, keys} = await anonymise([unread], SALT);
    expect([results[0].student, results[0].receipt]).toEqual(["", ""]);
    expect(keys[0]).toMatchObject({student: "", file: "s4.html"});
  });
});

it("the order of submissions makes no difference, so it cannot be read off", async () => {
  const there = JSON.stringify(await anonymise(files, SALT));
  expect(JSON.stringify(await anonymise([...files].reverse(), SALT))).toBe(there);
});

it("a short salt is refused", async () =>
  expect(anonymise(all, "short")).rejects.toThrow("a salt of 5 characters can be guessed"));
