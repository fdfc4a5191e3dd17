// The frame in which a stranger's chapter runs, and the workers that it may ask. This is the page's side: it gives the frame what it needs to
// begin with, and believes nothing that comes out.

import type {FromGuest, Start} from "../guest/start.ts";
import {element} from "../html.ts";

/** Workers that one frame may have at a time. */
const MOST_WORKERS = 4;
const TALLEST = 500_000;

/** Puts the frame into `place`. What is returned takes it away, with all that it has begun. */
export function openFrame(place: HTMLElement, start: Start): () => void {
  const workers = new Map<number, Worker>();
  const frame = element("iframe", {
    class: "guest",
    // Scripts, and nothing else: without allow-same-origin the frame is nobody's.
    sandbox: "allow-scripts",
    src: "guest.html",
    title: "this chapter with the code of a link",
    referrerpolicy: "no-referrer",
  });
  const {port1, port2} = new MessageChannel();
  port1.onmessage = ({data, ports}: MessageEvent<FromGuest>) => hear(data, ports);
  // Only the first document that is loaded there is ours; the code in it may put another in its place.
  frame.addEventListener("load", () => send(frame, start, port2), {once: true});
  place.replaceChildren(frame);

  return () => {
    frame.remove();
    port1.close();
    for (const worker of workers.values()) worker.terminate();
  };

  function hear(message: FromGuest | null, ports: readonly MessagePort[]): void {
    switch (message?.kind) {
      case "height":
        if (Number.isFinite(message.height))
          frame.style.height = `${Math.min(Math.max(message.height, 0), TALLEST)}px`;
        return;
      case "worker":
        return begin(message.id, ports[0]);
      case "end":
        return end(message.id);
      case "go":
        // A page of this book, and nothing else.
        if (/^[\w-]+\.html(#[\w-]*)?$/.test(String(message.href))) location.href = message.href;
        return;
      default:
        return;
    }
  }

  function begin(id: unknown, port: MessagePort | undefined): void {
    if (typeof id !== "number" || !port || workers.has(id) || workers.size >= MOST_WORKERS)
      return;
    const worker = new Worker(new URL("../apart-worker.ts", import.meta.url), {type: "module"});
    worker.postMessage(null, [port]);
    workers.set(id, worker);
  }

  function end(id: number): void {
    workers.get(id)?.terminate();
    workers.delete(id);
  }
}

function send(frame: HTMLIFrameElement, start: Start, port: MessagePort): void {
  const bytes = start.fonts.map((font) => font.bytes);
  // It has no origin that could be named.
  frame.contentWindow!.postMessage(start, "*", [port, ...bytes]);
}
