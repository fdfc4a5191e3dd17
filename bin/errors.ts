// The command was wrong: one clear line, exit code 2, no stack.

export class CliError extends Error {
  override readonly name = "CliError";
}
