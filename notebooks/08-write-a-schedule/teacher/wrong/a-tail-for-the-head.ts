// teacher-only
// loses: head, head-steps
// because: the page that it stops over was a tail.

// cell 40
export const head = "smaps_vs_split~0rsalzn0~b253a43b150a6";
