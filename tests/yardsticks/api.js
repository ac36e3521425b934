// What the yardsticks ask Cabildo's API for: the process and the consultation that `serve.mjs` puts into the address.
const here = new URL(location.href);
export const page = here.pathname === "/vote" ? "vote" : "list";
const at = (path) => `/api/v1/${path}`;

async function ask(path, options) {
  const answer = await fetch(at(path), options);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

export const process = here.searchParams.get("process");
export const consultation = here.searchParams.get("consultation");
export const outline = () => ask(`processes/${process}`);
export const proposals = (filter) => ask(`processes/${process}/proposals?${new URLSearchParams(filter)}`);
export const ballotPaper = () => ask(`consultations/${consultation}`);

/** Casts a ballot; a device without a session gets one first. */
export async function cast(choices) {
  const json = { "content-type": "application/json" };
  await ask("session", { method: "POST", headers: json, body: "{}" });
  const body = JSON.stringify({ choices });
  return ask(`consultations/${consultation}/ballot`, { method: "PUT", headers: json, body });
}
