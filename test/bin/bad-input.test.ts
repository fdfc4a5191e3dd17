// Whatever is typed wrongly: exit code 2, one line that says what, and no stack.

import {describe, expect, it} from "vitest";
import {fileWith, tailpage} from "./command.ts";

const typo = fileWith("export function* page_mapcount(page {\n}\n");
const unknown = fileWith("export function* page_mapcuont(page) {\n}\n");
const unstarred = fileWith("\nexport function* put_page(page) {\n  compound_head(page);\n}\n");
const variable = fileWith("let n = 0;\n");
const empty = fileWith("");
const foreign = fileWith("not ours", "notes.txt").replace(/\/notes\.txt$/, "");

const CASES: [what: string, args: string[], says: RegExp][] = [
  ["an unknown command", ["exlpore"], /no command "exlpore".*explore/],
  ["a command that objects have", ["toString"], /no command "toString"/],
  ["an unknown option", ["explore", "lost_update", "--livepach", "x"], /--livepach/],
  ["an option of no command", ["--verbose"], /--verbose/],
  ["an option without its value", ["explore", "lost_update", "--set"], /--set/],
  ["no race", ["explore"], /name one race/],
  ["two races", ["explore", "lost_update", "smaps_vs_split"], /name one race/],
  [
    "an unknown race",
    ["explore", "smaps_vs_splitt"],
    /no race "smaps_vs_splitt": did you mean smaps_vs_split\?/,
  ],
  ["an empty race", ["explore", ""], /no race ""/],
  [
    "an unknown parameter",
    ["explore", "smaps_vs_split", "--set", "page=4"],
    /no parameter "page": it has pages/,
  ],
  [
    "a parameter that objects have",
    ["explore", "smaps_vs_split", "--set", "constructor=4"],
    /no parameter "constructor"/,
  ],
  [
    "a value that it cannot have",
    ["explore", "smaps_vs_split", "--set", "pages=3"],
    /cannot be "3": it is one of 2, 4/,
  ],
  [
    "no value",
    ["explore", "smaps_vs_split", "--set", "pages"],
    /--set pages: write it as --set name=value/,
  ],
  ["an empty value", ["explore", "smaps_vs_split", "--set", "pages="], /cannot be ""/],
  [
    "an unknown strategy",
    ["explore", "lost_update", "--strategy", "luck"],
    /no strategy "luck": it is one of stateful/,
  ],
  [
    "a budget that is no number",
    ["explore", "lost_update", "--max-states", "many"],
    /--max-states many/,
  ],
  ["a budget of nothing", ["explore", "lost_update", "--max-seconds", "0"], /--max-seconds 0/],
  [
    "a livepatch that does not exist",
    ["explore", "lost_update", "--livepatch", "nowhere.ts"],
    /no livepatch "nowhere.ts"/,
  ],
  [
    "a livepatch that is a folder",
    ["explore", "lost_update", "--livepatch", "src"],
    /src cannot be read/,
  ],
  [
    "a livepatch that does not parse",
    ["explore", "lost_update", "--livepatch", typo],
    /does not parse.*line 1/,
  ],
  [
    "a livepatch of nothing known",
    ["explore", "lost_update", "--livepatch", unknown],
    /no function page_mapcuont.*page_mapcount\?/,
  ],
  [
    "a livepatch without a yield*",
    ["explore", "lost_update", "--livepatch", unstarred],
    /compound_head.*line 3.*yield\*/,
  ],
  [
    "a livepatch with a variable",
    ["explore", "lost_update", "--livepatch", variable],
    /only functions/,
  ],
  [
    "an empty livepatch",
    ["explore", "lost_update", "--livepatch", empty],
    /defines no function/,
  ],
  ["no schedule", ["replay"], /name one schedule/],
  ["a text that is no schedule", ["replay", "a14b11a5"], /"a14b11a5" is no schedule/],
  ["a schedule with a part missing", ["replay", "smaps_vs_split~a14b11a5"], /is no schedule/],
  [
    "a schedule of an unknown race",
    ["replay", "smaps_vs_slpit~1w74qjh1~a14"],
    /no race "smaps_vs_slpit"/,
  ],
  [
    "a schedule with an unknown parameter",
    ["replay", "smaps_vs_split~page-4~1w74qjh1~a14"],
    /no parameter "page"/,
  ],
  [
    "a schedule with an impossible value",
    ["replay", "smaps_vs_split~pages-5~1w74qjh1~a14"],
    /cannot be "5"/,
  ],
  [
    "a schedule of steps beyond counting",
    ["replay", "lost_update~02e0ryf0~a99999999999999"],
    /is no schedule/,
  ],
  ["a file that holds no schedule", ["replay", typo], /is no schedule/],
  ["a folder for a schedule", ["replay", "src"], /src/],
  [
    "a schedule with a livepatch that does not exist",
    ["replay", "lost_update~02e0ryf0~a2b2", "--livepatch", "nowhere"],
    /no livepatch "nowhere"/,
  ],
  ["a race where none is wanted", ["races", "lost_update"], /lost_update/],
  ["a port that is none", ["serve", "--port", "eighty"], /--port eighty/],
  ["a port beyond all ports", ["serve", "--port", "70000"], /--port 70000/],
  [
    "a folder of other things to build into",
    ["build", "--out", foreign],
    /has other things in it/,
  ],
];

describe.each(CASES)("%s", (_what, args, says) => {
  const {status, stdout, stderr} = tailpage(...args);

  it("exits with 2, and prints no result", () => {
    expect(status).toBe(2);
    expect(stdout).toBe("");
  });

  it("says what, in one line and without a stack", () => {
    expect(stderr).toMatch(says);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

it("with --json, too, nothing is printed on standard output", () => {
  const {status, stdout} = tailpage("explore", "smaps_vs_split", "--set", "pages=3", "--json");
  expect({status, stdout}).toEqual({status: 2, stdout: ""});
});
