// The person's own theme and contrast, on <html> before the first paint. The only implementation of the rule:
// the app stores a choice under these two keys, sets the same two attributes, and never decides anything else.
// Without a choice no attribute is set and the system's preferences hold.
try {
  const root = document.documentElement.dataset;
  const theme = localStorage.getItem("cabildo.theme");
  if (theme === "light" || theme === "dark") root.theme = theme;
  if (localStorage.getItem("cabildo.contrast") === "more") root.contrast = "more";
} catch {
  // Storage is refused (a third-party frame, a strict browser): the system's preferences hold.
}
