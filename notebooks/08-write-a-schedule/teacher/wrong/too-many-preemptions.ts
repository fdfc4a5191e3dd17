// teacher-only
// loses: tail-preemptions
// because: it is the shortest way there, and the threads are left far too often on it.

// cell 30
export const tail = "smaps_vs_split~0rsalzn0~ab108a3b105a44b40a6b69a3";
