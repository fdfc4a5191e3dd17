// A process that is started to judge one submission is told so by its environment, which has nothing else in it.

export const CHILD = "TAILPAGE_GRADES";
