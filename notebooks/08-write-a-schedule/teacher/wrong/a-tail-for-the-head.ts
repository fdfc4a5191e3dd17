// teacher-only
// loses: head, head-steps
// because: the page that it stops over was a tail.

// cell 20
export const pss = "smaps_vs_split~mms-2~0jxjfpi1~b37ab92a42b23a63";

// cell 30
export const tail = "smaps_vs_split~0rsalzn0~b253a68b150a6";

// cell 40
export const head = "smaps_vs_split~0rsalzn0~b253a43b150a6";
