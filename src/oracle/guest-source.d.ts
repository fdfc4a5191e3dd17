declare module "virtual:oracle-guest" {
  /** The script that runs inside of the sandbox. */
  export const guest: string;
}
