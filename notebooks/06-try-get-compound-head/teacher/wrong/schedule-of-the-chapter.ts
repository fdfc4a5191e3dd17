// teacher-only
// loses: stranger
// because: the schedule is that of chapter 9: other parameters than the variant's.

// cell 30
export const stranger = "gup_fast_vs_split~pages-2~1844c2b1~a4b220a2b39a5";
