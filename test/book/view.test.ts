// Inputs, and values that their own cell may change.

import {expect, it} from "vitest";
import {Mutable} from "../../src/book/mutable.ts";
import {checkInput, valuesOf} from "../../src/book/view.ts";

it("a view gives the value that there is, then the latest of those that came since", async () => {
  const input = Object.assign(new EventTarget(), {value: 1});
  const values = valuesOf(input);
  expect((await values.next()).value).toBe(1);
  const next = values.next();
  input.value = 2;
  input.dispatchEvent(new Event("input"));
  input.value = 3;
  input.dispatchEvent(new Event("input"));
  expect((await next).value).toBe(3);
});

it("the browser's own inputs give more than text, at the event that says so", async () => {
  const box = Object.assign(new EventTarget(), {type: "checkbox", value: "on", checked: false});
  const values = valuesOf(box);
  expect((await values.next()).value).toBe(false);
  box.checked = true;
  box.dispatchEvent(new Event("click"));
  expect((await values.next()).value).toBe(true);
  const slider = {type: "range", value: "7", valueAsNumber: 7};
  expect((await valuesOf(slider).next()).value).toBe(7);
});

it("something without a value is no input", () => {
  expect(() => checkInput(5)).toThrow("view() was given something without a value");
  expect(() => checkInput({value: 0})).not.toThrow();
});

it("a Mutable gives its latest value, and ends", async () => {
  const count = Mutable(0);
  expect((await count.next()).value).toBe(0);
  const next = count.next();
  count.value++;
  count.value++;
  expect((await next).value).toBe(2);
  const last = count.next();
  await count.return();
  expect((await last).done).toBe(true);
});
