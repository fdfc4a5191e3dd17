// A roster, as spreadsheets write it, and joined with what was handed in.

import {describe, expect, it} from "vitest";
import {
  gradescopeLateness,
  joinRoster,
  latenessOf,
  readGradescopeMetadata,
  readRoster,
  readTime,
} from "../../src/grade/index.ts";
import {full, partial, unread} from "./examples.ts";

const ADA = {id: "s1", name: "Ada", email: "ada@x.example", section: "", submitted: null};

describe("reading", () => {
  it.each([
    ["plain", "id,name,email\ns1,Ada,ada@x.example\n"],
    ["another order", "email,id,name\nada@x.example,s1,Ada"],
    ["capitals and blanks", "ID, Name ,E-Mail,EMAIL\n s1 , Ada ,x, ada@x.example \n"],
    ["a mark at its beginning", "\ufeffid,name,email\r\ns1,Ada,ada@x.example\r\n"],
    ["a mark and quotation marks", '\ufeff"id","name","email"\r\n"s1","Ada","ada@x.example"'],
    ["lines of old", "id,name,email\rs1,Ada,ada@x.example\r"],
    ["semicolons", "id;name;email\ns1;Ada;ada@x.example"],
    ["tabs", "id\tname\temail\ns1\tAda\tada@x.example"],
    ["empty rows", "\n\nid,name,email\n\n,,\ns1,Ada,ada@x.example\n\n"],
    ["short rows and long ones", "id,name,email,section\ns1,Ada,ada@x.example,,,"],
  ])("%s", (_, text) => expect(readRoster(text)).toEqual([ADA]));

  it("commas, quotes and lines in a name", () =>
    expect(readRoster('id,name,email\ns1,"Müller, ""Jü""\r\nzwei",j@x.example')[0].name).toBe(
      'Müller, "Jü"\nzwei',
    ));

  it("section and time, where there are any", () =>
    expect(
      readRoster("id,submitted,section,name,email\ns1,2026-11-30T18:00:00+01:00,B,Ada,")[0],
    ).toEqual({...ADA, email: "", section: "B", submitted: "2026-11-30T18:00:00+01:00"}));
});

describe("an error is one line that says where", () => {
  it.each([
    ["", "the roster is empty"],
    ["id,name\ns1,Ada", 'the roster has no column "email": its first line names id, name'],
    ["id,id,name,email\n", 'the roster has two columns "id"'],
    ["id,name,email\n,Ada,a@x", "the roster, line 2: no id"],
    ['id,name,email\ns1,"A\nda",a\n\ns1,B,b', "the roster, line 5: s1 is also in line 2"],
    ['id,name,email\ns0,Z,z\ns1,"Ada,a@x\n', "the roster, line 3: a quotation mark is missing"],
    ['id,name,email\ns1,"A"da,a@x\n', "the roster, line 2: a quotation mark is missing"],
    ["id,name,email\ns1,Lovelace, Ada,a@x", "the roster, line 2 has 4 cells, and there are 3"],
    ["id,name,email,submitted\ns1,A,a,today", 'the roster, line 2: "today" is no time'],
  ])("%j", (text, message) => {
    let said = "";
    try {
      readRoster(text);
    } catch (error) {
      expect((error as Error).name).toBe("UserError");
      said = (error as Error).message;
    }
    expect(said).toContain(message);
    expect(said).not.toContain("\n");
  });
});

describe("a time", () => {
  it("is the same on every machine", () => {
    const time = Date.UTC(2026, 10, 30, 18);
    for (const text of [
      "2026-11-30T18:00Z",
      "2026-11-30 19:00:00+01:00",
      "2026-11-30T11:00:00.000000-0700",
    ])
      expect(readTime(text)).toBe(time);
  });

  it.each(["2026-02-30T18:00Z", "2026-13-01T18:00Z", "2026-11-30T25:00Z", "2026-11-30"])(
    "%s is none",
    (text) => expect(() => readTime(text)).toThrow("is no time"),
  );

  it("needs a zone", () =>
    expect(() => readTime("2026-11-30T18:00")).toThrow("has no zone: write 2026-11-30T18:00Z"));

  it("on the second is not late, and a moment after it is a minute", () => {
    const due = "2026-11-30T18:00:00Z";
    expect(latenessOf("2026-11-30T18:00:00Z", due)).toEqual({late: false, minutes: 0});
    expect(latenessOf("2026-11-30T18:00:00.001Z", due)).toEqual({late: true, minutes: 1});
    expect(latenessOf("2026-12-01T18:00:00Z", due)).toEqual({late: true, minutes: 1440});
  });
});

describe("joined with results", () => {
  const roster = readRoster(
    "id,name,email,submitted\ns1,Ada,ada@x.example,2026-11-30T18:01:00Z\ns2,Bob,b@x.example,\nS2x,Cy,c@x.example,",
  );
  const due = "2026-11-30T18:00:00Z";
  const again = {...full, file: "s1-again.html"};

  it("tells who is absent and what is of nobody", () => {
    const {entries, absent, unknown} = joinRoster(roster, [full, unread]);
    expect(entries.map(({person, results}) => [person.id, results?.file])).toEqual([
      ...[
        ["s1", "s1.html"],
        ["s2", undefined],
        ["S2x", undefined],
      ],
    ]);
    expect(absent.map(({id}) => id)).toEqual(["s2", "S2x"]);
    expect(unknown).toEqual([unread]);
  });

  it("takes the best, and of equal ones the first; or the last", () => {
    const worse = {...partial, file: "worse.html"};
    const of = (rule: "best" | "last", times = new Map<string, string>()) =>
      joinRoster(roster, [full, again, worse], {rule, times}).entries[0];
    expect(of("best").results?.file).toBe("s1.html");
    expect(of("best").others.map(({file}) => file)).toEqual(["s1-again.html", "worse.html"]);
    expect(of("last").results?.file).toBe("worse.html");
    const times = new Map([
      ["s1.html", "2026-11-30T10:00:00Z"],
      ["s1-again.html", "2026-11-30T12:00:00+01:00"],
      ["worse.html", "2026-11-30T09:00:00Z"],
    ]);
    expect(of("last", times).results?.file).toBe("s1-again.html");
  });

  it("an id in other letters, or an address, is that person", () => {
    const typed = (student: string) =>
      joinRoster(roster, [{...full, student}]).entries.find(({results}) => results)?.person.id;
    expect(["S1", " s1 ", "ADA@x.example", "s2X"].map(typed)).toEqual([
      "s1",
      "s1",
      "s1",
      "S2x",
    ]);
    expect(["", "s", "s3"].map(typed)).toEqual([undefined, undefined, undefined]);
  });

  it("an id in other letters is nobody where it could be two", () => {
    const two = readRoster("id,name,email\na,A,\nA,B,\n");
    const {entries, unknown} = joinRoster(two, [
      {...full, student: "a"},
      {...again, student: "Á"},
    ]);
    expect(entries[0].results?.file).toBe("s1.html");
    expect(unknown.map(({file}) => file)).toEqual(["s1-again.html"]);
  });

  it("is late by the roster's time, or by the file's, and keeps its score", () => {
    const [roster_s, absent] = joinRoster(roster, [full], {due}).entries;
    expect([roster_s.lateness, roster_s.results?.score]).toEqual([{late: true, minutes: 1}, 5]);
    expect(absent.lateness).toBeNull();
    const times = new Map([["s1.html", "2026-11-30T17:00:00Z"]]);
    expect(joinRoster(roster, [full], {due, times}).entries[0].lateness?.late).toBe(false);
    expect(joinRoster(roster, [full]).entries[0].lateness).toBeNull();
  });
});

describe("Gradescope's metadata", () => {
  const metadata = {
    id: 123456,
    created_at: "2026-11-30T14:22:32.365935-07:00",
    assignment: {due_date: "2026-11-30T14:00:00.000000-07:00", late_due_date: null, id: 1},
    users: [{email: "ada@x.example", id: 1234, name: "Ada"}],
    previous_submissions: [],
  };
  const read = (more: object = {}) =>
    readGradescopeMetadata(JSON.stringify({...metadata, ...more}));

  it("says when it was handed in, and by whom", () => {
    expect(read().users).toEqual([{id: 1234, name: "Ada", email: "ada@x.example"}]);
    expect(gradescopeLateness(read())).toEqual({late: true, minutes: 23});
  });

  it("a time that is told goes before Gradescope's; without any nothing is late", () => {
    expect(gradescopeLateness(read(), "2026-12-01T00:00Z")).toEqual({late: false, minutes: 0});
    expect(gradescopeLateness(read({assignment: {due_date: null}}))).toBeNull();
  });

  it.each([
    ["[]", "it is no JSON object"],
    ["{", "it is no JSON object"],
    ["{}", "created_at is missing"],
    ['{"created_at":"2026-11-30T14:22:32Z"}', "assignment is missing"],
  ])("%s is none: %s", (json, why) =>
    expect(() => readGradescopeMetadata(json)).toThrow(
      `this is no submission_metadata.json of Gradescope: ${why}`,
    ),
  );
});
