// Runs before the page is seen: a notice that was put away on this device does not show even for a moment.
{
  const place = document.querySelector('[data-day-notice]');
  try {
    if (JSON.parse(localStorage.getItem('agora.notices') || '[]').includes(place.dataset.dayNotice)) place.hidden = true;
  } catch {
    // Without storage it shows again.
  }
}
