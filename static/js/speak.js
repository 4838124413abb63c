// A speaker's own pages: what was typed and not saved is asked about before it is
// left, and times are shown only where there are some to give.

for (const form of document.querySelectorAll('form[data-speak]')) {
  let changed = false;
  form.addEventListener('input', () => { changed = true; });
  form.addEventListener('submit', () => { changed = false; });
  addEventListener('beforeunload', (event) => {
    if (changed) event.preventDefault();
  });
}

const days = document.querySelector('[data-speak-days]');
if (days) {
  const choices = [...document.querySelectorAll('input[name=any]')];
  const show = () => {
    const chosen = choices.find((choice) => choice.checked);
    days.hidden = chosen?.value !== 'some';
  };
  for (const choice of choices) choice.addEventListener('change', show);
  show();
}
