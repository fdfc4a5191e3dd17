// teacher-only
// loses: tail, tail-preemptions
// because: the kernel stops over the last tail, which is not the one that was asked for.

// cell 30
export const tail = "smaps_vs_split~0rsalzn0~b253a93b150a6";
