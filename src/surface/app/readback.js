// Reads a plain choice back before the app is here, and does in the app what was pressed meanwhile, after keeper.js has done
// what came before. What is said is in a template of the page (src/ui/ballot/early.rs).
(() => {
  "use strict";
  const template = document.querySelector("template[data-counts]");
  if (!template) return;
  const PRIMARY = ".c-ballot__bar [data-variant=primary]";
  const SECONDARY = ".c-ballot__bar [data-variant=secondary]";
  const section = template.parentElement;
  const counts = JSON.parse(template.dataset.counts);
  const steps = section.querySelectorAll(".c-steps li");
  const reviews = section.querySelector(PRIMARY);
  const paper = [...section.children].filter((each) => !each.hidden && !each.matches(".c-steps, template"));
  let shown = [];
  let confirmed = false;
  let changed = false;
  const go = (step, heading) => {
    for (const each of paper) each.hidden = step === 1;
    steps[1 - step].removeAttribute("aria-current");
    steps[step].setAttribute("aria-current", "step");
    heading.focus();
  };
  const review = () => {
    const chosen = [...section.querySelectorAll("[name=choice]:checked")];
    const count = counts[chosen.length];
    // What breaks the rule, the app explains.
    if (!count) return false;
    const page = template.content.cloneNode(true);
    page.querySelector("p").textContent = count;
    for (const box of chosen) {
      const line = document.createElement("li");
      line.textContent = box.labels[0].querySelector(".c-choice__title").textContent;
      page.querySelector("ul").append(line);
    }
    shown = [...page.children];
    section.append(page);
    go(1, shown[0]);
    return true;
  };
  const clear = () => {
    for (const each of shown) each.remove();
    shown = [];
  };
  section.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (shown.some((each) => each.contains(button))) {
      confirmed = button.matches(PRIMARY);
      if (confirmed) button.ariaBusy = "true";
      else {
        clear();
        changed = true;
        reviews.ariaBusy = null;
        go(0, section.querySelector("h2"));
      }
    } else if (button !== reviews || !review()) return;
    event.stopPropagation();
  });
  const frame = () => new Promise(requestAnimationFrame);
  const arrival = new MutationObserver(async () => {
    const app = document.getElementById("app");
    if (!app || app.contains(section)) return;
    arrival.disconnect();
    const reviewed = shown.length > 0;
    clear();
    // The same button reviews and confirms: only where the app is at that step.
    const press = async (button, choosing) => {
      await frame();
      if (choosing === Boolean(app.querySelector("[name=choice]"))) app.querySelector(button)?.click();
    };
    if (reviewed) await press(PRIMARY, true);
    // Where keeper.js had the review, too.
    else if (changed) await press(SECONDARY, false);
    if (confirmed) await press(PRIMARY, false);
  });
  arrival.observe(document.body, { childList: true });
  // Somebody was faster than this script.
  if (reviews.ariaBusy === "true") review();
})();
