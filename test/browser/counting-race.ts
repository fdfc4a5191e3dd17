// A race for a cell of the page, as a reader might write it.

/** CPUs that count up: `times` each, with a load and a store. Three that count to three make about 100,000 states. */
export const countingRace = (cpus: number, times: number): string => `
const race = {
  about: "CPUs add one to the same counter.",
  stage(kernel, machine) {
    const counter = kernel.cell("shared", "counter", machine.memory.allocate(4), 4);
    function* count_up() {
      for (let i = 0; i < ${times}; i++) {
        const value = yield* kernel.load(counter);
        yield* kernel.store(counter, value + 1);
      }
    }
    return {
      threads: Array.from({length: ${cpus}}, (_, i) => ({name: \`CPU \${i}\`, run: count_up})),
      invariants: [{
        name: "no update is lost",
        check: (memory) => memory.read(counter) === ${cpus * times} ? null : "an update is lost",
      }],
    };
  },
};
`;
