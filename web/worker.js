// The hall's service worker: without network it answers with the page that opens what a device keeps (web/hall.js). It caches that page,
// its styles and scripts, and nothing of anybody. The server writes self.files in front (attendanceweb).
const files = self.files;
const page = files[0];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open("hall").then((cache) => cache.addAll(files)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const request = event.request;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => caches.match(page)));
  else if (files.includes(url.pathname)) event.respondWith(caches.match(url.pathname).then((found) => found || fetch(request)));
});
