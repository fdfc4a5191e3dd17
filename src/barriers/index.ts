// What each barrier is for: taken away, and looked at what breaks.

export {arenas, type Arena} from "./arenas.ts";
export {baselineOf, breakOf, type Baseline, type Break} from "./breaks.ts";
export {sitesOf, type Site} from "./sites.ts";
export {barriersOf, pairsOf, type Barriers} from "./table.ts";
export {barriersText} from "./text.ts";
