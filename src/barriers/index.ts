// What each barrier is for: taken away, and looked at what breaks.

export {arenas, type Arena} from "./arenas.ts";
export {baselineOf, breakOf, MODEL, type Baseline, type Break} from "./breaks.ts";
export {sitesOf, type Site} from "./sites.ts";
export {barriersOf, pairsOf, sayRace, type Barriers, type Pair, type Row} from "./table.ts";
export {barriersText} from "./text.ts";
