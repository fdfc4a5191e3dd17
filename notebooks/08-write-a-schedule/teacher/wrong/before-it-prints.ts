// teacher-only
// loses: pss
// because: the schedule is over before smaps has printed anything.

// cell 20
export const pss = "smaps_vs_split~mms-2~0jxjfpi1~b37ab92a42b23";
