// Whose cache a line of memory is in, as far as that decides what an access costs. A CPU that reads a line it does not have gets it from
// another cache or from memory; one that writes must be the only one that has it. Either way a line, or the right to it, travels: a transfer.
//
// Assumptions: lines of 64 bytes; in the beginning no CPU has any; caches are large enough that nothing is evicted; a line that only one
// CPU has read it may write to without asking (MESI); no prefetching, and nothing else shares these lines.

export const LINE_BYTES = 64;

export const ASSUMPTIONS = [
  "cache lines of 64 bytes, a struct page in each",
  "at the beginning no CPU has any of the lines, and no line is ever evicted",
  "a line that only one CPU has it may write to; otherwise it has to ask for it (MESI)",
  "no prefetching, no other users of these lines, transfers all cost the same",
];

/** The CPUs that have a line; the only one of them may write. */
type Line = Set<number>;

export class CacheLines {
  /** By CPU. */
  readonly transfers: number[] = [];
  private readonly lines = new Map<number, Line>();

  access(cpu: number, address: number, writes: boolean): void {
    const number = Math.floor(address / LINE_BYTES);
    const line = this.lines.get(number) ?? new Set();
    this.lines.set(number, line);
    const has = line.has(cpu);
    const alone = has && line.size === 1;
    if (writes ? !alone : !has) this.transfers[cpu] = (this.transfers[cpu] ?? 0) + 1;
    if (writes) line.clear();
    line.add(cpu);
  }
}
