// Answers for the server while there is no network: with the app itself, and with pages and public answers that were seen,
// each with the time at which it was taken. It keeps no answer to a write, nothing that is somebody's own, and no stream. And
// it sends what was confirmed and waits on the device (src/outbox.rs), when a page asks for it, or when the browser says that
// there is a network and no page is open.
"use strict";
// Written by the build: what the app needs to start, and a name that changes with it.
const { name: SHELL, page: PAGE, files: FILES } = "cabildo:shell";
const STRIP = "/strip.js";
const KEPT = "cabildo-app-kept-1";
const FILES_SEEN = "cabildo-app-files-1";
const MOST = { [KEPT]: 200, [FILES_SEEN]: 150 };
const PATIENCE = 3_000;

addEventListener("install", (event) => event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll([PAGE, STRIP, ...FILES]))));
addEventListener("activate", (event) => event.waitUntil(begin()));
addEventListener("message", (event) => {
  if (event.data === "take over") skipWaiting();
  else if (event.data === "send") event.waitUntil(sendAlone().catch(() => {}));
});

const begin = async () => {
  for (const name of await caches.keys()) {
    if (name.startsWith("cabildo-app-shell-") && name !== SHELL) await caches.delete(name);
  }
  await clients.claim();
};

// The answers that a page came with (src/document.rs): who goes on from page to page asks for them one by one.
const SEED = /<script type="application\/json" class="[^"]*" data-path="([^"]*)" data-status="200">([^<]*)<\/script>/g;
const keepSeeds = async (cache, page) => {
  const headers = { "content-type": "application/json", date: page.headers.get("date") };
  for (const [, path, json] of (await page.text()).matchAll(SEED)) {
    await cache.put(path.replaceAll("&amp;", "&"), new Response(json, { headers }));
  }
};

const keep = async (name, request, answer) => {
  const cache = await caches.open(name);
  if (request.mode === "navigate") await keepSeeds(cache, answer.clone());
  await cache.put(request, answer);
  const keys = await cache.keys();
  for (const old of keys.slice(0, Math.max(0, keys.length - MOST[name]))) await cache.delete(old);
};

// What never changes.
const first = async (event) => {
  const known = await caches.match(event.request);
  if (known) return known;
  const answer = await fetch(event.request);
  if (answer.ok) event.waitUntil(keep(FILES_SEEN, event.request, answer.clone()));
  return answer;
};

const isPublic = (answer) =>
  answer.status === 200 && !answer.redirected && !/no-store|private/.test(answer.headers.get("cache-control") ?? "");

// What changes: the server's word, if it comes soon and is one; else what it said last.
const newest = async (event, otherwise) => {
  const { request } = event;
  const known = await (await caches.open(KEPT)).match(request);
  const fetched = fetch(request).catch(() => null);
  const kept = fetched.then((answer) => answer && isPublic(answer) && keep(KEPT, request, answer.clone()));
  event.waitUntil(kept.catch(() => {}));
  // Only where there is something to show instead.
  const answer = await (known ? Promise.race([fetched, new Promise((late) => setTimeout(late, PATIENCE))]) : fetched);
  if (answer && answer.status < 500) return answer;
  return known ? copy(event, known) : (answer ?? otherwise());
};

// A page says of when it is in an attribute of its own; an answer to a page, by a message.
const copy = async (event, known) => {
  const taken = Date.parse(known.headers.get("date")) || 0;
  if (event.request.mode === "navigate") {
    const text = (await known.text()).replace("<html ", `<html data-kept="${taken}" `);
    return new Response(text, { headers: known.headers });
  }
  event.waitUntil(clients.get(event.clientId).then((client) => client?.postMessage({ kept: taken })));
  return known;
};

const shell = async () => (await caches.match(PAGE)) ?? Response.error();

const ELSEWHERE = /^\/(api|embed|screen|p|dev|oembed|readyz|livez|metrics)(\/|$)/;
const isFile = (path) => /\.[a-z0-9]+$/i.test(path);

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (pathname.startsWith("/assets/")) event.respondWith(first(event));
  else if (pathname === STRIP) event.respondWith(fetch(request).catch(() => caches.match(request)));
  else if (request.mode === "navigate") {
    if (!ELSEWHERE.test(pathname) && !isFile(pathname)) event.respondWith(newest(event, shell));
  } else if (pathname.startsWith("/api/v1/") && request.headers.get("accept") === "application/json") {
    event.respondWith(newest(event, () => Response.error()));
  }
});

"cabildo:shelf";
// Of what waits only what is simply sent and simply received: everything else a page does, which knows what it means.
const send = async () => {
  const ask = async (method, path, body, more) => {
    const headers = { accept: "application/json", "content-type": "application/json", ...more };
    const answer = await fetch(path, { method, body, headers });
    if (!answer.ok) throw answer.status;
    return answer.text();
  };
  const SESSION = "/api/v1/session";
  const waits = (item) => item.state.waiting && item.request;
  if (!(await shelf()).some(waits)) return;
  const { author } = JSON.parse(await ask("GET", SESSION)).session ?? JSON.parse(await ask("POST", SESSION, "{}"));
  const isOurs = (item) => waits(item) && (item.author ?? author) === author;
  const change = (key, how) => shelf((items) => items.map((item) => (item.key === key ? { ...item, ...how } : item)));
  for (const { key } of (await shelf()).filter(isOurs)) {
    const item = (await change(key, { author, tried: true })).find((item) => item.key === key);
    // Replaced or given up meanwhile.
    if (!item || !isOurs(item)) continue;
    const { method, path, body } = item.request;
    const answer = await ask(method, path, body, { "idempotency-key": key, "cabildo-author": author }).catch(() => null);
    if (answer) await change(key, { state: { received: { answer } } });
  }
  new BroadcastChannel("cabildo-outbox").postMessage(true);
};
// One at a time, pages included.
const sendAlone = () => navigator.locks.request("cabildo-outbox", send);

addEventListener("sync", (event) => event.tag === "outbox" && event.waitUntil(sendAlone()));
