// Shuts the frame before any code of a stranger runs in it. The frame has no origin, so no storage, and its policy lets nothing in or out;
// what is left is a way to call other machines that no policy covers.

const CALLS = [
  "RTCPeerConnection",
  "webkitRTCPeerConnection",
  "mozRTCPeerConnection",
  "RTCDataChannel",
  "RTCSessionDescription",
  "RTCIceCandidate",
];

export function shut(): void {
  for (const name of CALLS) Reflect.deleteProperty(globalThis, name);
}
