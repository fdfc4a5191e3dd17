// Who may import whom, as ARCHITECTURE.md says it. A room that is not in the table has yet to be given its row.

import {readdirSync, readFileSync} from "node:fs";
import {dirname, join, normalize} from "node:path";
import {describe, expect, it} from "vitest";
import {filesBelow} from "./files.ts";

type Room = string;
/** What a room may import: everything of a room, or its types only. */
type Row = {readonly all: readonly Room[]; readonly types?: readonly Room[]};

const TABLE: Readonly<Record<Room, Row>> = {
  sim: {all: []},
  mm: {all: ["sim"]},
  explore: {all: ["sim"]},
  livepatch: {all: ["sim"]},
  races: {all: ["sim", "explore"], types: ["mm"]},
  // A fix is text to everybody but the type checker: its imports are gone before it is linked.
  fixes: {all: ["sim"], types: ["mm"]},
  compare: {all: ["sim", "races", "fixes", "explore", "livepatch"], types: ["mm"]},
  barriers: {all: ["sim", "races", "fixes", "explore", "livepatch"]},
  recorded: {all: ["sim", "livepatch"], types: ["mm"]},
  grade: {all: ["races", "explore", "livepatch", "oracle", "sim"]},
  book: {all: []},
  oracle: {all: ["sim", "explore", "races", "livepatch"]},
};

type Import = {
  readonly file: string;
  readonly what: string;
  readonly from: string;
  readonly types: boolean;
};

function importsOf(file: string): Import[] {
  const text = readFileSync(file, "utf8").replace(/^\s*(\/\/|\*|\/\*).*$/gm, "");
  const found = [
    ...text.matchAll(
      /^(?:import|export)\b([^;"]*?)\bfrom\s*"([^"]+)"|^import\s*()"([^"]+)"|\bimport\(\s*()"([^"]+)"/gm,
    ),
  ];
  return found.map(([, what, from, none1, bare, none2, dynamic]) => {
    const names = what ?? none1 ?? none2 ?? "";
    const each =
      /\{([^}]*)\}/
        .exec(names)?.[1]
        .split(",")
        .map((name) => name.trim())
        .filter(Boolean) ?? [];
    const types =
      /^\s*type\b/.test(names) ||
      (each.length > 0 && each.every((name) => name.startsWith("type ")));
    return {file, what: names, from: from ?? bare ?? dynamic, types};
  });
}

/** The room below src/ that an import comes from; null for a package or for what lies outside. */
function roomOf({file, from}: Import): Room | null {
  if (!from.startsWith(".")) return null;
  const path = normalize(join(dirname(file), from)).split("/");
  return path[0] === "src" ? path[1] : `outside: ${path[0]}`;
}

const rooms = readdirSync("src");
const all = filesBelow("src").flatMap(importsOf);

/** A fix, which is linked and never loaded. */
const isLivepatch = (file: string): boolean =>
  file.startsWith("src/fixes/") && !file.endsWith("/index.ts");

describe.each(rooms)("src/%s", (room) => {
  const {all: values, types = []} = TABLE[room] ?? {all: []};

  it("has its row in the table", () => expect(Object.keys(TABLE)).toContain(room));

  it("imports what the table lets it", () => {
    const wrong = all.filter((one) => {
      const from = roomOf(one);
      if (!one.file.startsWith(`src/${room}/`) || from === null || from === room) return false;
      const asTypes = one.types || isLivepatch(one.file);
      return !values.includes(from) && !(asTypes && types.includes(from));
    });
    expect(wrong).toEqual([]);
  });
});

it("the rule is read rightly: a forbidden import would be seen", () => {
  const one: Import = {
    file: "src/explore/x.ts",
    what: "{a}",
    from: "../mm/mm.ts",
    types: false,
  };
  expect(roomOf(one)).toBe("mm");
  expect(
    all.filter((i) => i.file === "src/races/race.ts").map((i) => [roomOf(i), i.types]),
  ).toEqual([
    ["explore", true],
    ["sim", true],
    ["mm", true],
    ["races", true],
  ]);
  expect(all.length).toBeGreaterThan(200);
});

it("nothing loads the kernel or a fix as modules: they are linked", () => {
  const loads = [...all, ...["site", "bin"].flatMap(filesBelow).flatMap(importsOf)].filter(
    (one) => {
      const path = normalize(join(dirname(one.file), one.from));
      const loaded = /^src\/(mm|fixes)\//.test(path) && !path.startsWith("src/fixes/index");
      return loaded && !one.types && !one.file.startsWith("src/mm/") && !isLivepatch(one.file);
    },
  );
  expect(loads).toEqual([]);
});

it("nothing imports what is a teacher's, but tests and what is beside it", () => {
  const others = ["src", "site", "bin", "bench", "notebooks"]
    .flatMap(filesBelow)
    .filter((file) => !file.includes("/teacher/"));
  expect(others.flatMap(importsOf).filter(({from}) => from.includes("teacher/"))).toEqual([]);
});

it("node: is imported only where pages are built and where the command is", () => {
  const own = ["src", "site"]
    .flatMap(filesBelow)
    .filter((file) => !file.startsWith("src/book/"));
  expect(own.flatMap(importsOf).filter(({from}) => from.startsWith("node:"))).toEqual([]);
});

it("a path ends in .ts, and index.ts lists its names", () => {
  const everywhere = ["src", "site", "bin", "test"].flatMap(filesBelow);
  const relative = everywhere.flatMap(importsOf).filter(({from}) => from.startsWith("."));
  expect(relative.filter(({from}) => !/\.(ts|css|json|d\.ts)(\?.*)?$/.test(from))).toEqual([]);
  const stars = everywhere.filter((file) => /^export \*/m.test(readFileSync(file, "utf8")));
  expect(stars).toEqual([]);
});

it("no default export, but where a tool asks for one", () => {
  const defaults = ["src", "site", "bin"]
    .flatMap(filesBelow)
    .filter((file) => /^export default/m.test(readFileSync(file, "utf8")));
  expect(defaults.filter((file) => !file.endsWith("vite.config.ts"))).toEqual([]);
});
