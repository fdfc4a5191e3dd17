// What a command says on standard output, and that it went well.

export function print(text: string): 0 {
  process.stdout.write(`${text}\n`);
  return 0;
}
