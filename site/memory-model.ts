// The memory model that a cell has asked for.

import {UserError} from "../src/livepatch/user_error.ts";
import {MEMORY_MODELS, type MemoryModel} from "../src/sim/memory_model.ts";

/** Where nothing is said processors take turns. */
export function memoryModelOf(said: unknown = "sc"): MemoryModel {
  const model = MEMORY_MODELS.find((one) => one === said);
  if (model) return model;
  throw new UserError(
    `there is no memory model ${JSON.stringify(said)}: it is one of ${MEMORY_MODELS.join(", ")}`,
  );
}
