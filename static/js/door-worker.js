// Lets the door's page open without network. It keeps our own files and the door's
// page itself, and no answer that names anybody: the list is in the page's own
// database, from where a revoked phone deletes it.
// HASH and FILES are written above this text by the server.

const STORE = `agora-door-${HASH}`;
const PAGES = 'agora-door-pages';
/** A network that neither answers nor fails is none: the kept page opens then. */
const PATIENCE_MS = 3_000;

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(STORE).then((store) => store.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith('agora-door-') && name !== STORE && name !== PAGES) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

/** The door's own page, without what it was asked. The first time the page puts itself
 * there: it was loaded before there was anybody to keep it. */
const isDoor = (url) => /^\/door\/[^/]+\/[^/]+$/.test(url.pathname);

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith('/static/')) {
    event.respondWith(file(event.request));
  } else if (event.request.mode === 'navigate' && isDoor(url)) {
    event.respondWith(page(event.request, url));
  } else if (event.request.mode === 'navigate' && url.pathname.startsWith('/T/')) {
    event.respondWith(code(event.request, url));
  } else if (/^\/[^/]+\/theme\./.test(url.pathname)) {
    event.respondWith(theme(event.request));
  }
});

/** Files of another version are asked of the server, and kept ones given when it is away. */
async function file(request) {
  return (await caches.match(request, { ignoreVary: true })) || fetch(request);
}

/** The series' colours: kept as they come. */
async function theme(request) {
  const store = await caches.open(STORE);
  const kept = await store.match(request, { ignoreVary: true });
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await store.put(request, answer.clone());
  return answer;
}

async function page(request, url) {
  const store = await caches.open(PAGES);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    // Asked for something, or in another language by the address: not the page itself.
    if (answer.ok && url.search === '') await store.put(url.pathname, answer.clone());
    else if (answer.status === 401 || answer.status === 403 || answer.status === 410 || answer.type === 'opaqueredirect') await store.delete(url.pathname);
    return answer;
  } catch (error) {
    const kept = await store.match(url.pathname, { ignoreVary: true });
    if (kept) return kept;
    throw error;
  }
}

/** A ticket's code, opened by the phone's camera app: without network at the door that
 * this phone keeps. */
async function code(request, url) {
  try {
    return await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch (error) {
    const [kept] = await (await caches.open(PAGES)).keys();
    if (!kept) throw error;
    return Response.redirect(`${new URL(kept.url).pathname}?code=${url.pathname.slice('/T/'.length)}`, 302);
  }
}
