// Answers for the server while there is no network, from what keeper.js put into the cache. It never keeps anything
// itself, and touches neither the API nor anything outside of /screen/ and what its pages are made of.
"use strict";
const CACHE = "cabildo-screen-1";
const PATIENCE = 5_000;

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

const kept = async (request) => (await caches.open(CACHE)).match(request);

// What never changes.
const first = async (request) => (await kept(request)) ?? fetch(request);

// What changes: the server's word, if it comes soon and is one.
const newest = async (request) => {
  const known = await kept(request);
  const patience = new AbortController();
  // Only where there is something to show instead; and what has begun to come is waited for.
  const timer = known && setTimeout(() => patience.abort(), PATIENCE);
  const answer = await fetch(request, { signal: patience.signal }).catch(() => null);
  clearTimeout(timer);
  return answer && answer.status < 500 ? answer : (known ?? answer ?? Response.error());
};

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (pathname.startsWith("/assets/")) event.respondWith(first(request));
  // What asks for the newest in so many words (keeper.js) asks the server.
  else if (pathname.startsWith("/screen/") && request.cache !== "no-store") event.respondWith(newest(request));
});
