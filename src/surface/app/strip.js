// The strip at the foot of the window: what waits on this device, of when a copy is, a newer version, and what is spared; and
// what hands a page on. It is fetched only when there is something to say or to do (keeper.js). Words come from src/i18n with the
// answer of the server.
const WORDS = "cabildo:words";
"cabildo:shelf";
const root = document.documentElement;
const workers = navigator.serviceWorker;
const tabs = new BroadcastChannel("cabildo-outbox");
let items = [];
let online = false;

const element = (name, attributes, ...children) => {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...children);
  return made;
};
const button = (words, act) => {
  const made = element("button", { type: "button", class: "c-button", "data-variant": "secondary" }, words);
  made.addEventListener("click", act);
  return made;
};
const fill = (words, value) => words.replace("{0}", value);
const tell = (name) => dispatchEvent(new Event(name));

const forget = async (key) => {
  show(await shelf((all) => all.filter((item) => item.key !== key)));
  tabs.postMessage(true);
};

// What is confirmed and where it stands. What can be done about it stands on its page, with all of this.
const waits = (t, { key, title, page, state }) => {
  const [name, told] = Object.entries(state)[0];
  const ballot = name === "received" ? JSON.parse(told.answer).receipt : null;
  const words = ballot ? fill(t.received_number, ballot) : (t[name] ?? t.refused);
  const way = () => element("a", { href: page, class: "c-button", "data-variant": "secondary" }, t.look);
  return [`${title} · ${words}`, name === "received" ? button(t.seen, () => forget(key)) : way()];
};

const lines = (t, tag) => {
  const here = location.pathname + location.search;
  const said = items.filter((item) => item.page !== here).map((item) => waits(t, item));
  const kept = Number(root.dataset.kept);
  if (kept) {
    const time = new Intl.DateTimeFormat(tag, { dateStyle: "long", timeStyle: "short" }).format(kept);
    said.push([fill(online ? t.copy_online : t.copy, time), button(t.refresh, () => location.reload())]);
  }
  if ("newer" in root.dataset) said.push([t.newer, button(t.update, () => tell("cabildo-update"))]);
  const spent = root.dataset.spent;
  if (spent) said.push([fill(t.spared, new Intl.NumberFormat(tag).format(spent)), button(t.go_live, () => tell("cabildo-live"))]);
  return said;
};

const status = element("div", { role: "status" });
const strip = element("div", { class: "c-strip", role: "region" }, status);
const draw = () => {
  const tag = root.lang || "es-CO";
  const t = WORDS[tag.split("-")[0]] ?? WORDS.es;
  strip.setAttribute("aria-label", t.device);
  const drawn = lines(t, tag).map(([words, act]) => element("div", { class: "c-strip__line" }, element("p", {}, words), act));
  strip.hidden = !drawn.length;
  // What stands there already is not said again.
  if (status.textContent !== drawn.map((line) => line.textContent).join("")) status.replaceChildren(...drawn);
};
const show = (all) => {
  items = all;
  draw();
};
const look = () => shelf().then(show, draw);

// It may be here before the foot of the page is.
const place = () => document.getElementById("strip").append(strip);
if (document.readyState === "loading") document.addEventListener("readystatechange", place, { once: true });
else place();
tabs.addEventListener("message", look);
addEventListener("cabildo-waits", () => {
  look();
  // Where the browser can, it has it sent when the page is gone.
  workers?.ready.then((ready) => ready.sync?.register("outbox")).catch(() => {});
});
// Another page of the app has another title.
new MutationObserver(draw).observe(document.head, { subtree: true, childList: true, characterData: true });
addEventListener("online", () => {
  online = true;
  draw();
});
new MutationObserver(draw).observe(root, { attributes: true, attributeFilter: ["lang", "data-kept", "data-newer", "data-spent"] });
look();

// A newer version waits until somebody taps.
workers?.getRegistration().then((registration) => {
  if (!registration) return;
  const newer = () => {
    const { active, waiting } = registration;
    // The first one of all is for a moment the one that waits, or both.
    if (workers.controller && active && waiting && active !== waiting) root.dataset.newer = "";
  };
  const follow = () => registration.installing?.addEventListener("statechange", newer);
  newer();
  follow();
  registration.addEventListener("updatefound", follow);
  addEventListener("cabildo-update", () => {
    workers.addEventListener("controllerchange", () => location.reload());
    registration.waiting?.postMessage("take over");
  });
});

// What a visit costs whoever spares data, and going live all the same.
if ("spares" in root.dataset) {
  const spent = () => {
    const fetched = ["navigation", "resource"].flatMap((kind) => performance.getEntriesByType(kind));
    root.dataset.spent = Math.ceil(fetched.reduce((sum, entry) => sum + entry.transferSize, 0) / 1000);
  };
  if (document.readyState === "complete") spent();
  else addEventListener("load", spent);
  addEventListener("cabildo-live", () => {
    delete root.dataset.spares;
    delete root.dataset.spent;
    // What watches begins again, as if it were seen again.
    document.dispatchEvent(new Event("visibilitychange"));
  });
}

// By the phone's own sheet, else by the clipboard, else by hand.
export const share = async (button) => {
  const { title, URL: url } = document;
  if (navigator.share) return navigator.share({ title, url }).catch(() => {});
  const words = button.querySelector("span");
  try {
    await navigator.clipboard.writeText(url);
    words.textContent = document.getElementById("announcer").textContent = button.dataset.share;
  } catch {
    prompt(words.textContent, url);
  }
};
