// What the page tells the frame when it begins, and what the frame may say to the page. The page believes nothing of it.

import type {PageData} from "../../src/book/page.ts";
import type {SharedText} from "../../src/book/shared_link.ts";

export type Start = {
  readonly kind: "start";
  /** The chapter, as it is printed. */
  readonly html: string;
  readonly styles: string;
  readonly fonts: readonly Font[];
  readonly theme: string | null;
  readonly data: PageData;
  readonly cells: readonly SharedText[];
  readonly kernel: readonly SharedText[];
  readonly schedule: string | null;
  readonly inputs: readonly SharedText[];
};

export type Font = {
  readonly family: string;
  readonly weight: string;
  readonly style: string;
  readonly bytes: ArrayBuffer;
};

export type FromGuest =
  | {readonly kind: "height"; readonly height: number}
  /** A worker is wanted, to talk to over the port that comes with this. */
  | {readonly kind: "worker"; readonly id: number}
  | {readonly kind: "end"; readonly id: number}
  /** The reader has followed a link into the book. */
  | {readonly kind: "go"; readonly href: string};
