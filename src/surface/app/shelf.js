// The outbox as it is kept on the device (src/platform/shelf.rs, src/outbox.rs): reads it, and changes it in one transaction.
const shelf = (change) =>
  new Promise((done, failed) => {
    const opening = indexedDB.open("cabildo", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("shelf");
    opening.onerror = failed;
    opening.onsuccess = () => {
      const transaction = opening.result.transaction("shelf", change ? "readwrite" : "readonly");
      const store = transaction.objectStore("shelf");
      const reading = store.get("outbox");
      let items = [];
      reading.onsuccess = () => {
        items = JSON.parse(reading.result ?? "[]");
        if (!change) return;
        items = change(items);
        if (items.length) store.put(JSON.stringify(items), "outbox");
        else store.delete("outbox");
      };
      transaction.oncomplete = () => {
        opening.result.close();
        done(items);
      };
      transaction.onabort = transaction.onerror = failed;
    };
  });
