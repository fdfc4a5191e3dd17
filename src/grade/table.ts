// CSV, read and written. Rows have a header; what a spreadsheet would take for a formula is written so that it is none.

import Papa from "papaparse";
import {UserError} from "../livepatch/index.ts";

export type Cell = string | number;

/** What Excel and its like begin a formula with, in either width, behind blanks too; and what they skip before it. */
const FORMULA = /^(?:\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])/;

export function writeTable(
  header: readonly string[],
  rows: readonly (readonly Cell[])[],
): string {
  const data = [header, ...rows].map((row) => [...row]);
  return `${Papa.unparse(data, {newline: "\r\n", escapeFormulae: FORMULA})}\r\n`;
}

/** What writeTable() has put before a formula is taken away again. */
function unguarded(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell.slice(1)) ? cell.slice(1) : cell;
}

export type Row = {
  /** Where it begins, from 1. */
  readonly line: number;
  readonly cells: ReadonlyMap<string, string>;
};

export type Table = {readonly header: readonly string[]; readonly rows: readonly Row[]};

/**
 * Names of columns come in small letters, cells without blanks around them, and empty rows not at all. `what` is what the file is called where
 * something is wrong with it: a UserError says the line.
 */
export function readTable(text: string, what: string): Table {
  const plain = text.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n");
  const [first, ...rest] = readRows(plain, what);
  if (!first) throw new UserError(`${what} is empty`);
  const header = first.cells.map((name) => name.toLowerCase());
  const twice = header.find((name, i) => name !== "" && header.indexOf(name) !== i);
  if (twice !== undefined) throw new UserError(`${what} has two columns "${twice}"`);
  return {header, rows: rest.map((row) => named(row, header, what))};
}

type Read = {readonly line: number; readonly cells: readonly string[]};

function readRows(text: string, what: string): Read[] {
  const {data, errors} = Papa.parse<string[]>(text, {
    delimiter: delimiterOf(text),
    newline: "\n",
  });
  const read: Read[] = [];
  let line = 1;
  for (const [i, row] of data.entries()) {
    const error = errors.find((one) => one.row === i);
    if (error)
      throw new UserError(`${what}, line ${line}: a quotation mark is missing or too many`, {
        line,
      });
    const cells = row.map((cell) => unguarded(cell.trim()));
    if (cells.some((cell) => cell !== "")) read.push({line, cells});
    line += 1 + row.join("").split("\n").length - 1;
  }
  return read;
}

/** As the first line has it: spreadsheets of half the world write semicolons. */
function delimiterOf(text: string): string {
  const [first] = text.trimStart().split("\n", 1);
  const counts = [",", ";", "\t"].map((sign) => ({sign, count: first.split(sign).length}));
  return counts.reduce((a, b) => (b.count > a.count ? b : a)).sign;
}

function named({line, cells}: Read, header: readonly string[], what: string): Row {
  if (cells.length > header.length && cells.slice(header.length).some((cell) => cell !== ""))
    throw new UserError(
      `${what}, line ${line} has ${cells.length} cells, and there are ${header.length} columns: is a cell with a comma not in quotation marks?`,
      {line},
    );
  return {line, cells: new Map(header.map((name, i) => [name, cells[i] ?? ""]))};
}
