// `tailpage gradescope --assignment NAME --out FILE.zip`: what Gradescope unpacks and runs. With --run it is what runs there.

import {parseArgs} from "node:util";
import type {Property} from "../src/grade/index.ts";
import {sayPoints, sum} from "../src/grade/points.ts";
import {courseOf, hiddenFile} from "./courses.ts";
import {CliError} from "./errors.ts";
import {runAutograder} from "./gradescope-run.ts";
import {zipOf} from "./gradescope-zip.ts";
import {print} from "./print.ts";
import {writeWhole} from "./whole-file.ts";

export const GRADESCOPE_HELP = `tailpage gradescope --assignment NAME --out FILE.zip [options]

Makes the autograder of a programming assignment on Gradescope: this command, the notebook that is handed out, and the hidden checks.
No solution is in it. The same project gives the same bytes.

  --assignment NAME    what it grades
  --out FILE.zip       where it goes
  --hidden DIR         checks that students do not see: DIR/NN-name.ts
  --salt TEXT          what students' own variants are drawn from, beside their ids

  --run                grades as run_autograder does, in the folders that these name:
                         TAILPAGE_SOURCE      what was unpacked (/autograder/source)
                         TAILPAGE_SUBMISSION  what was handed in (/autograder/submission)
                         TAILPAGE_RESULTS     where results.json goes (/autograder/results)

Exit code: 0 it is made; 2 the command was wrong.`;

export async function runGradescope(args: string[]): Promise<number> {
  const {values} = parseArgs({
    args,
    options: {
      assignment: {type: "string"},
      out: {type: "string"},
      hidden: {type: "string"},
      salt: {type: "string"},
      run: {type: "boolean", default: false},
      help: {type: "boolean", default: false},
    },
  });
  if (values.help) return print(GRADESCOPE_HELP);
  if (values.run) return await runAutograder();
  const {assignment: name, out, hidden, salt} = values;
  if (name === undefined || out === undefined)
    throw new CliError(
      "say which assignment, and where the file goes: tailpage gradescope --assignment 01-lost-update --out lost-update.zip",
    );
  const course = courseOf(name, {hidden, salt});
  if (hidden !== undefined && hiddenFile(name, hidden) === null)
    throw new CliError(
      `${hidden} has no hidden checks of ${name}: is there a ${name}.ts in it?`,
    );
  writeWhole(out, await zipOf(name, {hidden, salt}));
  const isHidden = ({id}: Property) => course.hidden!.includes(id);
  const {properties} = course.assignment;
  const secret = properties.filter(isHidden);
  const shown = properties.filter((property) => !isHidden(property));
  const more =
    hidden === undefined
      ? ""
      : `, and ${pointsOf(secret)} in ${secret.length} that students do not see`;
  return print(`${out}: ${sayPoints(pointsOf(shown))} in ${shown.length} checks${more}`);
}

function pointsOf(properties: readonly Property[]): number {
  return sum(properties.map(({points}) => points));
}
