// Keeps the ticket on the phone that opened it, so that it can be shown at a door whose
// network is full. Says on the page when what is shown was kept earlier.

if (navigator.serviceWorker) navigator.serviceWorker.register('/ticket/worker.js', { scope: '/ticket/' }).catch(() => {});

const note = document.querySelector('[data-ticket-offline]');
const show = () => {
  if (note) note.hidden = navigator.onLine;
};
addEventListener('online', show);
addEventListener('offline', show);
show();
