// Ask the server: JSON, columns, and the events of a comparison.
import { unpack } from "./columns.js";

const token = () => document.querySelector("meta[name=token]").content;

export class Refused extends Error {
  constructor(status, body) {
    super(body.error || String(status));
    Object.assign(this, { status, faults: body.faults || [] });
  }
}

// Status 0: nobody answered.
const ask = (path, options) => fetch(path, options).catch(() => { throw new Refused(0, {}); });

async function answer(response) {
  if (response.ok) return response;
  throw new Refused(response.status, await response.json().catch(() => ({})));
}

export async function get(path, query = {}) {
  const response = await answer(await ask(`${path}?${new URLSearchParams(query)}`));
  return response.json();
}

export async function post(path, body) {
  const headers = { "Content-Type": "application/json", "X-Guantong-Token": token() };
  const response = await answer(await ask(path, { method: "POST", headers, body: JSON.stringify(body) }));
  const told = await response.json();
  if (told.faults) throw new Refused(200, told);
  return told;
}

export async function columns(run, part) {
  const response = await answer(await ask(`/api/tracks?${new URLSearchParams({ run, part })}`));
  return unpack(await response.arrayBuffer());
}

// Listen to a comparison; returns how to stop listening. EventSource comes back by itself after a break and asks from where it was.
export function listen(job, hear, lost) {
  const source = new EventSource(`/api/jobs/${job}/events`);
  source.onmessage = (message) => {
    const event = JSON.parse(message.data);
    if (["study", "failed", "cancelled"].includes(event.type)) source.close();
    hear(event);
  };
  source.onerror = () => {
    if (source.readyState === EventSource.CLOSED) lost();
  };
  return () => source.close();
}
