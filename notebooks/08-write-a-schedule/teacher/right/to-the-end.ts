// teacher-only

// cell 20
export const pss = "smaps_vs_split~mms-2~0jxjfpi1~b37ab92a42b23a63b400";
