// Stands in the frame for ../new-worker.ts: the frame cannot start a worker, so it asks the page for one, and talks to it over a port.

import {tell} from "./parent.ts";

let asked = 0;

export function newWorker(): Worker {
  const id = asked++;
  const {port1, port2} = new MessageChannel();
  tell({kind: "worker", id}, port2);
  port1.start();
  const terminate = (): void => {
    port1.close();
    tell({kind: "end", id});
  };
  return Object.assign(port1, {terminate}) as unknown as Worker;
}
