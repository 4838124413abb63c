// Lets somebody's own ticket open without network: the page they have opened on this
// phone, our own files, and nothing else. Pages behind the ticket show other people
// and are never kept. A ticket that is no longer theirs is forgotten.
// HASH and FILES are written above this text by the server.

const STORE = `agora-ticket-${HASH}`;
const PAGES = 'agora-ticket-pages';
/** A network that neither answers nor fails is none: the kept page opens then. */
const PATIENCE_MS = 3_000;

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(STORE).then((store) => store.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith('agora-ticket-') && name !== STORE && name !== PAGES) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

/** The ticket itself, not what lies behind it. */
const isTicket = (url) => /^\/ticket\/[\w-]{20,}$/.test(url.pathname);

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith('/static/')) event.respondWith(caches.match(event.request, { ignoreVary: true }).then((kept) => kept || fetch(event.request)));
  else if (event.request.mode === 'navigate' && isTicket(url)) event.respondWith(ticket(event.request, url));
  else if (/^\/[^/]+\/theme\./.test(url.pathname)) event.respondWith(theme(event.request));
});

async function theme(request) {
  const store = await caches.open(STORE);
  const kept = await store.match(request, { ignoreVary: true });
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await store.put(request, answer.clone());
  return answer;
}

async function ticket(request, url) {
  const store = await caches.open(PAGES);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.ok && url.search === '') await store.put(url.pathname, answer.clone());
    // Handed over, erased or cancelled for good: nobody shows it here any more.
    else if (answer.status === 404 || answer.status === 410) await store.delete(url.pathname);
    return answer;
  } catch (error) {
    const kept = await store.match(url.pathname, { ignoreVary: true });
    if (kept) return kept;
    throw error;
  }
}
