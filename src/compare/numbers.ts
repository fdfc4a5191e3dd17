// Numbers that a reader prints: over all schedules the least and the most, beside what it prints when nothing moves.

/** A line that a reader prints, `Rss 16 kB, Pss 8 kB`, as numbers by name. */
export function numbersIn(line: string): ReadonlyMap<string, number> {
  const found = line.matchAll(/([A-Z]\w*) (\d+) kB/g);
  return new Map([...found].map(([, name, kB]) => [name, Number(kB)]));
}

export type Extreme = {readonly name: string; readonly kB: number; readonly schedule: string};

export type Range = {readonly name: string; readonly least: Extreme; readonly most: Extreme};

/** `schedules` lead to `lines`, in the same order. Of equal numbers the first line's counts. */
export function rangesOf(lines: readonly string[], schedules: readonly string[]): Range[] {
  const ranges = new Map<string, Range>();
  lines.forEach((line, i) => {
    for (const [name, kB] of numbersIn(line)) {
      const here = {name, kB, schedule: schedules[i]};
      const {least, most} = ranges.get(name) ?? {least: here, most: here};
      ranges.set(name, {
        name,
        least: kB < least.kB ? here : least,
        most: kB > most.kB ? here : most,
      });
    }
  });
  return [...ranges.values()];
}
