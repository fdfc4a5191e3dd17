// Hunting: schedules are drawn from a seed until one meets the BUG.

export type Hunt = {readonly schedules: number; readonly ms: number};
