// CSV: a row a submission, a formula nowhere, and nbgrader's columns.

import Papa from "papaparse";
import {describe, expect, it} from "vitest";
import {
  csv,
  gradebook,
  joinRoster,
  latenessByFile,
  readOverrides,
  readRoster,
} from "../../../src/grade/index.ts";
import {all, awkward, full, partial} from "../examples.ts";

const rowsOf = (text: string) =>
  Papa.parse<Record<string, string>>(text.trimEnd(), {header: true, delimiter: ","}).data;

describe("all results", () => {
  const rows = rowsOf(csv(all, {lateness: new Map([["s1.html", {late: true, minutes: 5}]])}));

  it("a column for each property, whoever has it", () =>
    expect(Object.keys(rows[0])).toEqual([
      ...["file", "student", "score", "maxScore", "late", "minutesLate"],
      ...["points.right", "points.cheap", "points.deep", "points.deeper", "points.hang"],
      ...["points.memory", "points.error", "points.nondeterministic", "points.not-attempted"],
      ...["points.free", "points.lost", "override", "receipt"],
    ]));

  it("what was earned, and nothing where there is no such property", () => {
    expect(rows[0]).toMatchObject({
      ...{file: "s1.html", student: "s1", score: "5", maxScore: "5", late: "yes"},
      ...{minutesLate: "5", "points.right": "4", "points.cheap": "1", "points.free": ""},
      ...{override: "", receipt: full.receipt},
    });
    expect(rows[3]).toMatchObject({score: "0", maxScore: "0", late: "", "points.free": "0"});
  });

  it("no cell begins a formula, and any text comes back", () => {
    const {file, student} = rows[5];
    expect([file, student]).toEqual([`'${awkward.file}`, `'${awkward.student}`]);
    for (const row of rows)
      for (const cell of Object.values(row)) expect(cell).not.toMatch(/^[\s]*[=+\-@\t\r]/);
  });

  it.each(["=1", "+1", "-1", "@a", "\t=1", "\r1", "\n=1", "  =1", "＝1", "=1\nb"])(
    "%j is guarded",
    (student) => expect(rowsOf(csv([{...full, student}]))[0].student).toBe(`'${student}`),
  );

  it("commas, quotes, lines and umlauts", () => {
    const student = `Müller, "Jü"\r\nzwei`;
    expect(rowsOf(csv([{...full, student}]))[0].student).toBe(student);
  });

  it("the same every time, lines as CSV has them", () => {
    expect(csv(all)).toBe(csv(all));
    expect(csv([full])).toMatch(/^[^\n]*\r\n[^\n]*\r\n$/);
  });

  it("what a teacher sets by hand is read again", () => {
    const overrides = new Map([
      ["s1.html", 7.5],
      [awkward.file.replace("\n", ""), 2],
    ]);
    const some = [full, {...awkward, file: awkward.file.replace("\n", "")}];
    expect(readOverrides(csv(some, {overrides}))).toEqual(overrides);
  });
});

describe("the gradebook", () => {
  const due = "2026-11-30T18:00:00Z";
  const roster = readRoster(
    [
      "id,name,email,submitted",
      's1,"Müller, Jürgen",j@x.example,2026-11-30T18:10:30Z',
      "s9,Ada,ada@x.example,",
    ].join("\n"),
  );
  const joined = joinRoster(roster, [partial], {due});
  const options = {assignment: "06", maxScore: 10, due};

  it("has the columns of nbgrader, and 0.0 for who has handed in nothing", () =>
    expect(rowsOf(gradebook(joined, options))).toEqual([
      {
        ...{
          assignment: "06",
          duedate: due,
          timestamp: "2026-11-30T18:10:30Z",
          student_id: "s1",
        },
        ...{last_name: "Müller", first_name: "Jürgen", email: "j@x.example", raw_score: "3.0"},
        ...{late_submission_penalty: "0.0", score: "3.0", max_score: "10.0"},
      },
      {
        ...{assignment: "06", duedate: due, timestamp: "", student_id: "s9"},
        ...{last_name: "Ada", first_name: "", email: "ada@x.example", raw_score: "0.0"},
        ...{late_submission_penalty: "0.0", score: "0.0", max_score: "10.0"},
      },
    ]));

  it("takes off for being late what it is told to, and no more than there is", () => {
    const penalty = (minutes: number) => minutes / 10;
    const [row] = rowsOf(gradebook(joined, {...options, penalty}));
    expect([row.raw_score, row.late_submission_penalty, row.score]).toEqual([
      "3.0",
      "1.1",
      "1.9",
    ]);
    const [none] = rowsOf(gradebook(joined, {...options, penalty: () => 99}));
    expect([none.raw_score, none.late_submission_penalty, none.score]).toEqual([
      ...["3.0", "3.0", "0.0"],
    ]);
  });

  it("a score set by hand is the score", () => {
    const overrides = new Map([["s1.html", 9]]);
    const [row] = rowsOf(gradebook(joined, {...options, overrides}));
    expect([row.raw_score, row.score]).toEqual(["3.0", "9.0"]);
  });

  it("late is told beside the score", () =>
    expect(latenessByFile(joined)).toEqual(new Map([["s1.html", {late: true, minutes: 11}]])));
});
