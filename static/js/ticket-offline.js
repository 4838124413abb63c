// Keeps the ticket on the phone that opened it, so that it can be shown at a door whose
// network is full. Says on the page when what is shown was kept earlier.

async function keep() {
  await navigator.serviceWorker.register('/ticket/worker.js', { scope: '/ticket/' });
  await navigator.serviceWorker.ready;
  // The page was loaded before there was anybody to keep it.
  const page = await fetch(location.pathname, { redirect: 'error' });
  if (page.ok) await (await caches.open('agora-ticket-pages')).put(location.pathname, page);
}
if (navigator.serviceWorker) keep().catch(() => {});

const note = document.querySelector('[data-ticket-offline]');
const show = () => {
  if (note) note.hidden = navigator.onLine;
};
addEventListener('online', show);
addEventListener('offline', show);
show();
