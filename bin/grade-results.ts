// Results that were graded before: a file of one, a file of many, or a folder of them. They may come from other machines.

import {existsSync, lstatSync, readdirSync, readFileSync} from "node:fs";
import {join} from "node:path";
import type {Results} from "../src/grade/index.ts";
import {CliError} from "./errors.ts";

export function readResults(path: string): Results[] {
  if (!existsSync(path)) throw new CliError(`there are no results in ${path}: was it graded?`);
  if (!lstatSync(path).isDirectory()) return resultsIn(path);
  const files = readdirSync(path, {recursive: true, encoding: "utf8"})
    .filter((file) => file.endsWith(".results.json"))
    .sort();
  if (files.length === 0)
    throw new CliError(`there are no results in ${path}: is it the folder of --out?`);
  return files.flatMap((file) => resultsIn(join(path, file)));
}

function resultsIn(path: string): Results[] {
  const value = parse(path);
  const all = isObject(value) && Array.isArray(value.results) ? value.results : [value];
  if (all.every(isResults)) return all;
  throw new CliError(
    `${path} is not what tailpage grade writes: is it another file, or of another version?`,
  );
}

/** Is this file one of grading, and not of a search? */
export function isOfGrading(path: string): boolean {
  try {
    const value = JSON.parse(readFileSync(path, "utf8")) as unknown;
    return isResults(value) || (isObject(value) && Array.isArray(value.results));
  } catch {
    return false;
  }
}

function parse(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    throw new CliError(`${path} is no JSON: was it cut off?`);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isResults(value: unknown): value is Results {
  if (!isObject(value)) return false;
  const texts = ["assignment", "edition", "file", "student", "receipt"];
  return (
    value.version === 1 &&
    texts.every((name) => typeof value[name] === "string") &&
    Number.isInteger(value.score) &&
    Number.isInteger(value.maxScore) &&
    Array.isArray(value.properties) &&
    Array.isArray(value.notes)
  );
}
