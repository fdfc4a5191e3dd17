import {sources} from "virtual:kernel-source";
import {expect, it} from "vitest";
import {link} from "../../src/livepatch/index.ts";
import {LinkedMachine} from "../../src/recorded/linked_machine.ts";

const linked = link(sources);

it("a machine that was recorded boots at once, with a parent that has mapped nothing", () => {
  new LinkedMachine(linked);
  const start = performance.now();
  const machine = new LinkedMachine(linked);
  console.log("boot ms", performance.now() - start);
  expect(machine.observe()).toEqual({parent: {vmas: [], pages: {flags: {}}}});
});
