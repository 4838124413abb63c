// A stranger's own programme: the device's list is sent to be drawn, and comes back as
// the same page a signed-in person gets. Nothing of it is stored there.

import { stars } from './stars.js';

class Agenda {
  /** @param {HTMLElement} place */
  constructor(place) {
    this.place = place;
    document.addEventListener('agora:stars', () => this.draw());
    this.draw();
  }

  async draw() {
    const marked = [...stars.on];
    const now = marked.join();
    if (now === this.drawn) return;
    this.drawn = now;
    const focused = document.activeElement?.value;
    try {
      const answer = await fetch(location.pathname, { method: 'POST', body: new URLSearchParams(marked.map((slug) => ['mark', slug])) });
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      this.place.replaceChildren(...page.querySelector('[data-agenda]').childNodes);
    } catch {
      this.drawn = undefined;
      stars.say(stars.box.dataset.failed);
      return;
    }
    for (const button of this.place.querySelectorAll('.star')) {
      button.type = 'button';
      button.removeAttribute('form');
      stars.show(button);
      if (focused && button.value === focused) button.focus();
    }
  }
}

const place = document.querySelector('[data-agenda]');
if (place && stars && !stars.own && (stars.on.size || place.querySelector('.slots'))) new Agenda(place);
// What the device had kept is the person's now, so their page has more to show.
document.addEventListener('agora:stars-united', () => location.reload());
