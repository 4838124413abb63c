// Small tools of the live pages: elements made from text alone, words in the page's language, the edition's clock.

const SVG = 'http://www.w3.org/2000/svg';
const SHAPES = {
  up: 'M5 15l7-7 7 7',
  down: 'M5 9l7 7 7-7',
  check: 'M4.5 12.8l5 5L19.5 7',
  clap: 'M9 20.6a6 6 0 0 1-3.6-4.2L4 10.8a1.4 1.4 0 0 1 2.7-.7l.9 2.6L6.2 6.9a1.4 1.4 0 0 1 2.7-.6l1.5 5.2-1.2-5.9a1.4 1.4 0 0 1 2.8-.5l1.2 5.6-.7-4a1.4 1.4 0 0 1 2.7-.4l1.3 6.2 1.2-1.6a1.5 1.5 0 0 1 2.5 1.6l-2.3 5.4A5.8 5.8 0 0 1 9 20.6zM17.8 3.8l.9-1.8M20 6l1.9-.9',
  heart: 'M12 20C6.5 15.6 4 12.6 4 9.3A4.3 4.3 0 0 1 12 7a4.3 4.3 0 0 1 8 2.3c0 3.3-2.5 6.3-8 10.7z',
  laugh: 'M12 3.5a8.5 8.5 0 1 0 .1 0zM7.5 13.5h9a4.5 4.5 0 0 1-9 0zM7.5 10l1.6-1.4 1.5 1.4M13.4 10l1.5-1.4 1.6 1.4',
  idea: 'M9 16.5c0-2-3-3.4-3-7a6 6 0 0 1 12 0c0 3.6-3 5-3 7zM9.5 19h5M10.5 21.3h3',
  confused: 'M12 3.5a8.5 8.5 0 1 0 .1 0zM9.4 9.8a2.7 2.7 0 1 1 4 2.3c-1 .6-1.4 1.1-1.4 2.1M12 16.8v.1',
  cross: 'M6 6l12 12M18 6L6 18',
  info: 'M12 3.5a8.5 8.5 0 1 0 .1 0zM12 11v5.5M12 7.7v.1',
  alert: 'M12 3.5a8.5 8.5 0 1 0 .1 0zM12 7.5v5.5M12 16.3v.1',
};

/** Makes an element; strings become text, never markup.
 * @param {string} tag @param {Record<string, string|boolean|null>} attributes @param {...(Node|string|null)} children */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ''));
  return node;
}

/** @param {keyof SHAPES} name */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', SHAPES[name]);
  svg.append(path);
  return svg;
}

export class Words {
  /** @param {{words: Record<string, string>, lang: string, zone: string}} start */
  constructor(start) {
    this.words = start.words;
    this.lang = start.lang;
    this.numbers = new Intl.NumberFormat(start.lang);
    this.hours = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: start.zone });
  }

  /** The message of a key; {n} chooses its plural form. @param {string} key @param {Record<string, string|number>} args */
  t(key, args = {}) {
    const one = args.n === 1 ? this.words[`${key}.one`] : undefined;
    const message = one ?? this.words[key] ?? key;
    return message.replace(/\{(\w+)\}/g, (whole, name) => {
      const value = args[name];
      if (value === undefined) return whole;
      return typeof value === 'number' ? this.numbers.format(value) : value;
    });
  }

  number(n) {
    return this.numbers.format(n);
  }

  /** A moment on the edition's clock: 9.05, in English 09:05. @param {string} iso */
  clock(iso) {
    const shown = this.hours.format(new Date(iso));
    return this.lang === 'en' ? shown : shown.replace(':', '.').replace(/^0(?=\d\.)/, '');
  }
}

/** The server's clock, from the time it wrote into the page. @param {number} written epoch milliseconds */
export function serverClock(written) {
  const page = performance.getEntriesByType('navigation')[0];
  const offset = written - (page ? page.responseStart : 0);
  return () => offset + performance.now();
}

/** Says things to screen readers, gathered, so that a busy room does not talk without end. */
export class Speaker {
  /** @param {HTMLElement|null} place */
  constructor(place) {
    this.place = place;
    /** @type {Map<string, string>} */
    this.due = new Map();
  }

  /** @param {string} topic a later sentence of the same topic replaces the earlier @param {string} sentence */
  say(topic, sentence, soon = false) {
    this.due.set(topic, sentence);
    if (soon) clearTimeout(this.timer);
    else if (this.timer) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      if (this.place) this.place.textContent = [...this.due.values()].join(' ');
      this.due.clear();
    }, soon ? 200 : 8000);
  }
}

/** Shows figures of a room. @param {ParentNode} root @param {Words} words @param {Record<string, number>} counts */
export function showFigures(root, words, counts) {
  for (const figure of root.querySelectorAll('[data-fig]')) {
    const n = counts[figure.dataset.fig] ?? 0;
    figure.textContent = words.number(n);
    figure.nextElementSibling.textContent = words.t(`qa.count.${figure.dataset.fig}`, { n });
  }
}
