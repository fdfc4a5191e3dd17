// The page that this frame is in: the one port there is.

import type {FromGuest} from "./start.ts";

let port: MessagePort | null = null;

export function connect(to: MessagePort): void {
  port = to;
}

export function tell(message: FromGuest, ...ports: MessagePort[]): void {
  port?.postMessage(message, ports);
}
