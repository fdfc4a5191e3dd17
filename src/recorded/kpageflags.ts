// The bits of /proc/kpageflags, by their names in the recordings. Models include/uapi/linux/kernel-page-flags.h and the bits that
// include/linux/kernel-page-flags.h adds for kernel hackers, v5.13.

const LOW = [
  ...["LOCKED", "ERROR", "REFERENCED", "UPTODATE", "DIRTY", "LRU", "ACTIVE", "SLAB"],
  ...["WRITEBACK", "RECLAIM", "BUDDY", "MMAP", "ANON", "SWAPCACHE", "SWAPBACKED"],
  ...["COMPOUND_HEAD", "COMPOUND_TAIL", "HUGE", "UNEVICTABLE", "HWPOISON", "NOPAGE", "KSM"],
  ...["THP", "OFFLINE", "ZERO_PAGE", "IDLE", "PGTABLE"],
];

const FROM_32 = [
  ...["RESERVED", "MLOCKED", "MAPPEDTODISK", "PRIVATE", "PRIVATE_2", "OWNER_PRIVATE"],
  ...["ARCH", "UNCACHED", "SOFTDIRTY", "ARCH_2"],
];

/** Bits beyond the 32nd are in there: a sum of powers of two, not for operators on bits. */
export type Kpageflags = number;

const VALUES: ReadonlyMap<string, Kpageflags> = new Map([
  ...LOW.map((name, bit) => [name, 2 ** bit] as const),
  ...FROM_32.map((name, i) => [name, 2 ** (32 + i)] as const),
]);

export function kpageflag(name: string): Kpageflags {
  const value = VALUES.get(name);
  if (value === undefined) throw new Error(`kpageflags has no ${name}`);
  return value;
}

export function hasFlag(flags: Kpageflags, name: string): boolean {
  return Math.floor(flags / kpageflag(name)) % 2 === 1;
}

export function flagNames(flags: Kpageflags): string[] {
  return [...VALUES.keys()].filter((name) => hasFlag(flags, name));
}
