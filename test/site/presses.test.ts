// What waits for what a reader has asked for.

import {afterEach, beforeEach, expect, it, vi} from "vitest";
import {pressed, whenServed} from "../../site/presses.ts";

const FRAME = 16;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("requestAnimationFrame", (draw: () => void) => setTimeout(draw, FRAME));
});

afterEach(async () => {
  await vi.runAllTimersAsync();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** What has happened, in order. */
function told(): {events: string[]; tell: (event: string) => () => void} {
  const events: string[] = [];
  return {events, tell: (event) => () => void events.push(event)};
}

const after = (ms: number): Promise<void> => new Promise((done) => void setTimeout(done, ms));

it("nobody waits where nothing was asked for", async () => {
  const {events, tell} = told();
  void whenServed().then(tell("served"));
  await vi.advanceTimersByTimeAsync(0);
  expect(events).toEqual(["served"]);
});

it("waits also for what is asked for meanwhile, and for what fails", async () => {
  const {events, tell} = told();
  void pressed(after(100)).then(tell("first"));
  void whenServed().then(tell("served"));
  await vi.advanceTimersByTimeAsync(50);
  const fails = pressed(
    after(200).then(() => {
      throw new Error("it is not there");
    }),
  );
  fails.catch(tell("second"));
  await vi.advanceTimersByTimeAsync(150);
  expect(events).toEqual(["first"]);
  await vi.advanceTimersByTimeAsync(100 + 3 * FRAME);
  expect(events).toEqual(["first", "second", "served"]);
});

it("waits also for what is asked for with what has come, a frame or two later", async () => {
  const {events, tell} = told();
  const search = pressed(after(100));
  void whenServed().then(tell("served"));
  void search
    .then(() => after(FRAME + 1))
    .then(() => pressed(after(300)))
    .then(tell("replayed"));
  await vi.advanceTimersByTimeAsync(100 + 200);
  expect(events).toEqual([]);
  await vi.advanceTimersByTimeAsync(200 + 3 * FRAME);
  expect(events).toEqual(["replayed", "served"]);
});

it("does not wait for ever", async () => {
  const {events, tell} = told();
  void pressed(new Promise(() => {}));
  void whenServed().then(tell("served"));
  await vi.advanceTimersByTimeAsync(2_900);
  expect(events).toEqual([]);
  await vi.advanceTimersByTimeAsync(200);
  expect(events).toEqual(["served"]);
});
