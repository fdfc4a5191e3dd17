// To be replaced by the walks of MADV_FREE, MADV_COLD and MADV_PAGEOUT: delete this file when they are there.

import {bug} from "../sim/bug.ts";
import type {Op} from "../sim/index.ts";
import type {VmArea} from "./mm_types.ts";

const NO_WALK = {about: "madvise", dump: []};

export function* madvise_free_single_vma(_: VmArea, _s: number, _e: number): Op<void> {
  yield* bug("no MADV_FREE yet", NO_WALK);
}

export function* madvise_cold(_: VmArea, _s: number, _e: number): Op<void> {
  yield* bug("no MADV_COLD yet", NO_WALK);
}

export function* madvise_pageout(_: VmArea, _s: number, _e: number): Op<void> {
  yield* bug("no MADV_PAGEOUT yet", NO_WALK);
}
