// Lets the door's page open without network. No answer that names anybody is kept: the
// list is in the page's own database, from where a revoked phone deletes it.
// kept-worker.js stands above this text.

/** The door's own page, without what it was asked. The first time the page puts itself
 * there: it was loaded before there was anybody to keep it. */
const isDoor = (url) => /^\/door\/[^/]+\/[^/]+$/.test(url.pathname);

/** The phone keeps the door no more. */
const shownOut = (answer) => [401, 403, 410].includes(answer.status) || answer.type === 'opaqueredirect';

function navigated(request, url) {
  if (isDoor(url)) return kept(request, url, shownOut);
  return url.pathname.startsWith('/T/') ? code(request, url) : null;
}

/** A ticket's code, opened by the phone's camera app: without network at the door that
 * this phone keeps. */
async function code(request, url) {
  try {
    return await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch (error) {
    const [page] = await (await caches.open(PAGES)).keys();
    if (!page) throw error;
    return Response.redirect(`${new URL(page.url).pathname}?code=${url.pathname.slice('/T/'.length)}`, 302);
  }
}
