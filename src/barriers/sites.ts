// Where the kernel orders anything: each barrier, each release, and each read-modify-write that is fully ordered, by the function that it
// stands in. A livepatch takes the barrier away, or makes of the operation one that orders nothing.
//
// All of one kind in one function are one site. What taking a lock orders is not weakened: loads are in order here (ordering.ts), so there
// is nothing to take away.

import {parse, type CallExpression, type Identifier, type Node} from "acorn";
import {full} from "acorn-walk";
import type {Declaration, Livepatch, SourceFile} from "../livepatch/index.ts";
import {strength_of} from "../sim/index.ts";

const BARRIERS = ["smp_mb", "smp_wmb", "smp_rmb"];

export type Site = {
  /** `page_ref_unfreeze/atomic_set_release`: names it. */
  readonly id: string;
  readonly function: string;
  readonly file: string;
  readonly line: number;
  readonly operation: string;
  readonly orders: "barrier" | "release" | "full";
  /** The function without it. */
  readonly livepatch: Livepatch;
};

/** In the order of the files and of their lines. */
export function sitesOf(sources: readonly SourceFile[]): Site[] {
  return sources
    .filter(({file}) => file.startsWith("src/mm/"))
    .flatMap((source) =>
      source.declarations
        .filter(({kind}) => kind === "function*")
        .flatMap((declaration) => sitesIn(source, declaration)),
    );
}

type Found = {readonly operation: string; readonly start: number; readonly end: number};

function sitesIn({code}: SourceFile, declaration: Declaration): Site[] {
  const text = code.slice(declaration.start, declaration.end);
  const found = callsIn(text).filter(({operation}) => ordersOf(operation) !== null);
  const operations = [...new Set(found.map(({operation}) => operation))];
  return operations.map((operation) => {
    const all = found.filter((one) => one.operation === operation);
    const id = `${declaration.name}/${operation}`;
    return {
      ...{id, operation, function: declaration.name, file: declaration.file},
      line: declaration.line + text.slice(0, all[0].start).split("\n").length - 1,
      orders: ordersOf(operation)!,
      livepatch: {name: id, text: weakened(text, all)},
    };
  });
}

function ordersOf(operation: string): Site["orders"] | null {
  if (BARRIERS.includes(operation)) return "barrier";
  const strength = strength_of(operation);
  return strength === "relaxed" ? null : strength;
}

/** Calls by name that are waited for, in the order of the text. */
function callsIn(text: string): Found[] {
  const found: Found[] = [];
  full(parse(text, {ecmaVersion: 2023}), (node: Node) => {
    if (node.type !== "CallExpression") return;
    const {callee, start, end} = node as CallExpression;
    if (callee.type === "Identifier")
      found.push({operation: (callee as Identifier).name, start, end});
  });
  return found.sort((a, b) => a.start - b.start);
}

/** From the end on, so that what comes before stays where it is. */
function weakened(text: string, calls: readonly Found[]): string {
  return [...calls].reverse().reduce((patched, {operation, start, end}) => {
    const [before, after] = [patched.slice(0, start), patched.slice(end)];
    if (BARRIERS.includes(operation)) return before.replace(/yield\*\s*$/, "") + after;
    const args = patched.slice(start + operation.length + "(".length, end);
    return `${before}unordered(${operation}, ${args}${after}`;
  }, text);
}
