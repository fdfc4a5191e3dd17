// What a system call answers, negated, when it has not done what it was asked for. Models include/uapi/asm-generic/errno-base.h, v5.13.

export const ENOENT = 2;
export const EAGAIN = 11;
export const ENOMEM = 12;
export const EACCES = 13;
export const EFAULT = 14;
export const EBUSY = 16;
export const EEXIST = 17;
export const ENODEV = 19;
export const EINVAL = 22;

/** The name of such a number. Models lib/errname.c. */
export function errname(errno: number): string {
  switch (errno) {
    case ENOENT:
      return "ENOENT";
    case EAGAIN:
      return "EAGAIN";
    case ENOMEM:
      return "ENOMEM";
    case EACCES:
      return "EACCES";
    case EFAULT:
      return "EFAULT";
    case EBUSY:
      return "EBUSY";
    case EEXIST:
      return "EEXIST";
    case ENODEV:
      return "ENODEV";
    case EINVAL:
      return "EINVAL";
    default:
      return String(errno);
  }
}
