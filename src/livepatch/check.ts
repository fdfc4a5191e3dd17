// What a livepatch may not do, said before it runs: name what the kernel does not have, forget a `yield*`, yield by itself.

import {parse, type CallExpression, type Node, type YieldExpression} from "acorn";
import {ancestor} from "acorn-walk";
import {closest} from "fastest-levenshtein";
import type {Declaration, SourceFile} from "./source_file.ts";
import {UserError} from "./user_error.ts";

export type Known = ReadonlyMap<string, Declaration>;

export function checkPatch(patch: SourceFile, kernel: Known): void {
  checkKinds(patch, kernel);
  checkNames(patch, kernel);
  checkStars(patch, kernel);
}

/** Only functions can be patched; one with a star stays one with a star. */
function checkKinds(patch: SourceFile, kernel: Known): void {
  for (const {name, kind, line, file} of patch.declarations) {
    const place = {where: file, line};
    const old = kernel.get(name);
    if (kind === "const" || old?.kind === "const") {
      throw new UserError(
        `${file} defines ${name} (line ${line}), but only functions can be patched`,
        place,
      );
    }
    if (old && old.kind !== kind) {
      throw new UserError(
        `${name} is a ${old.kind} in the kernel and a ${kind} here (line ${line}): its callers rely on the star`,
        place,
      );
    }
  }
  if (patch.declarations.length === 0) {
    throw new UserError(`${patch.file} defines no function: nothing to patch`, {
      where: patch.file,
    });
  }
}

/** A new name is welcome only where a patched function needs it; any other is probably misspelt. */
function checkNames(patch: SourceFile, kernel: Known): void {
  const mentioned = (name: string, among: readonly Declaration[]) =>
    among.some((d) => d.name !== name && d.mentions.includes(name));
  for (const {name, line, file} of patch.declarations) {
    if (kernel.has(name) || mentioned(name, patch.declarations)) continue;
    const like = closest(
      name,
      [...kernel.keys()].filter((k) => kernel.get(k)!.kind !== "const"),
    );
    throw new UserError(
      `the kernel has no function ${name} (${file}, line ${line}), and no function of the livepatch calls it: did you mean ${like}?`,
      {where: file, line},
    );
  }
}

function checkStars(patch: SourceFile, kernel: Known): void {
  const own = new Map(patch.declarations.map((d) => [d.name, d]));
  const kindOf = (name: string) => (own.get(name) ?? kernel.get(name))?.kind;
  const program = parse(patch.code, {ecmaVersion: 2023, sourceType: "module", locations: true});
  const at = (node: Node) => ({
    where: patch.file,
    line: node.loc!.start.line,
    column: node.loc!.start.column,
  });

  ancestor(program, {
    CallExpression(node: CallExpression, _state: unknown, ancestors: Node[]) {
      if (node.callee.type !== "Identifier") return;
      const {name} = node.callee;
      const parent = ancestors[ancestors.length - 2] as YieldExpression | undefined;
      const starred = parent?.type === "YieldExpression" && parent.delegate;
      const kind = kindOf(name);
      if (kind === "function*" && !starred) {
        throw new UserError(
          `${name}() can be preempted, so it does nothing without its yield* (${patch.file}, line ${node.loc!.start.line}): write yield* ${name}(...)`,
          at(node),
        );
      }
      if (kind === "function" && starred) {
        throw new UserError(
          `${name}() cannot be preempted (${patch.file}, line ${node.loc!.start.line}): call it without yield*`,
          at(node),
        );
      }
    },
    YieldExpression(node: YieldExpression) {
      if (node.delegate) return;
      throw new UserError(
        `a bare yield (${patch.file}, line ${node.loc!.start.line}): only the machine's own operations yield; call one of them with yield*`,
        at(node),
      );
    },
  });
}
