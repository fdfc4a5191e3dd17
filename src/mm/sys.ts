// What a process may ask for itself. Models kernel/sys.c, v5.13: prctl(PR_SET_THP_DISABLE).

import type {Op} from "../sim/index.ts";
import {down_write, up_write} from "../sim/lock.ts";
import {MMF_DISABLE_THP, type Mm} from "./mm_types.ts";

/** No new huge pages for this process, or some again. Those that it has stay. The part of prctl() for that. */
export function* prctl_set_thp_disable(mm: Mm, disable: boolean): Op<void> {
  yield* down_write(mm.mmap_lock);
  if (disable) mm.flags |= MMF_DISABLE_THP;
  else mm.flags &= ~MMF_DISABLE_THP;
  yield* up_write(mm.mmap_lock);
}
