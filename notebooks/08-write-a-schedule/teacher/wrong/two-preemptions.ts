// teacher-only
// loses: head-steps
// because: it has the fewest preemptions, and more steps than it need have.

// cell 40
export const head = "smaps_vs_split~0rsalzn0~b253a18b150a6";
