// Inside the frame of a widget: tells the page round it how high it is, and keeps what it shows up to date while
// somebody can see it. What the two say to each other is in crates/contract/src/embed.rs. Stores nothing, needs nothing.
(() => {
  "use strict";
  const root = document.documentElement;
  let host = null;
  let told = 0;

  const tell = () => {
    const height = Math.ceil(root.getBoundingClientRect().height);
    if (!host || height === told) return;
    told = height;
    parent.postMessage({ cabildo: "height", v: 1, height }, host);
  };
  addEventListener("message", ({ source, origin, data }) => {
    // An opaque origin cannot be answered alone, so it is not answered.
    if (source !== parent || source === window || data?.cabildo !== "hello" || data.v !== 1 || origin === "null") return;
    host = origin;
    told = 0;
    tell();
  });
  new ResizeObserver(tell).observe(root);

  // The server draws; what it drew anew takes the place of the old.
  const refresh = async () => {
    const answer = await fetch(location.href, { credentials: "omit" }).catch(() => null);
    if (!answer?.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("app");
    if (fresh) document.getElementById("app").replaceChildren(...fresh.childNodes);
  };

  // At most every five seconds, and only where it can be seen.
  let source = null;
  let timer = 0;
  const later = () => {
    timer ||= setTimeout(() => {
      timer = 0;
      if (source) refresh();
    }, 5000);
  };
  const live = document.getElementById("live")?.dataset.path;
  let inView = true;
  const follow = () => {
    const seen = inView && document.visibilityState === "visible";
    if (seen && live && !source) {
      let first = true;
      source = new EventSource(live);
      source.addEventListener("state", () => (first ? (first = false) : later()));
    } else if (!seen && source) {
      source.close();
      source = null;
    }
  };
  document.addEventListener("visibilitychange", follow);
  new IntersectionObserver(([entry]) => {
    inView = entry.isIntersecting;
    follow();
  }).observe(root);
  follow();

  // A page of the site that is opened from here says when something was received in it: directly, or, where the two
  // windows cannot talk to each other, by way of the server.
  let act = "";
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-act]");
    if (!link) return;
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    act = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    const address = new URL(link.href);
    address.searchParams.set("widget", act);
    link.href = address.href;
    const asked = act;
    const ask = async (tries) => {
      if (asked !== act || tries === 0) return;
      const answer = await fetch(`/api/v1/acts/${asked}`, { credentials: "omit" }).catch(() => null);
      if (answer?.ok && (await answer.json()).received) received();
      else setTimeout(ask, 5000, tries - 1);
    };
    setTimeout(ask, 5000, 120);
  });
  const received = () => {
    act = "";
    const thanks = document.getElementById("received");
    if (thanks) thanks.hidden = false;
    refresh().then(() => {
      const again = document.getElementById("received");
      if (again) again.hidden = false;
    });
  };
  addEventListener("message", ({ origin, data }) => {
    if (origin === location.origin && data?.cabildo === "acted" && data.v === 1 && act && data.act === act) received();
  });
})();
