// What a server answers in place of worker.js that was told to have no service worker (`serve --without-worker`): the one
// that a browser has goes away, with everything that it kept. What waits on the device stays. It does so while it is
// installed: it need not wait until the other has finished what it is at.
"use strict";
const forget = async () => {
  for (const name of await caches.keys()) if (name.startsWith("cabildo-app-")) await caches.delete(name);
};
addEventListener("install", (event) => {
  event.waitUntil(forget());
  // Not waited for: it is done after this.
  registration.unregister();
});
