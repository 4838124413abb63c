// Brings what a live page's socket hears to notice.js, which shows the organisers' word on every page.

/** @param {{id?: string, text: string, lang?: string}} frame */
export function tellNotice(frame) {
  document.dispatchEvent(new CustomEvent('agora:notice', { detail: frame }));
}

/** @param {string} state of the socket: what was said while it was gone is asked for. */
export function tellLine(state) {
  document.dispatchEvent(new CustomEvent('agora:line', { detail: state }));
}
