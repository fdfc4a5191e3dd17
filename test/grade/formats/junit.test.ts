// JUnit XML: well formed whatever stands in it, counts that add up, points among the properties.

import {SaxesParser} from "saxes";
import {describe, expect, it} from "vitest";
import {junit} from "../../../src/grade/index.ts";
import {all, awkward, errors, nothing, partial, SECRETS} from "../examples.ts";

type Element = {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
};

/** Throws where the text is not well formed. */
function parsed(xml: string): Element {
  const root: Element = {name: "", attributes: {}, children: [], text: ""};
  const open = [root];
  const parser = new SaxesParser();
  parser.on("opentag", ({name, attributes}) => {
    const element = {name, attributes, children: [], text: ""};
    open[open.length - 1].children.push(element);
    open.push(element);
  });
  parser.on("closetag", () => void open.pop());
  parser.on("text", (text) => void (open[open.length - 1].text += text));
  parser.on("error", (error) => {
    throw error;
  });
  parser.write(xml).close();
  return root.children[0];
}

const named = ({children}: Element, name: string) =>
  children.filter((one) => one.name === name);

function propertiesOf(element: Element): Record<string, string> {
  const all = named(named(element, "properties")[0], "property");
  return Object.fromEntries(all.map(({attributes}) => [attributes.name, attributes.value]));
}

const COUNTS = ["tests", "failures", "errors", "skipped", "assertions"];

it("every count is that of the cases", () => {
  const suites = parsed(junit(all));
  expect(suites.name).toBe("testsuites");
  expect(Object.keys(suites.attributes)).toEqual(["name", ...COUNTS]);
  let cases = 0;
  for (const suite of named(suites, "testsuite")) {
    expect(Object.keys(suite.attributes)).toEqual(["name", ...COUNTS, "file"]);
    const own = named(suite, "testcase");
    const having = (name: string) => own.filter((one) => named(one, name).length > 0).length;
    expect(COUNTS.map((name) => Number(suite.attributes[name]))).toEqual([
      ...[own.length, having("failure"), having("error"), having("skipped"), own.length],
    ]);
    cases += own.length;
  }
  expect(suites.attributes.tests).toBe(String(cases));
});

it("a case says what it is of, what it is worth, and what became of it", () => {
  const [suite] = named(parsed(junit([errors])), "testsuite");
  const cases = named(suite, "testcase");
  for (const one of cases) {
    expect(Object.keys(one.attributes)).toEqual(["name", "classname", "assertions", "file"]);
    expect(propertiesOf(one)).toMatchObject({points: "0", max_points: "4"});
  }
  const [hang] = named(cases[0], "error");
  expect(hang.attributes).toEqual({message: "it is hang", type: "hang"});
  expect(named(cases[4], "skipped")[0].attributes).toEqual({message: "it is not_attempted"});
});

it("a failure has its run; hidden properties are one case, without a word of them", () => {
  const xml = junit([partial]);
  const [suite] = named(parsed(xml), "testsuite");
  const [right, , together] = named(suite, "testcase");
  expect(named(right, "failure")[0].attributes).toEqual({
    ...{message: "the head is gone", type: "fail"},
  });
  expect(named(right, "system-out")[0].text).toContain("tailpage replay gup_fast_vs_split~");
  expect(together.attributes.name).toBe("2 hidden checks, worth 5 points");
  expect(propertiesOf(together)).toEqual({points: "2", max_points: "5", hidden: "2"});
  expect(propertiesOf(suite)).toMatchObject({points: "3", max_points: "10", student: "s1"});
  expect(named(suite, "system-err")[0].text).toContain("handed in from edition old");
  expect(xml).not.toMatch(SECRETS);
});

it("what is of no assignment is an error", () => {
  const [suite] = named(parsed(junit([nothing])), "testsuite");
  expect(suite.attributes).toMatchObject({name: "notes.pdf", tests: "1", errors: "1"});
  expect(named(named(suite, "testcase")[0], "error")[0].attributes.message).toBe(
    nothing.notes[0],
  );
});

it("any text comes back, but for characters that XML does not have", () => {
  const [suite] = named(parsed(junit([awkward])), "testsuite");
  const {title} = awkward.properties[0];
  expect(named(suite, "testcase")[0].attributes.name).toBe(title.replace("\u0000", "\ufffd"));
  expect(suite.attributes.file).toBe(awkward.file);
});

it("half of a pair does no harm", () => {
  const student = "\ud83d \udc4d 👍";
  const [suite] = named(parsed(junit([{...awkward, student}])), "testsuite");
  expect(propertiesOf(suite).student).toBe("\ufffd \ufffd 👍");
});

describe("the same every time", () => {
  it("and without submissions", () => {
    expect(junit(all)).toBe(junit(all));
    expect(named(parsed(junit([])), "testsuite")).toEqual([]);
  });
});
