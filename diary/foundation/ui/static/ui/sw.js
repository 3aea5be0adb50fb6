// Keeps one page, «Нет связи», with its styles; answers with it when a page cannot be reached. Keeps nothing personal.
const KEPT = "offline-page";
const PAGE = "/offline/";

self.addEventListener("install", (event) => event.waitUntil(keep().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match(PAGE)));
  } else if (request.method === "GET" && new URL(request.url).pathname.startsWith("/static/")) {
    event.respondWith(fetch(request).catch(() => caches.match(request).then((found) => found ?? Response.error())));
  }
});

async function keep() {
  const cache = await caches.open(KEPT);
  const answer = await fetch(PAGE, { credentials: "same-origin" });
  const text = await answer.clone().text();
  await cache.put(PAGE, answer);
  const files = new Set([...text.matchAll(/"(\/static\/[^"#]+)/g)].map((found) => found[1]));
  await cache.addAll([...files]);
}
