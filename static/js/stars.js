// Stars beside sessions. Who is signed in gets them from the server, and a press is
// sent there; a stranger's are kept on this device, and go along, once, when they
// sign in. Markup: [data-stars] says which edition and where to send.

/** More than any programme holds; what is beyond it is dropped, the oldest first. */
const MOST = 3000;

class Stars {
  /** @param {HTMLElement} box */
  constructor(box) {
    this.box = box;
    this.own = 'own' in box.dataset;
    this.key = `agora.favourites.${box.dataset.stars}`;
    this.on = new Set(this.own ? [] : this.kept());
    this.paint(document);
    this.count();
    document.addEventListener('click', (event) => {
      const button = event.target.closest?.('.star, .star-wide');
      if (button) this.press(event, button);
    });
    addEventListener('storage', (event) => {
      if (event.key === this.key && !this.own) this.again();
    });
    if (this.own) this.takeAlong();
  }

  /** @returns {string[]} */
  kept() {
    try {
      const list = JSON.parse(localStorage.getItem(this.key) || '[]');
      return Array.isArray(list) ? list.filter((slug) => typeof slug === 'string') : [];
    } catch {
      return [];
    }
  }

  keep() {
    try {
      localStorage.setItem(this.key, JSON.stringify([...this.on].slice(-MOST)));
    } catch {
      this.say(this.box.dataset.failed); // a device that keeps nothing
    }
  }

  /** Draws stars beside every session under root that has none. @param {ParentNode} root */
  paint(root) {
    if (this.own) {
      for (const button of root.querySelectorAll('.star[aria-pressed="true"], .star-wide[aria-pressed="true"]')) this.on.add(button.value);
      return;
    }
    for (const link of root.querySelectorAll('.session h3 a, .session h4 a, .cell-title a')) {
      const row = link.closest('.session, .cell');
      // A session of another edition has its star on that edition's pages.
      if (row.querySelector('.star') || !link.pathname.startsWith(`/${this.box.dataset.stars}/sessions/`)) continue;
      row.append(this.button(decodeURIComponent(link.pathname.split('/').pop()), link.textContent.trim()));
    }
    for (const button of root.querySelectorAll('.star-wide')) this.show(button);
  }

  /** @param {string} slug @param {string} title */
  button(slug, title) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'star';
    button.value = slug;
    const icon = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    icon.setAttribute('viewBox', '0 0 24 24');
    icon.setAttribute('class', 'icon');
    icon.setAttribute('aria-hidden', 'true');
    const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    path.setAttribute('d', 'M12 4l2.5 5.2 5.7.8-4.1 4 1 5.7-5.1-2.7-5.1 2.7 1-5.7-4.1-4 5.7-.8z');
    icon.append(path);
    const label = document.createElement('span');
    label.className = 'vh';
    label.textContent = this.box.dataset.label.replace('{title}', title);
    button.append(icon, label);
    this.show(button);
    return button;
  }

  /** @param {HTMLButtonElement} button */
  show(button) {
    const on = this.on.has(button.value);
    button.setAttribute('aria-pressed', String(on));
    if (this.own) button.name = on ? 'unmark' : 'mark';
  }

  again() {
    this.on = new Set(this.kept());
    this.everywhere();
  }

  everywhere() {
    for (const button of document.querySelectorAll('.star, .star-wide')) this.show(button);
    this.count();
    document.dispatchEvent(new CustomEvent('agora:stars'));
  }

  count() {
    for (const place of document.querySelectorAll('[data-star-count]')) place.textContent = this.on.size || '';
  }

  /** @param {Event} event @param {HTMLButtonElement} button */
  async press(event, button) {
    event.preventDefault();
    const slug = button.value;
    const on = !this.on.has(slug);
    this.set(slug, on);
    if (!this.own) {
      this.keep();
      if (on && this.on.size === 1) this.say(this.box.dataset.kept);
      return;
    }
    try {
      await this.send([[on ? 'mark' : 'unmark', slug]]);
    } catch {
      this.set(slug, !on);
      this.say(this.box.dataset.failed);
    }
  }

  /** @param {string} slug @param {boolean} on */
  set(slug, on) {
    if (on) this.on.add(slug);
    else this.on.delete(slug);
    this.everywhere();
  }

  /** @param {string[][]} fields @returns {Promise<string[]>} everything that is marked then */
  async send(fields) {
    const answer = await fetch(this.box.dataset.action, {
      method: 'POST', body: new URLSearchParams(fields), headers: { Accept: 'application/json' },
    });
    if (!answer.ok) throw new Error(String(answer.status));
    return (await answer.json()).sessions;
  }

  /** What a stranger marked becomes their person's; then the device forgets it. */
  async takeAlong() {
    const kept = this.kept();
    if (!kept.length) return;
    try {
      this.on = new Set(await this.send(kept.map((slug) => ['mark', slug])));
      localStorage.removeItem(this.key);
      this.everywhere();
      document.dispatchEvent(new CustomEvent('agora:stars-united'));
    } catch {
      // They stay on the device and are sent from the next page.
    }
  }

  /** @param {string} words */
  say(words) {
    if (!this.place) {
      this.place = document.createElement('p');
      this.place.className = 'star-say';
      this.place.setAttribute('role', 'status');
      document.body.append(this.place);
    }
    this.place.hidden = false;
    this.place.textContent = words;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { this.place.hidden = true; }, 6000);
  }
}

const box = document.querySelector('[data-stars]');
export const stars = box ? new Stars(box) : null;
