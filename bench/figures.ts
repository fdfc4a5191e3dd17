// Figures of several rounds: the one in the middle, and how far the others lie from it.

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return (sorted[Math.floor(half - 0.5)] + sorted[Math.floor(half)]) / 2;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** `3.1 (2.8 to 3.3)`: what most rounds said, and what the lowest and the highest did. */
export function spread<Round>(
  rounds: readonly Round[],
  figure: (round: Round, index: number) => number,
  print: (value: number) => string,
): string {
  const values = rounds.map(figure);
  const [low, high] = [print(Math.min(...values)), print(Math.max(...values))];
  const middle = print(median(values));
  return low === high ? middle : `${middle} (${low} to ${high})`;
}

export function count(value: number): string {
  return Math.round(value).toLocaleString("en");
}

/** Two digits that count, more only where they stand before the point. */
export function short(value: number): string {
  if (value >= 100) return count(value);
  return value.toFixed(value >= 10 ? 0 : value >= 1 ? 1 : 2);
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

export function milliseconds(ms: number): string {
  return `${short(ms)} ms`;
}

export function megabytes(kb: number): string {
  return `${count(kb / 1024)} MB`;
}
