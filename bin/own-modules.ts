// Somebody's own TypeScript, run as it is: a file, and those that it imports. Types go, every line stays where it was, and
// what is left is run as scripts whose lines begin far behind those of the linked kernel; so a stack of both tells them apart.

import {existsSync, readFileSync} from "node:fs";
import {createRequire} from "node:module";
import {dirname, join, relative, resolve} from "node:path";
import {compileFunction} from "node:vm";
import {tokenizer} from "acorn";
import {transform} from "sucrase";
import {OwnLines, SCRIPT} from "../src/races/index.ts";
import {CliError} from "./errors.ts";

type Exports = Record<string, unknown>;

type OwnModule = {
  /** As it is shown: from where the command was started. */
  readonly file: string;
  readonly exports: Exports;
  readonly tokens: string;
};

export class OwnModules {
  /** What there is already, by path or by the name of a package: it is not loaded once more. */
  private readonly given: ReadonlyMap<string, object>;
  private readonly modules: OwnModule[] = [];
  private readonly byPath = new Map<string, OwnModule>();
  private readonly lines = new OwnLines();

  constructor(given: ReadonlyMap<string, object> = new Map()) {
    this.given = given;
  }

  /** What the file exports. Throws a CliError with the line where it does not parse, or where it throws. */
  load(path: string): Exports {
    const full = resolve(path);
    const known = this.byPath.get(full);
    if (known) return known.exports;
    const file = relative(process.cwd(), full);
    const text = readText(file);
    const code = translate(file, text, ["typescript", "imports"]);
    const module: OwnModule = {file, exports: {}, tokens: tokensOf(file, text)};
    this.modules.push(module);
    this.byPath.set(full, module);
    const run = this.compile(file, code);
    try {
      run(module.exports, (name) => this.import(name, full));
    } catch (error) {
      if (error instanceof CliError) throw error;
      const message = error instanceof Error ? error.message : String(error);
      throw new CliError(`${this.placeOf(error) ?? file}: ${message}`);
    }
    return module.exports;
  }

  /** All of the code without comments, types and white space. */
  tokens(): string {
    return this.modules.map(({tokens}) => tokens).join("\n");
  }

  /** Where a line of a stack stands, if it is one of these files'. */
  place(line: number): {file: string; line: number} | null {
    return this.lines.place(line);
  }

  /** `lost-update.ts, line 7`: the innermost line of this code on the error's stack. */
  placeOf(error: unknown): string | null {
    const stack = error instanceof Error ? (error.stack ?? "") : "";
    for (const [, line] of stack.matchAll(
      new RegExp(`${SCRIPT}.*?:(\\d+)(?::\\d+)?\\)?$`, "gm"),
    )) {
      const place = this.place(Number(line));
      if (place) return `${place.file}, line ${place.line}`;
    }
    return null;
  }

  private compile(file: string, code: string) {
    try {
      return compileFunction(code, ["exports", "require"], {
        filename: `${SCRIPT}:${file}`,
        lineOffset: this.lines.offsetOf(file),
      }) as (exports: Exports, require: (name: string) => unknown) => void;
    } catch (error) {
      throw new CliError(
        `${this.placeOf(error) ?? file}: does not parse: ${lower((error as Error).message)}`,
      );
    }
  }

  private import(name: string, from: string): unknown {
    const path = join(dirname(from), name);
    const given = this.given.get(name) ?? this.given.get(path);
    if (given) return given;
    if (!name.startsWith(".")) return createRequire(from)(name) as unknown;
    const found = [path, `${path}.ts`, path.replace(/\.js$/, ".ts")].find((p) => existsSync(p));
    if (found) return found.endsWith(".json") ? createRequire(from)(found) : this.load(found);
    throw new CliError(
      `${relative(process.cwd(), from)} imports "${name}", and there is no such file: is it spelt with its ending?`,
    );
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new CliError(`${file} cannot be read: ${(error as Error).message}`);
  }
}

type Transforms = Parameters<typeof transform>[1]["transforms"];

function translate(file: string, text: string, transforms: Transforms): string {
  try {
    return transform(text, {transforms, disableESTransforms: true}).code;
  } catch (error) {
    // "Error transforming ...: Unexpected token (3:5)"
    const {message} = error as Error;
    const [, what = message, line] =
      /^(?:Error transforming .*?: )?(.*?)(?: \((\d+):\d+\))?$/s.exec(message)!;
    const where = line === undefined ? file : `${file}, line ${line}`;
    throw new CliError(
      `${where}: does not parse: ${lower(what)} (is a bracket or a comma missing there or before?)`,
    );
  }
}

function tokensOf(file: string, text: string): string {
  const code = translate(file, text, ["typescript"]);
  try {
    const all = [...tokenizer(code, {ecmaVersion: 2023, sourceType: "module"})];
    return all.map(({start, end}) => code.slice(start, end)).join(" ");
  } catch {
    // What only V8 can read counts as it is.
    return code;
  }
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
