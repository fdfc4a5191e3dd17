// Who needs whom. Two ways in which cells cannot be put into an order: a name that two of them give, and a circle.

import type {Cell} from "./cell.ts";

type Names = Pick<Cell, "id" | "inputs" | "outputs">;

/** For each cell that cannot run because of the others, why, as a sentence. */
export function dataflowProblems(cells: readonly Names[]): ReadonlyMap<string, string> {
  return new Map([...circles(cells), ...duplicates(cells)]);
}

function duplicates(cells: readonly Names[]): [string, string][] {
  return cells.flatMap(({id, outputs}) => {
    const name = outputs.find((each) =>
      cells.some((other) => other.id !== id && other.outputs.includes(each)),
    );
    return name === undefined
      ? []
      : [[id, `${name} is defined more than once: give it another name in one of the cells`]];
  });
}

function circles(cells: readonly Names[]): [string, string][] {
  return cells.flatMap((cell) => {
    const circle = circleThrough(cell, cells);
    return circle ? [[cell.id, circleSentence(circle)]] : [];
  });
}

/** One step of a circle: `cell` takes `name`, which the cell of the next step gives. */
type Edge = {readonly cell: Names; readonly name: string};

/** A shortest circle from a cell back to itself. Breadth first, so that the sentence stays short. */
function circleThrough(start: Names, cells: readonly Names[]): readonly Edge[] | null {
  const seen = new Set<Names>();
  let paths: {at: Names; edges: Edge[]}[] = [{at: start, edges: []}];
  while (paths.length > 0) {
    const longer: typeof paths = [];
    for (const {at, edges} of paths)
      for (const name of at.inputs) {
        const next = cells.find(({outputs}) => outputs.includes(name));
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
  const last = circle.at(-1)!.name;
  const edges = circle.map(({name}, i) => `${circle[i - 1]?.name ?? last} needs ${name}`);
  return `circular definition: ${edges.join(", ")} (which of these can do without?)`;
}
