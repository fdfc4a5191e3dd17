// A figure: what was measured on a page, and what it may be.

export type Figure = {
  readonly what: string;
  /** Of each run, or one; null where the page has nothing to measure. */
  readonly values: readonly number[] | null;
  readonly limit?: {readonly most: number} | {readonly least: number};
  readonly unit: string;
  /** Why there are no values. */
  readonly absent?: string;
  /** What stands behind it, in sentences. */
  readonly notes?: readonly string[];
};

/** The value in the middle. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** Null where nothing was promised, or nothing measured. */
export function holds({values, limit}: Figure): boolean | null {
  if (values === null || !limit) return null;
  return "most" in limit ? median(values) <= limit.most : median(values) >= limit.least;
}

export type Row = Figure & {readonly page: string};

/** As a table in Markdown, with what was found below it. */
export function markdown(rows: readonly Row[]): string {
  const lines = rows.map((row) => {
    const cells = [row.page, row.what, ...columnsOf(row)];
    return `| ${cells.join(" | ")} |`;
  });
  const notes = rows.flatMap(({page, what, notes = []}) =>
    notes.map((note) => `- ${page}, ${what}: ${note}`),
  );
  return [
    "| page | what | median | spread | promised | |",
    "| --- | --- | ---: | --- | --- | --- |",
    ...lines,
    ...(notes.length > 0 ? ["", ...notes] : []),
    "",
  ].join("\n");
}

/** Median, spread, limit, and whether it holds. */
export function columnsOf(figure: Figure): readonly string[] {
  const {values, limit, unit, absent = "nothing to measure"} = figure;
  if (values === null) return ["", "", promised(limit, unit), absent];
  const spread =
    values.length < 2
      ? ""
      : `${inWords(Math.min(...values))} to ${inWords(Math.max(...values))}`;
  const verdict = holds(figure);
  return [
    `${inWords(median(values))} ${unit}`.trim(),
    spread,
    promised(limit, unit),
    verdict === null ? "" : verdict ? "holds" : "**falls short**",
  ];
}

function promised(limit: Figure["limit"], unit: string): string {
  if (!limit) return "";
  const [word, value] =
    "most" in limit ? ["at most", limit.most] : (["at least", limit.least] as const);
  return `${word} ${inWords(value)} ${unit}`.trim();
}

function inWords(value: number): string {
  return value.toLocaleString("en", {maximumFractionDigits: 1});
}
