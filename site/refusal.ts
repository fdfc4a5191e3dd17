// What a page says no with: a sentence, and the line of the kernel's function that it is about.

import {UserError} from "../src/livepatch/index.ts";

export type Refusal = {
  readonly message: string;
  readonly line?: number;
  readonly name?: string;
};

export const STOPPED: Refusal = {message: "stopped: its cell runs again"};

export function refusalOf(error: unknown): Refusal {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof UserError)) return {message};
  const {line, where} = error;
  return {
    message,
    ...(line === undefined ? {} : {line}),
    ...(where === undefined ? {} : {name: where}),
  };
}
