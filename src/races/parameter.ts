// What can be chosen of a race.

/** By name. */
export type Parameters = Readonly<Record<string, string | number>>;

export type Parameter = {
  readonly name: string;
  readonly about: string;
  readonly default: string | number;
  /** Every value it can have. */
  readonly values: readonly (string | number)[];
};
