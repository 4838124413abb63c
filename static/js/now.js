// Keeps the page of the rooms up to date while somebody looks at it, and tells a screen
// reader, politely and once, which rooms have something new.

const EVERY_MS = 30_000;
/** A hall opened it in the same minute; it shall not ask in the same second. */
const JITTER_MS = 5_000;
const SLOWEST_MS = 5 * 60_000;

class Now {
  /** @param {HTMLElement} place */
  constructor(place) {
    this.place = place;
    this.pause = EVERY_MS;
    this.asked = Date.now();
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) clearTimeout(this.timer);
      else this.wait(Math.max(0, this.asked + this.pause - Date.now()));
    });
    this.wait(this.pause);
  }

  /** @param {number} ms */
  wait(ms) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), ms + Math.random() * JITTER_MS);
  }

  async ask() {
    if (document.hidden) return;
    this.asked = Date.now();
    try {
      const answer = await fetch(location.href, { headers: { Accept: 'text/html' } });
      if (!answer.ok) throw new Error(String(answer.status));
      this.pause = EVERY_MS;
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const fresh = page.querySelector('[data-now]');
      // Somebody who is on a link keeps it; the next round shows what is new.
      if (fresh && fresh.innerHTML !== this.place.innerHTML && !this.place.contains(document.activeElement)) this.show(fresh);
    } catch {
      this.pause = Math.min(this.pause * 2, SLOWEST_MS);
    }
    this.wait(this.pause);
  }

  /** @param {Element} fresh */
  show(fresh) {
    const before = this.rooms(this.place);
    this.place.replaceChildren(...fresh.childNodes);
    const say = document.querySelector('[data-now-say]');
    const news = [];
    for (const [room, title] of this.rooms(this.place)) {
      if (before.get(room) !== title && title) news.push(say.dataset.words.replace('{room}', room).replace('{title}', title));
    }
    say.textContent = news.join('. ');
  }

  /** What is on in every room, in words. @param {Element} root @returns {Map<string, string>} */
  rooms(root) {
    return new Map([...root.querySelectorAll('[data-room]')].map((room) => [
      room.dataset.room, [room.querySelector('.now-part h3'), room.querySelector('.tag.bad')].map((e) => e?.textContent.trim()).filter(Boolean).join(', ')]));
  }
}

const place = document.querySelector('[data-now]');
if (place) new Now(place);
