// The HTTP interface, as /api/openapi.yaml describes it.

/** A service that has not answered by then is not there. */
const PATIENCE_MILLIS = 15_000;

const HEADERS = { "X-Requested-With": "camel-data-pipeline" };

/** An answer that is no success: its status, and the sentence that came with it. */
export class Refusal extends Error {
  constructor(status, sentence) {
    super(sentence);
    this.status = status;
  }
}

/** A path with its parameters; those without a value are left out. */
export function path(at, parameters = {}) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== undefined && value !== ""));
  return `/api${at}${query.size ? "?" + query : ""}`;
}

async function answered(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refusal(response.status, body.error ?? `the service answered ${response.status}`);
  return body;
}

const soon = () => new Promise((again) => setTimeout(again, 500 + 1000 * Math.random()));

/** Asks; where too many do at this moment, twice more. */
export async function get(at, parameters) {
  const ask = () => fetch(path(at, parameters), { signal: AbortSignal.timeout(PATIENCE_MILLIS) });
  let response = await ask();
  for (let tries = 1; tries < 3 && response.status === 503; tries++) {
    await soon();
    response = await ask();
  }
  return answered(response);
}

export const post = async (at, body) =>
  answered(
    await fetch(path(at), {
      method: "POST",
      headers: { ...HEADERS, "Content-Type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE_MILLIS),
    }),
  );

/** Sends a file: POST only has it looked at, PUT drops it. */
export const send = async (method, at, parameters, file) =>
  answered(await fetch(path(at, parameters), { method, headers: { ...HEADERS, "Content-Type": "text/csv" }, body: file }));
