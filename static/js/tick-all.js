// A box that ticks all the others of a list. Without it each is ticked by itself.

for (const form of document.querySelectorAll('[data-tick-form]')) {
  const label = form.querySelector('[data-tick-all]');
  const all = label?.querySelector('input');
  if (!all) continue;
  const boxes = () => [...form.querySelectorAll('input[name="row"]')];
  label.hidden = false;
  all.addEventListener('change', () => {
    for (const box of boxes()) box.checked = all.checked;
  });
  form.addEventListener('change', () => {
    const ticked = boxes().filter((box) => box.checked).length;
    all.checked = ticked > 0 && ticked === boxes().length;
    all.indeterminate = ticked > 0 && !all.checked;
  });
}
