// Light and dark by choice. This one file is loaded in <head> without type=module, so
// that a stored choice is there before the first paint and the page never flashes.
(() => {
  const KEY = 'agora-scheme';
  const root = document.documentElement;

  /** @returns {string} "light", "dark", or "" to follow the device */
  function stored() {
    try {
      const value = localStorage.getItem(KEY);
      return value === 'light' || value === 'dark' ? value : '';
    } catch {
      return ''; // storage refused: the device decides
    }
  }

  /** @param {string} scheme */
  function apply(scheme) {
    if (scheme) root.dataset.scheme = scheme;
    else delete root.dataset.scheme;
    for (const button of document.querySelectorAll('[data-scheme-to]')) {
      button.setAttribute('aria-pressed', String(button.dataset.schemeTo === scheme));
    }
  }

  apply(stored());
  addEventListener('storage', (event) => {
    if (event.key === KEY) apply(stored());
  });
  addEventListener('DOMContentLoaded', () => {
    for (const box of document.querySelectorAll('[data-scheme-switch]')) {
      box.hidden = false;
      box.addEventListener('click', (event) => {
        const button = event.target.closest('[data-scheme-to]');
        if (!button) return;
        try {
          localStorage.setItem(KEY, button.dataset.schemeTo);
        } catch {
          // Storage refused: the choice holds for this page only.
        }
        apply(button.dataset.schemeTo);
      });
    }
    apply(stored());
  });
})();
