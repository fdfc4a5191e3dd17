// Operations on pages: those that ask the kernel to split, to move or to hold them.

import {answerOf, failed, OK} from "./answers.ts";
import type {Done} from "./trace.ts";
import type {Operation} from "./operations.ts";

export const pageOperations: Readonly<Record<string, Operation>> = {
  drop_slab: (machine) => {
    machine.run(machine.kernel.drop_slab());
    return OK;
  },
  debugfs_split: (machine, {proc, a, b}) => {
    const mm = machine.process(proc);
    const split = machine.kernel.split_huge_pages_pid(
      mm,
      machine.address(a),
      machine.address(a + b),
    );
    machine.run(split);
    return OK;
  },
  move_pages: (machine, {proc, a, b, c}) => {
    const mm = machine.process(proc);
    const {kernel} = machine;
    const start = machine.address(a);
    const ret = machine.run(kernel.do_pages_move(mm, start, b, c));
    if (ret < 0) return answerOf(machine, ret);
    const nodes = machine.run(kernel.do_pages_stat(mm, start, b));
    return {...counting(nodes.filter((node) => node === c).length), ret};
  },
  vmsplice: (machine, {proc, a, b}) => {
    const mm = machine.process(proc);
    const {kernel} = machine;
    const room = kernel.PIPE_DEF_BUFFERS - machine.piped.length;
    // Who does not want to wait until somebody reads.
    if (room === 0) return failed("EAGAIN");
    const pages = machine.run(kernel.vmsplice(mm, machine.address(a), b, room));
    if (pages.length === 0) return failed("EFAULT");
    machine.piped.push(...pages);
    return counting(pages.length);
  },
  pipe_close: (machine) => {
    machine.run(machine.kernel.free_pipe_info(machine.piped.splice(0)));
    return OK;
  },
  uring_pin: (machine, {proc, a, b}) => {
    const mm = machine.process(proc);
    const register = machine.kernel.io_sqe_buffers_register(mm, machine.address(a), b);
    const pages = machine.run(register);
    if (pages === null) return failed("EFAULT");
    machine.pinned.push(...pages);
    return OK;
  },
  uring_unpin: (machine) => {
    machine.run(machine.kernel.io_sqe_buffers_unregister(machine.pinned.splice(0)));
    return OK;
  },
  pvm_read: (machine, {proc, a, b}) => {
    const mm = machine.process(proc);
    const read = machine.run(machine.kernel.process_vm_readv(mm, machine.address(a), b));
    return read.length > 0 ? OK : failed("EFAULT");
  },
  pvm_write_child: (machine, {a, b}) => {
    const mm = machine.process("child1");
    const {kernel} = machine;
    const write = kernel.process_vm_writev(mm, machine.address(a), b, machine.contents(a));
    const nr = machine.run(write);
    return nr > 0 ? OK : failed("EFAULT");
  },
};

/** How many pages it was is only said if there were any. */
function counting(nr: number): Done {
  return nr > 0 ? {...OK, detail: nr} : OK;
}
