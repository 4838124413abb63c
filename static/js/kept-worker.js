// What lets pages open without network, whichever they are: our own files are kept,
// each page that may be kept as it was seen last, and nothing else. The server writes
// PART, HASH and FILES above this text, and below it what one part of the program does.

const STORE = `agora-${PART}-${HASH}`;
const PAGES = `agora-${PART}-pages`;
/** A network that neither answers nor fails is none: the kept page opens then. */
const PATIENCE_MS = 3_000;

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(STORE).then((store) => store.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith(`agora-${PART}-`) && name !== STORE && name !== PAGES) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== self.location.origin) return;
  const answer = url.pathname.startsWith('/static/') ? file(event.request)
    : /^\/[^/]+\/theme\./.test(url.pathname) ? theme(event.request)
      : event.request.mode === 'navigate' ? navigated(event.request, url) : null;
  if (answer) event.respondWith(answer);
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

/**
 * The page as the server has it, and as it was seen last when the server is away.
 * @param {(answer: Response) => boolean} over that nobody shows it here any more
 */
async function kept(request, url, over) {
  const store = await caches.open(PAGES);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    // Asked for something, or in another language by the address: not the page itself.
    if (answer.ok && url.search === '') await store.put(url.pathname, answer.clone());
    else if (over(answer)) await store.delete(url.pathname);
    return answer;
  } catch (error) {
    const page = await store.match(url.pathname, { ignoreVary: true });
    if (page) return page;
    throw error;
  }
}
