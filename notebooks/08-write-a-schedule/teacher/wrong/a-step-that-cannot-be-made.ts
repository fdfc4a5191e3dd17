// teacher-only
// loses: tail, tail-preemptions
// because: smaps is let go on when it has come to its end.

// cell 30
export const tail = "smaps_vs_split~0rsalzn0~b120a300b400";
