// Shows what was chosen without the button, and copies the address. The server draws; see setup.rs.
(() => {
  "use strict";
  const form = document.getElementById("choices");
  let newest = 0;
  const show = async () => {
    const mine = ++newest;
    const address = `${location.pathname}?${new URLSearchParams(new FormData(form))}`;
    const answer = await fetch(address).catch(() => null);
    if (!answer?.ok || mine !== newest) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const id of ["result", "mounting"]) {
      const fresh = page.getElementById(id);
      if (fresh) document.getElementById(id).replaceChildren(...fresh.childNodes);
    }
    history.replaceState(null, "", address);
    ready();
  };
  const ready = () => {
    const copy = document.getElementById("copy");
    if (copy && navigator.clipboard) copy.hidden = false;
  };
  form.addEventListener("change", show);
  document.addEventListener("click", async (event) => {
    const copy = event.target.closest?.("#copy");
    if (!copy) return;
    await navigator.clipboard.writeText(document.getElementById("address").textContent);
    copy.textContent = copy.dataset.done;
  });
  ready();
})();
