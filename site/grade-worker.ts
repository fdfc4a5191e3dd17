// Judges what a reader has written for an assignment: the same code as the command's, on the public properties, in a worker of its own.

import variant from "@jitl/quickjs-wasmfile-release-sync";
import wasmLocation from "@jitl/quickjs-wasmfile-release-sync/wasm?url";
import {guest} from "virtual:oracle-guest";
import {sources} from "virtual:kernel-source";
import {notebooks} from "virtual:notebooks";
import {knownAssignment} from "../notebooks/index.ts";
import {judge, type HandedIn} from "../src/grade/judge.ts";
import type {PropertyResult, Results} from "../src/grade/results.ts";
import {loadQuickJS} from "../src/oracle/index.ts";

export type Question = HandedIn & {readonly assignment: string};

export type Verdict =
  {readonly decided: PropertyResult} | {readonly results: Results} | {readonly failed: string};

addEventListener("message", ({data}: MessageEvent<Question>) => {
  answer(data).catch((error: unknown) => say({failed: (error as Error).message}));
});

async function answer({assignment: name, file, text}: Question): Promise<void> {
  const quickjs = await loadQuickJS(variant, {wasmLocation});
  const assignment = knownAssignment(name);
  const {starter, edition} = notebooks[name]!;
  const course = {assignment, starter, edition};
  const engine = {sources, guest, quickjs};
  const onDecided = (decided: PropertyResult) => say({decided});
  say({results: judge({file, text}, course, engine, {onDecided})});
}

function say(verdict: Verdict): void {
  postMessage(verdict);
}
