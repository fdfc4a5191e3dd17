// `tailpage grade`, as it is typed.

import {execFile} from "node:child_process";
import type {Results} from "../../src/grade/index.ts";

export type Graded = {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
};

export function runGrade(args: readonly string[]): Promise<Graded> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ["dist/tailpage.js", "grade", ...args],
      {maxBuffer: 2 ** 28},
      (error, stdout, stderr) => {
        const code = error ? Number(error.code) : 0;
        resolve({code, stdout, stderr});
      },
    );
  });
}

export async function gradeFolder(
  folder: string,
  args: readonly string[] = [],
): Promise<{results: readonly Results[]; code: number}> {
  const {code, stdout} = await runGrade([folder, "--json", ...args]);
  return {...(JSON.parse(stdout) as {results: Results[]}), code};
}
