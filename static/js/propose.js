// The form of a proposal: how many characters are left, and a word before a page
// with unsent text is left. Without scripts the hints say how long a text may be.

/** @param {HTMLFormElement} form @param {string} name @param {number} most */
function count(form, name, most) {
  const field = form.elements.namedItem(name);
  if (!(field instanceof HTMLElement)) return;
  const line = document.createElement('p');
  line.className = 'counted';
  line.setAttribute('aria-live', 'off');
  field.after(line);
  const tell = () => {
    const left = most - [...field.value.replaceAll('\r\n', '\n').trim()].length;
    // Only near the end: a number that runs all the time is noise.
    line.hidden = left > most / 5;
    line.classList.toggle('over', left < 0);
    line.textContent = (left < 0 ? form.dataset.over : form.dataset.left).replace('{n}', String(Math.abs(left)));
  };
  field.addEventListener('input', tell);
  tell();
}

for (const form of document.querySelectorAll('form[data-propose]')) {
  for (const pair of form.dataset.limits.split(' ')) {
    const [name, most] = pair.split(':');
    count(form, name, Number(most));
  }
  let typed = false;
  form.addEventListener('input', () => { typed = true; });
  form.addEventListener('submit', () => { typed = false; });
  window.addEventListener('beforeunload', (event) => { if (typed) event.preventDefault(); });
}
