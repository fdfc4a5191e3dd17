// Answers the frame of a link, over the port that the frame has made. The kernel there is a stranger's: its code never runs in this engine, only
// in the one that is run by it. What is asked is looked at before it is believed.

import variant from "@jitl/quickjs-wasmfile-release-sync";
import wasmLocation from "@jitl/quickjs-wasmfile-release-sync/wasm?url";
import {guest} from "virtual:oracle-guest";
import {sources} from "virtual:kernel-source";
import {assembleApart, createSandbox, loadQuickJS, type Sandbox} from "../src/oracle/index.ts";
import {assemble} from "../src/races/index.ts";
import type {SequenceOptions} from "../src/recorded/sequence.ts";
import {answer, type Answer, type Make, type Request} from "./answering.ts";

addEventListener("message", ({ports: [port]}) => {
  port!.onmessage = ({data}: MessageEvent<unknown>) => void hear(port!, data);
});

async function hear(port: MessagePort, said: unknown): Promise<void> {
  const request = requestOf(said);
  if (!request) return;
  if (request.kind === "sequence" && request.edits.length > 0)
    return port.postMessage(
      refused(
        "a link's own functions run in races only: take them over to run a sequence on them",
      ),
    );
  const sandbox = request.edits.length > 0 ? await newSandbox() : null;
  try {
    await answer(request, makeIn(sandbox), (answered) => port.postMessage(answered));
  } finally {
    sandbox?.dispose();
  }
}

/** A sequence runs on the engine of this worker, so nobody's code but the book's may be in it. */
function refused(message: string): Answer {
  return {kind: "refused", refusal: {message}};
}

/** v5.13 and the book's own fixes need no sandbox. */
function makeIn(sandbox: Sandbox | null): Make {
  if (!sandbox) return assemble;
  return (race, {livepatches}, parameters) =>
    assembleApart({sources, livepatches}, sandbox)(race, parameters);
}

/** One for each question: what an earlier one has left behind is gone. */
async function newSandbox(): Promise<Sandbox> {
  return createSandbox(await loadQuickJS(variant, {wasmLocation}), guest);
}

/** The parts of a question as they have to be; null if it is none. Names of races, fixes and parameters are looked up, and refused there. */
function requestOf(said: unknown): Request | null {
  const {kind, race, set, memoryModel, schedule, running, text, options, livepatches, edits} =
    (said ?? {}) as Record<string, unknown>;
  const patched = {
    livepatches: listOf(livepatches).map(String),
    edits: listOf(edits).map((edit) => {
      const {name, text} = (edit ?? {}) as {name?: unknown; text?: unknown};
      return {name: String(name), text: String(text)};
    }),
  };
  if (kind === "explore")
    return {
      kind,
      race: String(race),
      set: settingsOf(set),
      memoryModel,
      ...patched,
    };
  if (kind === "replay")
    return {kind, schedule: String(schedule), running: runningOf(running), ...patched};
  if (kind === "sequence")
    return {kind, text: String(text), options: sequenceOptionsOf(options), ...patched};
  return null;
}

function sequenceOptionsOf(said: unknown): SequenceOptions {
  const {pages} = (said ?? {}) as {pages?: unknown};
  return pages === undefined ? {} : {pages: Number(pages)};
}

function settingsOf(set: unknown): Record<string, string | number> {
  const entries = Object.entries((set ?? {}) as Record<string, unknown>);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === "number" ? value : String(value)]),
  );
}

function runningOf(said: unknown): (Request & {kind: "replay"})["running"] {
  const {leaveOut, runOn} = (said ?? {}) as {leaveOut?: unknown; runOn?: unknown};
  return {leaveOut: leaveOut === true, runOn: listOf(runOn).map(Number)};
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value.slice(0, 100) : [];
}
