// Reads a plain choice back before the app is here, and does in the app what was pressed meanwhile, after keeper.js has done
// what came before. What is said is in a template of the page (src/ui/ballot/early.rs).
(() => {
  "use strict";
  const template = document.querySelector("template[data-counts]");
  if (!template) return;
  const PRIMARY = ".c-ballot__bar [data-variant=primary]";
  const section = template.parentElement;
  const counts = JSON.parse(template.dataset.counts);
  const steps = section.querySelectorAll(".c-steps li");
  const reviews = section.querySelector(PRIMARY);
  const paper = [...section.children].filter((each) => !each.hidden && !each.matches(".c-steps, template"));
  let shown = [];
  let confirmed = false;
  const go = (step, heading) => {
    for (const each of paper) each.hidden = step === 1;
    steps[1 - step].removeAttribute("aria-current");
    steps[step].setAttribute("aria-current", "step");
    heading.focus();
  };
  const review = (chosen, count) => {
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
        go(0, section.querySelector("h2"));
      }
    } else {
      const chosen = [...section.querySelectorAll("[name=choice]:checked")];
      const count = button === reviews && counts[chosen.length];
      // What breaks the rule, the app explains.
      if (!count) return;
      review(chosen, count);
    }
    event.stopPropagation();
  });
  const frame = () => new Promise(requestAnimationFrame);
  const arrival = new MutationObserver(async () => {
    const app = document.getElementById("app");
    if (!app || app.contains(section)) return;
    arrival.disconnect();
    const presses = shown.length ? 1 + confirmed : 0;
    clear();
    for (let press = 0; press < presses; press++) {
      await frame();
      app.querySelector(PRIMARY)?.click();
    }
  });
  arrival.observe(document.body, { childList: true });
})();
