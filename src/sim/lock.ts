// Locks, interrupts, waiting loops and barriers. A lock is an operation that is not enabled while the lock is held: nobody
// spins, and a thread that waits for ever is seen as a deadlock.
//
// A spinlock's word is 0, or 1 while it is held. A read-write semaphore's word is the number of readers, or -1 for a writer.
// A CPU with its interrupts off answers no interrupt that another CPU sends. One that has them on answers at once: that it might
// take its time can be left out, since the sender may be slow to notice.
//
// Who holds a lock is not in its word: whoever runs the threads knows. Leaves out: the queue of a semaphore (a reader may
// overtake a waiting writer) and priorities of any kind.

import type {Cell} from "./cell.ts";
import {cpu_interrupts} from "./machine.ts";
import {announce, type Act, type Answer, type Op} from "./operation.ts";

/** The word of a CPU's interrupts: they are off; somebody's interrupt waits for them to be on. */
const INTERRUPTS_OFF = 1;
const INTERRUPT_WAITS = 2;

function lock_operation(
  kind: string,
  act: Act,
  cell: Cell,
  operand = 0,
  answer: Answer = "nothing",
) {
  return announce({kind, act, cell, operand, expected: 0, answer, plain: false});
}

export function* spin_lock(lock: Cell): Op<void> {
  yield lock_operation("spin_lock", "lock", lock);
}

export function* spin_unlock(lock: Cell): Op<void> {
  yield lock_operation("spin_unlock", "unlock", lock);
}

export function* spin_trylock(lock: Cell): Op<boolean> {
  return (yield lock_operation("spin_trylock", "try_lock", lock, 0, "success")) !== 0;
}

export function* down_read(sem: Cell): Op<void> {
  yield lock_operation("down_read", "lock_read", sem);
}

export function* up_read(sem: Cell): Op<void> {
  yield lock_operation("up_read", "unlock_read", sem);
}

export function* down_write(sem: Cell): Op<void> {
  yield lock_operation("down_write", "lock_write", sem);
}

export function* up_write(sem: Cell): Op<void> {
  yield lock_operation("up_write", "unlock_write", sem);
}

/** Sleeps until the bit is clear, then sets it: the page lock. */
export function* wait_on_bit_lock(bit: number, cell: Cell): Op<void> {
  yield lock_operation("wait_on_bit_lock", "lock_bit", cell, bit);
}

/** Clears the bit; it must be set. */
export function* clear_bit_unlock(bit: number, cell: Cell): Op<void> {
  yield lock_operation("clear_bit_unlock", "unlock_bit", cell, bit);
}

/** Sleeps until the bit is clear, and takes nothing. */
export function* wait_on_bit(bit: number, cell: Cell): Op<void> {
  yield lock_operation("wait_on_bit", "wait_bit", cell, bit);
}

export function* local_irq_disable(): Op<void> {
  yield announce({kind: "local_irq_disable", act: "interrupts", operand: 1});
}

export function* local_irq_enable(): Op<void> {
  yield announce({kind: "local_irq_enable", act: "interrupts", operand: 0});
}

/** Interrupts CPU `cpu`: it answers at once, or as soon as it has its interrupts on again. */
export function* send_call_function_ipi(cpu: number): Op<void> {
  const flag = cpu_interrupts(cpu);
  yield announce({
    kind: "send_call_function_ipi",
    act: "compare_exchange",
    cell: flag,
    operand: INTERRUPTS_OFF | INTERRUPT_WAITS,
    expected: INTERRUPTS_OFF,
    answer: "nothing",
    plain: false,
  });
}

/** Waits until CPU `cpu` has answered the interrupt that was sent to it. */
export function* csd_lock_wait(cpu: number): Op<void> {
  yield lock_operation("csd_lock_wait", "wait_bit", cpu_interrupts(cpu), 1);
}

/**
 * Takes turn after turn until one answers something that is true, and answers that. Between two turns the CPU has
 * nothing to do until a word changes that it has read: so a loop that only waits is a few states, and one that waits for
 * ever is seen. A turn must keep nothing outside of itself.
 */
export function* spin_until_cond<T>(turn: () => Op<T>): Op<Exclude<T, null | false>> {
  for (;;) {
    yield {kind: "turn", act: "turn"};
    const answer = yield* turn();
    if (answer) {
      yield {kind: "turn", act: "turned"};
      return answer as Exclude<T, null | false>;
    }
    yield announce({kind: "cpu_relax", act: "await", operand: 0});
  }
}

/** Under sequential consistency a barrier does nothing; it stands in the trace, where the source has it (ordering.ts). */
export function* smp_mb(): Op<void> {
  yield announce({kind: "smp_mb", act: "barrier"});
}

export function* smp_rmb(): Op<void> {
  yield announce({kind: "smp_rmb", act: "barrier"});
}

export function* smp_wmb(): Op<void> {
  yield announce({kind: "smp_wmb", act: "barrier"});
}
