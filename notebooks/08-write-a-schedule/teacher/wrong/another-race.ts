// teacher-only
// loses: head, head-steps
// because: it is a schedule of pagemap, which crashes as well.

// cell 40
export const head = "pagemap_vs_split~0rsalzn0~b253a18b150a6";
