// Cabildo widgets in any page: <script src="https://SITE/embed.js" async></script>, once or many times.
// Gives frames of the site the height of their content, and makes <cabildo-widget src="…"> one. docs/embedding.md.
(() => {
  "use strict";
  const script = document.currentScript;
  const site = script && new URL(script.src).origin;
  if (!site || (window.cabildo ||= {})[site]) return;
  const frames = new Map();

  const adopt = (frame) => {
    if (frames.has(frame) || !frame.src || new URL(frame.src, location.href).origin !== site) return;
    const hello = () => frame.contentWindow?.postMessage({ cabildo: "hello", v: 1 }, site);
    frames.set(frame, { hello, last: 0, timer: 0 });
    frame.addEventListener("load", hello);
    // What can be looked into is empty still; what cannot is there already.
    if (!frame.contentDocument) hello();
  };
  const fit = (frame, kept, height) => {
    clearTimeout(kept.timer);
    const wait = kept.last + 100 - Date.now();
    if (wait > 0) return void (kept.timer = setTimeout(fit, wait, frame, kept, height));
    kept.last = Date.now();
    frame.style.height = `${Math.min(4000, Math.max(80, height))}px`;
  };
  const heard = ({ source, origin, data }) => {
    if (origin !== site || data?.cabildo !== "height" || data.v !== 1 || !Number.isFinite(data.height)) return;
    for (const [frame, kept] of frames) if (frame.contentWindow === source) fit(frame, kept, data.height);
  };
  addEventListener("message", heard);

  class Widget extends HTMLElement {
    connectedCallback() {
      if (this.frame) return;
      const link = this.querySelector("a");
      const address = new URL(this.getAttribute("src"), site);
      if (address.origin !== site) return;
      const lang = this.getAttribute("lang") || (address.searchParams.get("lang") ?? (document.documentElement.lang || navigator.language));
      if (lang) address.searchParams.set("lang", lang.slice(0, 2).toLowerCase());
      for (const name of ["theme", "color"]) if (this.hasAttribute(name)) address.searchParams.set(name, this.getAttribute(name));
      const frame = (this.frame = document.createElement("iframe"));
      frame.title = this.getAttribute("title") || link?.textContent || "Cabildo";
      frame.loading = "lazy";
      frame.height = this.getAttribute("height") || "560";
      frame.style.cssText = "border:0;width:100%;display:block";
      frame.referrerPolicy = "strict-origin";
      frame.src = address.href;
      if (link) link.hidden = true;
      this.append(frame);
      adopt(frame);
    }
    disconnectedCallback() {
      if (!this.frame) return;
      frames.delete(this.frame);
      this.frame.remove();
      this.frame = null;
      const link = this.querySelector("a");
      if (link) link.hidden = false;
    }
  }
  if (!customElements.get("cabildo-widget")) customElements.define("cabildo-widget", Widget);

  const scan = () => document.querySelectorAll(`iframe[src^="${site}/embed/"]`).forEach(adopt);
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", scan);
  scan();
  window.cabildo[site] = {
    scan,
    destroy() {
      removeEventListener("message", heard);
      for (const [frame, kept] of frames) {
        clearTimeout(kept.timer);
        frame.removeEventListener("load", kept.hello);
        frame.style.height = "";
      }
      frames.clear();
      delete window.cabildo[site];
    },
  };
})();
