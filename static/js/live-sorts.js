// The order of the list and what it is narrowed to: links of the page, which a script follows without leaving it.

/** @param {HTMLElement} root @param {import('./live-view.js').LiveView} view */
export function sorts(root, view) {
  root.querySelector('[data-sorts]')?.addEventListener('click', (event) => {
    const link = event.target.closest('a');
    if (!link) return;
    event.preventDefault();
    for (const other of link.closest('ul').querySelectorAll('a')) other.removeAttribute('aria-current');
    link.setAttribute('aria-current', 'true');
    if ('sort' in link.dataset) view.order = link.dataset.sort;
    else view.show = link.dataset.show;
    const here = new URL(location.href);
    here.searchParams.set('sort', view.order);
    if (view.show) here.searchParams.set('show', view.show);
    else here.searchParams.delete('show');
    history.replaceState(null, '', here);
    view.apply();
  });
}
