// Looks after the app from outside its program: keeps what people do before it is here, has its service worker registered, has
// it send what waits on the device, and brings what nobody should fetch for nothing (strip.js): the strip at the foot of the
// window when there is something to say, and what hands a page on. What there is to say stands in attributes of <html>.
(() => {
  "use strict";
  const root = document.documentElement.dataset;
  const { serviceWorker: workers, connection: line } = navigator;
  let strip;
  const bring = () => (strip ??= import("/strip.js").catch(() => (strip = null)));
  const send = () => {
    try {
      if (document.hidden || !localStorage.getItem("cabildo.waits")) return;
    } catch {
      // Storage is refused: then nothing waits here either.
      return;
    }
    bring();
    workers?.controller?.postMessage("send");
  };
  // The app starts when somebody uses the page, or has read in it for a while: on a cheap phone it takes most of a second of what
  // scrolling needs, too. Who follows a link needs it on the next page only.
  let start;
  window.wanted = new Promise((wanted) => (start = wanted));
  const listening = new AbortController();
  const sign = ({ target, buttons }) => {
    if (buttons || target.closest?.("a[href]")) return;
    listening.abort();
    start();
  };
  for (const type of ["click", "focusin", "input", "keydown", "pointermove", "scroll"]) addEventListener(type, sign, { signal: listening.signal });
  addEventListener("load", () => setTimeout(start, 4000));
  // At once where only the app shows what somebody began here, or has done here before.
  const isKnown = () => {
    try {
      return sessionStorage.length || localStorage.getItem("cabildo.known");
    } catch {
      return false;
    }
  };
  // Nor does it take the place of a control that is just being pressed: what is pressed there would be let go here.
  const held = (type, act) => addEventListener(type, act, true);
  held("pointerdown", ({ button }) => button || (root.held = ""));
  for (const type of ["pointerup", "pointercancel"]) held(type, () => setTimeout(() => delete root.held, 50));
  // The app takes the place of a page that says the same: what was typed, chosen, opened and pressed there is so in it, too.
  const controls = (of) => [...of.querySelectorAll("button, input, select, textarea, details")];
  // By the nearest identifier, for meanwhile others may have come: each with its counterpart.
  const names = (of) => {
    const seen = {};
    return new Map(
      controls(of).map((control) => {
        const { localName, type, name, value } = control;
        const key = [control.closest("[id]").id, localName, type, name, ticks(control) && value].join();
        seen[key] = (seen[key] ?? 0) + 1;
        return [key + seen[key], control];
      }),
    );
  };
  const ticks = ({ type }) => type === "checkbox" || type === "radio";
  const pressed = [];
  const press = (control) => {
    pressed.push(control);
    if (control.localName === "button") control.ariaBusy = "true";
  };
  let page;
  let focused;
  let early = true;
  const before = (event, act) => document.addEventListener(event, (happened) => early && act(happened));
  before("focusin", ({ target }) => (focused = target));
  before("click", ({ target }) => {
    const control = target.closest("button:not([data-share]), input");
    if (control && (control.type === "button" || ticks(control))) press(control);
  });
  // A form that leads somewhere, as what narrows a list, need not wait for the app.
  before("change", ({ target }) => target.localName === "select" && target.form?.requestSubmit());
  before("submit", (event) => {
    if (event.target.hasAttribute("action")) return;
    event.preventDefault();
    press(event.submitter);
  });
  const again = (app) => {
    const now = names(app);
    const counterparts = new Map([...names(page)].map(([key, control]) => [control, now.get(key)]));
    for (const [control, fresh] of counterparts) {
      if (!fresh) continue;
      const { value } = control;
      if (control.localName === "details") fresh.open = control.open;
      if (ticks(control) || value === control.defaultValue || value === fresh.value) continue;
      fresh.value = value;
      fresh.dispatchEvent(new Event("input", { bubbles: true }));
    }
    counterparts.get(focused)?.focus();
    for (const control of pressed) {
      const fresh = counterparts.get(control);
      if (fresh && (!ticks(control) || control.checked !== fresh.checked)) fresh.click();
    }
  };
  const arrival = new MutationObserver(() => {
    const app = document.getElementById("app");
    if (!app || app === page) return;
    arrival.disconnect();
    early = false;
    // When everything in it says what it has to say, and before anybody sees it.
    requestAnimationFrame(() => again(app));
  });
  const begin = () => {
    page = document.getElementById("app");
    if (page.querySelector(".c-loading") || isKnown()) start();
    // A browser that goes back to a page ticks what was ticked.
    pressed.unshift(...controls(page).filter((control) => ticks(control) && control.checked && !pressed.includes(control)));
    arrival.observe(document.body, { childList: true });
  };
  if (document.readyState === "loading") document.addEventListener("readystatechange", begin, { once: true });
  else begin();
  addEventListener("click", async ({ target }) => {
    const button = target.closest("[data-share]");
    if (button) (await bring())?.share(button);
  });
  // Who wants to spare data, or pays for each megabyte: nothing live until they ask for it.
  if (line?.saveData || line?.type === "cellular") root.spares = "";
  if (root.kept || "spares" in root) bring();
  addEventListener("cabildo-waits", bring);
  addEventListener("online", send);
  document.addEventListener("visibilitychange", send);
  send();
  // Of several copies the oldest says how old the page may be.
  workers?.addEventListener("message", ({ data }) => {
    root.kept = Math.min(root.kept || Infinity, data.kept);
    bring();
  });
  addEventListener("load", async () => {
    const url = "/worker.js";
    const policy = window.trustedTypes?.createPolicy("cabildo-app", { createScriptURL: () => url });
    const registration = await workers?.register(policy?.createScriptURL(url) ?? url).catch(() => null);
    // The worker has the strip at hand; without one it must be here before the network is gone.
    if (!registration || registration.waiting) bring();
    registration?.addEventListener("updatefound", bring);
  });
})();
