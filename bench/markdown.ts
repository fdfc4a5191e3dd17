// A table in Markdown: numbers to the right.

export type Column<Row> = {
  readonly title: string;
  readonly cell: (row: Row) => string;
  readonly left?: boolean;
};

export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [
    line(columns.map(({title}) => title)),
    line(columns.map(({left}) => (left ? "---" : "---:"))),
    ...rows.map((row) => line(columns.map(({cell}) => cell(row)))),
  ].join("\n");
}
