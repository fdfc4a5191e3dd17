// Who needs whom. Two ways in which cells cannot be put into an order: a name that two of them give, and a circle.

import type {Cell} from "./cell.ts";

type Names = Pick<Cell, "id" | "source" | "inputs" | "outputs">;

/** What a reader knows a cell by: what it gives to others, or how it begins. */
export function cellName({outputs, source}: Pick<Cell, "outputs" | "source">): string {
  return outputs.length > 0 ? `the cell of ${outputs.join(", ")}` : beginning(source);
}

function beginning(source: string): string {
  const first = source.trim().split("\n", 1)[0]!;
  return `the cell that begins “${first.length > 40 ? `${first.slice(0, 39)}…` : first}”`;
}

/** For each cell that cannot run because of the others, why, as a sentence. */
export function dataflowProblems(cells: readonly Names[]): ReadonlyMap<string, string> {
  return new Map([...circles(cells), ...duplicates(cells)]);
}

function duplicates(cells: readonly Names[]): [string, string][] {
  return cells.flatMap(({id, outputs}) => {
    return outputs.flatMap((name): [string, string][] => {
      const other = cells.find((each) => each.id !== id && each.outputs.includes(name));
      return other ? [[id, duplicateSentence(name, other)]] : [];
    });
  });
}

function duplicateSentence(name: string, other: Names): string {
  return `${name} is defined more than once, here and in ${beginning(other.source)}: give it another name in one of them`;
}

function circles(cells: readonly Names[]): [string, string][] {
  const givers = new Map(cells.flatMap((cell) => cell.outputs.map((name) => [name, cell])));
  return whoWaits(cells, givers).flatMap((cell) => {
    const circle = circleThrough(cell, givers);
    return circle ? [[cell.id, circleSentence(circle)]] : [];
  });
}

/** Without those that wait for nobody, again and again until none of them is left: where there is no circle, nobody is. */
function whoWaits(
  cells: readonly Names[],
  givers: ReadonlyMap<string, Names>,
): readonly Names[] {
  const all = new Set<Names | undefined>(cells);
  const left = cells.filter(({inputs}) => inputs.some((name) => all.has(givers.get(name))));
  return left.length === cells.length ? left : whoWaits(left, givers);
}

/** One step of a circle: `cell` takes `name`, which the cell of the next step gives. */
type Edge = {readonly cell: Names; readonly name: string};

/** A shortest circle from a cell back to itself. Breadth first, so that the sentence stays short. */
function circleThrough(
  start: Names,
  givers: ReadonlyMap<string, Names>,
): readonly Edge[] | null {
  const seen = new Set<Names>();
  let paths: {at: Names; edges: Edge[]}[] = [{at: start, edges: []}];
  while (paths.length > 0) {
    const longer: typeof paths = [];
    for (const {at, edges} of paths)
      for (const name of at.inputs) {
        const next = givers.get(name);
        if (!next) continue;
        const path = [...edges, {cell: at, name}];
        if (next === start) return path;
        if (!seen.has(next)) longer.push({at: next, edges: path});
        seen.add(next);
      }
    paths = longer;
  }
  return null;
}

function circleSentence(circle: readonly Edge[]): string {
  const edges = circle.map(({cell, name}) => `${cellName(cell)} needs ${name}`);
  return `circular definition: ${edges.join(", ")} (which of these can do without?)`;
}
