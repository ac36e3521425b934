// Notices when the app takes the place of what the server rendered, and keeps what both said at that moment.
window.journey = { taken: false };
new MutationObserver((records) => {
  const { journey } = window;
  if (document.body && !journey.first) {
    const { cabildoOrder, ...chosen } = document.documentElement.dataset;
    journey.first = chosen;
  }
  const removed = records.flatMap((record) => [...record.removedNodes]);
  const before = removed.find((node) => node.id === "app");
  if (!before || journey.taken) return;
  // What stands in `noscript` is markup for one and text for the other; what is hidden says nothing. Spaces do not
  // count: the server writes one where a text is still empty.
  const words = (app) => {
    const copy = app.querySelector("main").cloneNode(true);
    copy.querySelectorAll("noscript, [hidden]").forEach((element) => element.remove());
    return copy.textContent.replace(/\s+/g, "");
  };
  journey.before = words(before);
  journey.after = words(document.getElementById("app"));
  journey.taken = true;
  journey.at = performance.now();
}).observe(document, { childList: true, subtree: true });
