// `tailpage grade FILE or FOLDER...`: submissions to verdicts, and what a teacher makes of them.

import {existsSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {parseArgs} from "node:util";
import {
  anonymise,
  describeRegrade,
  joinRoster,
  keyCsv,
  latenessByFile,
  overview,
  readRoster,
  regrade,
  regradeCsv,
  similarity,
  writtenIn,
  type Joined,
  type Results,
} from "../src/grade/index.ts";
import {CliError} from "./errors.ts";
import {filesIn, type Found} from "./grade-files.ts";
import {checkFormat, formatted, stemOf, type Text} from "./grade-formats.ts";
import {planOf, type Plan} from "./grade-plan.ts";
import {gradeAll} from "./grade-pool.ts";
import {readResults} from "./grade-results.ts";
import {readShard} from "./job.ts";
import {print} from "./print.ts";
import {writeWhole} from "./whole-file.ts";

export const GRADE_HELP = `tailpage grade FILE or FOLDER... [options]

Judges submissions: notebooks that students have saved. Their code runs shut away, and every verdict is reached outside of it. What is
no notebook gets a sentence, and the rest is graded.

  --assignment NAME    what is graded, where the files do not say it themselves
  --hidden DIR         checks that students do not see: DIR/NN-name.ts
  --salt TEXT          what students' own variants are drawn from, beside their ids; with --anonymise, what names are made of, and that only
  --out DIR            writes NAME.results.json there for each submission, and what else is asked for
  --format FORMAT      gradescope, csv, junit, prairielearn, autolab, github-classroom, coderunner, or feedback for students
  --book URL           where the book is, for links to counterexamples (the address that tailpage serve has)
  --roster FILE        a CSV with the columns id, name, email, and perhaps submitted: who is absent, who is unknown
  --due TIME           ISO: who is late, apart from the score
  --rule best|last     which of several submissions of one student counts (best)
  --anonymise          results without names, and keys.csv apart from them; needs --salt and --out
  --regrade OLD        what differs from earlier results: no score falls silently. OLD is a folder or a file
  --similarity         pairs of submissions that are alike, without what was handed out
  --overview FILE      one page for all: students by properties, and what went wrong how often
  --shard I/N          judges only each N-th file, from the I-th on; tailpage merge joins what --json prints
  --workers N          submissions judged at once (as many as there are processors)
  --seconds N          of the clock, that one property may take (60)
  --json               one JSON object on standard output: {"results": [...]}

Exit code: 0 everything was graded, whatever the scores; 1 something could not be read; 2 the command was wrong.`;

type Values = ReturnType<typeof parse>["values"];

function parse(args: string[]) {
  return parseArgs({
    args,
    allowPositionals: true,
    options: {
      assignment: {type: "string"},
      hidden: {type: "string"},
      salt: {type: "string"},
      out: {type: "string"},
      format: {type: "string"},
      book: {type: "string", default: "http://127.0.0.1:8513/"},
      roster: {type: "string"},
      due: {type: "string"},
      rule: {type: "string", default: "best"},
      anonymise: {type: "boolean", default: false},
      regrade: {type: "string"},
      similarity: {type: "boolean", default: false},
      overview: {type: "string"},
      shard: {type: "string"},
      workers: {type: "string"},
      seconds: {type: "string", default: "60"},
      json: {type: "boolean", default: false},
      help: {type: "boolean", default: false},
    },
  });
}

export async function runGrade(args: string[]): Promise<number> {
  const {values, positionals} = parse(args);
  if (values.help) return print(GRADE_HELP);
  check(values, positionals);
  const old = values.regrade === undefined ? null : readResults(values.regrade);
  const roster = values.roster === undefined ? null : readRoster(textOf(values.roster));

  const found = inShard(filesIn(positionals), values.shard);
  if (found.length === 0) throw new CliError(`there is nothing in ${positionals.join(", ")}`);
  const {hidden} = values;
  // Who grades without names grades what was graded with them: by the same variants.
  const salt = values.anonymise ? undefined : values.salt;
  const plan = planOf(found, values.assignment, {hidden, salt});
  checkOne(plan, values);
  const graded = await grade(plan, found, values);
  const joined = roster && joinRoster(roster, graded, joinOptions(values));
  const results = values.anonymise ? await anonymous(graded, values, roster ?? []) : graded;

  if (values.out !== undefined)
    for (const each of results) write(values.out, resultsFile(each));
  if (values.overview !== undefined)
    writeOverview(values.overview, results, values.anonymise ? null : joined);
  await tell(results, joined, values);
  if (old) print(tellRegrade(old, results, values.out));
  if (values.similarity) print(tellSimilarity(plan));
  return plan.unread.length > 0 ? 1 : 0;
}

/** Before the work is done. */
function check({format, out, anonymise: nameless, salt, rule}: Values, paths: string[]): void {
  if (paths.length === 0)
    throw new CliError("name a file or a folder: tailpage grade submissions/");
  if (format !== undefined) checkFormat(format);
  if (rule !== "best" && rule !== "last")
    throw new CliError(`--rule ${rule}: it is best or last`);
  if (nameless && (salt === undefined || out === undefined))
    throw new CliError(
      "--anonymise needs --salt, of 16 characters or more, and --out: keys.csv is written there",
    );
}

/** A class is looked at, and a roster is joined, for one assignment: of several, each student would be there more than once. */
function checkOne({jobs}: Plan, {overview: page, roster}: Values): void {
  const names = [...new Set(jobs.map(({course}) => course.assignment.name))].sort();
  if (names.length < 2 || (page === undefined && roster === undefined)) return;
  const option = page === undefined ? "--roster" : "--overview";
  throw new CliError(
    `${option} is for one assignment, and here are ${names.join(", ")}: put each into a folder of its own`,
  );
}

function joinOptions({rule, due}: Values) {
  return {rule: rule as "best" | "last", ...(due !== undefined && {due})};
}

async function grade(plan: Plan, found: readonly Found[], values: Values): Promise<Results[]> {
  const line = progressLine(plan.jobs.length);
  const graded = await gradeAll(plan.jobs, {
    seconds: whole("--seconds", values.seconds),
    ...(values.workers !== undefined && {workers: whole("--workers", values.workers)}),
    onDone: line.show,
  });
  line.clear();
  const all = [...graded, ...plan.unread];
  return found.map(({file}) => all.find((each) => each.file === file)!);
}

function inShard(found: Found[], shard: string | undefined): Found[] {
  if (shard === undefined) return found;
  const {index, of} = readShard(shard);
  return found.filter((_, i) => i % of === index - 1);
}

// What is told

async function tell(results: Results[], joined: Joined | null, values: Values): Promise<void> {
  const {format, out, book, json} = values;
  const lateness = joined ? latenessByFile(joined) : new Map<string, never>();
  const texts = format === undefined ? [] : await formatted(format, results, {book, lateness});
  if (out !== undefined) for (const text of texts) write(out, text);
  else if (texts.length > 1)
    throw new CliError(
      `--format ${format} is a file for each submission: say where with --out DIR`,
    );
  else if (texts.length === 1) return void process.stdout.write(texts[0].text);
  print(json ? JSON.stringify({results}, null, 2) : summaryOf(results, joined));
}

function summaryOf(results: readonly Results[], joined: Joined | null): string {
  const late = joined
    ? latenessByFile(joined)
    : new Map<string, {late: boolean; minutes: number}>();
  const lines = results.map(({file, student, score, maxScore, properties, notes}) => {
    const lost = properties.filter(({earned, points}) => earned < points);
    const why = lost.map(({id, status}) => `${id} (${status})`).join(", ");
    const who = student === "" ? "" : ` ${student}`;
    const time = late.get(file)?.late ? `  late by ${late.get(file)!.minutes} minutes` : "";
    const said = [`${file}:${who} ${score}/${maxScore}${time}${why && `  lost: ${why}`}`];
    return [...said, ...notes.map((note) => `  ${note}`)].join("\n");
  });
  return [...lines, ...rosterLines(joined)].join("\n");
}

function rosterLines(joined: Joined | null): string[] {
  if (!joined) return [];
  const {absent, unknown} = joined;
  return [
    ...(absent.length > 0 ? [`absent: ${absent.map(({id}) => id).join(", ")}`] : []),
    ...(unknown.length > 0
      ? [
          `not on the roster: ${unknown.map(({file, student}) => `${student || "nobody"} (${file})`).join(", ")}`,
        ]
      : []),
  ];
}

function tellRegrade(old: Results[], now: Results[], out: string | undefined): string {
  const difference = regrade(old, now);
  if (out !== undefined) write(out, {name: "regrade.csv", text: regradeCsv(difference)});
  return describeRegrade(difference);
}

/** Only what was handed in for one assignment can be compared. */
function tellSimilarity({jobs}: Plan): string {
  const lines: string[] = [];
  for (const course of new Set(jobs.map((job) => job.course))) {
    const written = jobs
      .filter((job) => job.course === course)
      .map(({order: {handedIn}}) => writtenIn(handedIn.file, handedIn.text, course.assignment));
    const template = course.starter.cells.map(({value}) => value);
    for (const {a, b, score} of similarity(written, template))
      lines.push(`${Math.round(score * 100)} %  ${a}  ${b}`);
  }
  return lines.length > 0 ? `alike:\n${lines.join("\n")}` : "no two submissions are alike";
}

async function anonymous(
  results: Results[],
  {salt, out}: Values,
  roster: ReturnType<typeof readRoster>,
): Promise<Results[]> {
  const {results: nameless, keys} = await anonymise(results, salt!, roster);
  write(out!, {name: "keys.csv", text: keyCsv(keys)});
  return [...nameless];
}

function writeOverview(path: string, results: Results[], joined: Joined | null): void {
  writeWhole(path, overview(results, {...(joined && {joined})}));
}

function resultsFile(results: Results): Text {
  return {
    name: `${stemOf(results)}.results.json`,
    text: `${JSON.stringify(results, null, 2)}\n`,
  };
}

function write(folder: string, {name, text}: Text): void {
  writeWhole(join(folder, name), text);
}

function textOf(path: string): string {
  if (!existsSync(path))
    throw new CliError(`there is no file ${path}: is it in another folder?`);
  return readFileSync(path, "utf8");
}

function progressLine(all: number) {
  const isShown = process.stderr.isTTY;
  return {
    show: (done: number) =>
      void (isShown && process.stderr.write(`\r${done} of ${all} graded \u001b[K`)),
    clear: () => void (isShown && process.stderr.write("\r\u001b[K")),
  };
}

function whole(option: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new CliError(`${option} ${text}: it must be a whole number above 0`);
}
