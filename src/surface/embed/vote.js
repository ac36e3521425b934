// Voting inside a frame: sends the forms without leaving the page, so that nothing that was filled in is lost, and opens
// the button that casts a ballot only once it could be seen whole for a while. src/surface/embed/vote.rs draws the forms.
(() => {
  "use strict";
  const app = document.getElementById("app");
  /** Milliseconds for which a button must have been in view. */
  const LOOKED_AT = 600;
  let sending = false;

  // Where the engine can tell (Intersection Observer, version 2), nothing may lie over the button either, nor may the
  // frame be made see-through. Where it cannot, it must be in view.
  const guard = (button) => {
    const covered = app.querySelector("[data-covered]");
    let timer = 0;
    const observer = new IntersectionObserver(
      (entries) => {
        const { isVisible, intersectionRatio } = entries.at(-1);
        const seen = isVisible ?? intersectionRatio > 0.99;
        clearTimeout(timer);
        // One that is open and still seen stays as it is: nobody loses the focus for a scroll.
        if (seen && !button.disabled) return;
        button.disabled = true;
        timer = setTimeout(() => {
          button.disabled = !seen;
          // Somewhere else on a long page it is not covered, it is not there yet.
          if (covered) covered.hidden = seen || intersectionRatio < 0.5;
        }, LOOKED_AT);
      },
      { threshold: [0, 0.5, 1], trackVisibility: true, delay: 100 },
    );
    observer.observe(button);
  };

  const ready = () => {
    // A sandbox without an origin keeps no session: there, the way is the window.
    if (self.origin === "null") return;
    for (const part of app.querySelectorAll("[data-needs-script]")) part.hidden = false;
    app.querySelectorAll("[data-guarded]").forEach(guard);
  };

  app.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { target: form, submitter } = event;
    // Enter in a field asks for what the form's first button asks for; never for a guarded one that is not open.
    const button = submitter ?? form.querySelector("button[name]");
    if (sending || !button || button.disabled) return;
    sending = true;
    const body = new URLSearchParams(new FormData(form));
    body.set(button.name, button.value);
    button.setAttribute("aria-disabled", "true");
    const answer = await fetch(form.action, { method: "POST", body }).catch(() => null);
    const text = (await answer?.text().catch(() => "")) ?? "";
    const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("app");
    sending = false;
    button.removeAttribute("aria-disabled");
    app.querySelector("[data-trouble]").hidden = fresh !== null;
    if (!fresh) return;
    app.replaceChildren(...fresh.childNodes);
    ready();
    (app.querySelector("[aria-invalid]") ?? document.getElementById("step"))?.focus();
  });
  ready();
})();
