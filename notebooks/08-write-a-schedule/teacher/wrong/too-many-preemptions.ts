// teacher-only
// loses: tail-preemptions
// because: it is the shortest way there, and the threads are left far too often on it.

// cell 20
export const pss = "smaps_vs_split~mms-2~0jxjfpi1~b37ab92a42b23a63";

// cell 30
export const tail = "smaps_vs_split~0rsalzn0~ab108a3b105a44b40a6b69a3";

// cell 40
export const head = "smaps_vs_split~0rsalzn0~ab108a3b105a12b40a7b134a";
