// Looks after a wall from outside its program, which may fail: loads it anew when it stands still, has newer versions at
// hand, keeps what is needed to start without a network, and keeps the display awake. Decides nothing about what is shown.
(() => {
  "use strict";
  // In the preview of the setup page there is nothing to look after.
  if (parent !== window) return;
  const root = document.documentElement;
  const CACHE = "cabildo-screen-1";
  const STILL = 60_000;
  const LOOK_EVERY = 300_000;
  const DAY = 86_400_000;

  // A second of the program is a new number in `data-tick`. Without one for a minute the page is loaded anew, then after
  // two minutes, four, up to half an hour: what cannot start must not blink.
  let seen = null;
  let since = performance.now();
  const tries = () => Number(sessionStorage.getItem("cabildo.tries")) || 0;
  const canStart = async () => {
    // What a cache does not hold needs the server: a page of the browser that says so would stay for ever.
    if (navigator.serviceWorker?.controller && (await caches.match(location.href))) return true;
    const answer = await fetch(location.href, { cache: "no-store" }).catch(() => null);
    return answer?.ok ?? false;
  };
  const watch = async () => {
    const now = performance.now();
    const tick = root.getAttribute("data-tick");
    if (document.hidden || tick !== seen) {
      if (tick !== seen && now > 600_000) sessionStorage.removeItem("cabildo.tries");
      seen = tick;
      since = now;
    } else if (now - since > STILL * 2 ** Math.min(tries(), 5)) {
      since = now;
      if (await canStart()) {
        sessionStorage.setItem("cabildo.tries", tries() + 1);
        location.reload();
      }
    }
  };
  setInterval(watch, 10_000);

  // All that a page names of the site's own: with it, it starts.
  const named = (text) => [...new Set([...text.matchAll(/(?:href|src)="(\/(?:assets|screen)\/[^"]+)"/g)].map((found) => found[1]))];
  const code = (names) => names.filter((name) => name.startsWith("/assets/")).sort().join();
  const own = () => code([...document.querySelectorAll("link[href^='/assets/'],script[src^='/assets/']")].map((element) => element.getAttribute("href") ?? element.getAttribute("src")));

  // The page that is kept holds the figures of that moment: they are what a wall without a network begins with.
  const look = async () => {
    const answer = await fetch(location.href, { cache: "no-store" }).catch(() => null);
    if (!answer?.ok) return;
    const copy = answer.clone();
    const names = named(await answer.text());
    if (window.caches) {
      const cache = await caches.open(CACHE);
      for (const name of names) {
        if (!name.startsWith("/assets/") || !(await cache.match(name))) await cache.add(name);
      }
      await cache.put(location.href, copy);
      for (const { url } of await cache.keys()) {
        const { pathname } = new URL(url);
        if (pathname.startsWith("/assets/") && !names.includes(pathname)) await cache.delete(url);
      }
    }
    // Once a day everything begins anew, newer or not.
    if (code(names) !== own() || performance.now() > DAY) root.setAttribute("data-newer", "");
  };
  const looking = () => look().catch(() => {});
  addEventListener("load", () => {
    const url = "/screen/worker.js";
    const policy = window.trustedTypes?.createPolicy("cabildo-screen", { createScriptURL: () => url });
    navigator.serviceWorker?.register(policy?.createScriptURL(url) ?? url, { scope: "/screen/" }).catch(() => {});
    looking();
    // Not all walls of a country at once.
    setTimeout(() => setInterval(looking, LOOK_EVERY), Math.random() * LOOK_EVERY);
  });

  // The browser takes it back whenever the page is hidden.
  const wake = () => {
    if (!document.hidden) navigator.wakeLock?.request("screen").catch(() => {});
  };
  document.addEventListener("visibilitychange", wake);
  wake();
})();
