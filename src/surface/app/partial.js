// The words of a partial catalogue say by invisible characters in which language they are (src/i18n/partial.rs). Of what the
// app writes this takes them away and says it with `lang`, as the server does in what it writes. Only pages in such a
// language fetch it.
const OWN = "\u{E0001}";
const MARKS = /[\u{E0001}\u{E007F}]/gu;
const SPOKEN = ["aria-label", "title", "placeholder", "alt", "data-share"];
const LANGUAGE = new URLSearchParams(location.search).get("lang");
// Elements that say their language because of this.
const said = new WeakSet();

const say = (element, isOwn) => {
  if (isOwn && !element.hasAttribute("lang")) {
    said.add(element);
    element.setAttribute("lang", LANGUAGE);
  } else if (!isOwn && said.delete(element)) element.removeAttribute("lang");
};

const words = (node) => {
  const isOwn = node.data.includes(OWN);
  const clean = node.data.replace(MARKS, "");
  if (clean !== node.data) node.data = clean;
  let holder = node.parentElement;
  if (!holder) return;
  const others = holder.childNodes.length > 1 || (holder.hasAttribute("lang") && !said.has(holder));
  if (isOwn && others) {
    // The app goes on to write into the same text, wherever it stands.
    holder = document.createElement("span");
    node.replaceWith(holder);
    holder.append(node);
  }
  say(holder, isOwn);
};

const attributes = (element) => {
  for (const name of SPOKEN) {
    const value = element.getAttribute(name);
    const clean = value?.replace(MARKS, "");
    if (!value || clean === value) continue;
    element.setAttribute(name, clean);
    if (value.includes(OWN) && !element.hasChildNodes()) say(element, true);
  }
};

const within = (node, found) => {
  found.add(node);
  for (const child of node.childNodes) within(child, found);
};

const observer = new MutationObserver((records) => {
  const found = new Set();
  for (const { type, target, addedNodes } of records) {
    if (type !== "childList") found.add(target);
    for (const node of addedNodes) within(node, found);
  }
  for (const node of found) {
    if (node.nodeType === Node.TEXT_NODE) words(node);
    else if (node.nodeType === Node.ELEMENT_NODE) attributes(node);
  }
  // Its own doing.
  observer.takeRecords();
});
observer.observe(document, {
  subtree: true,
  childList: true,
  characterData: true,
  attributes: true,
  attributeFilter: SPOKEN,
});
