// Lets somebody's own ticket open without network: the page they have opened on this
// phone. Pages behind the ticket show other people and are never kept.
// kept-worker.js stands above this text.

/** The ticket itself, not what lies behind it. */
const isTicket = (url) => /^\/ticket\/[\w-]{20,}$/.test(url.pathname);

/** Handed over, erased or cancelled for good. */
const ended = (answer) => answer.status === 404 || answer.status === 410;

function navigated(request, url) {
  return isTicket(url) ? kept(request, url, ended) : null;
}
