// Prints a badge right after somebody was let in, on a device that stands beside a
// printer. The badge comes as a drawing and is the only thing on the paper; a browser
// that was started for it (kiosk printing) asks nothing.

import { make } from './door-tell.js';

const size = new CSSStyleSheet();

class Printer {
  constructor() {
    this.turn = Promise.resolve();
    addEventListener('afterprint', () => this.clear());
  }

  /** One badge after the other. @param {string} href @return {Promise<boolean>} that it went to the printer */
  print(href) {
    this.turn = this.turn.then(() => this.one(href)).then(() => true, () => false);
    return this.turn;
  }

  async one(href) {
    const answer = await fetch(`${href}.svg`, { redirect: 'error', cache: 'no-store' });
    if (!answer.ok) throw new Error(String(answer.status));
    const drawing = new DOMParser().parseFromString(await answer.text(), 'image/svg+xml').documentElement;
    const { width, height } = drawing.viewBox.baseVal; // millimetres
    this.clear();
    size.replaceSync(`@page { size: ${width}mm ${height}mm; margin: 0 }`);
    document.adoptedStyleSheets = [size];
    document.body.append(make('div', { class: 'door-print', 'aria-hidden': 'true' }, drawing));
    print();
  }

  /** Phones go on at once while their dialog is open; there the badge stays until it closes. */
  clear() {
    document.querySelector('.door-print')?.remove();
    document.adoptedStyleSheets = [];
  }
}

export const printer = new Printer();
