// teacher-only
// loses: pss
// because: nobody splits between the locks of smaps: each page is counted as what it is.

// cell 20
export const pss = "smaps_vs_split~mms-2~0jxjfpi1~b37ab92a105";
