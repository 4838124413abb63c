// The door on a phone: reads tickets by camera, code or name, answers from what the
// phone knows, keeps what it read until it is sent. Markup: [data-door] holds the
// configuration; parts are named by [data-part]. Without this script the forms on the
// page do the same through the server.

import { Camera } from './door-camera.js';
import { Prover, whatItSays } from './door-code.js';
import { ASK, GO, STOP, judge, search, undo } from './door-judge.js';
import { printer } from './door-print.js';
import { Store } from './door-store.js';
import { Sync } from './door-sync.js';
import { Words, drawVerdict, make, sound, wakeSound } from './door-tell.js';

const FOUND = 12;
const ALERTS = 5;

const CAMERA = 'agora-door-camera';

/** A private window keeps nothing, and some refuse to be asked. @param {string} on */
function remember(on) {
  try {
    localStorage.setItem(CAMERA, on);
  } catch {
    // The camera is started by hand then.
  }
}

function remembered() {
  try {
    return localStorage.getItem(CAMERA) === '1';
  } catch {
    return false;
  }
}

class Door {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.config = JSON.parse(root.dataset.door);
    this.words = new Words(this.config);
    this.store = new Store(this.config.edition);
    this.prover = new Prover(this.config);
    this.place = this.config.place;
    this.mode = 'in';
    this.mine = new Set(); // scans of this page, whose double is told aloud
    this.sync = new Sync(this.store, this.config, {
      changed: (alerts) => this.changed(alerts),
      ended: (status) => this.ended(status),
      told: (answer) => this.told(answer),
    });
  }

  part(name) {
    return this.root.querySelector(`[data-part="${name}"]`);
  }

  async begin() {
    await this.store.open();
    this.wire();
    this.draw();
    this.sync.start();
    navigator.storage?.persist?.().catch(() => {});
    if (!(await this.prover.able())) this.part('unproved').hidden = false;
    this.root.dataset.ready = '1';
    const first = new URLSearchParams(location.search).get('code');
    if (first) this.lookFirst(first);
    await this.stay().catch(() => {}); // a browser that keeps nothing still works while the page is open
  }

  /** Makes the page open without network, in the language it is in now. */
  async stay() {
    if (!navigator.serviceWorker) return;
    await navigator.serviceWorker.register(this.config.worker, { scope: '/door/' });
    // The camera app opens what stands in the code, also without network.
    await navigator.serviceWorker.register(this.config.worker, { scope: '/T/' });
    await navigator.serviceWorker.ready;
    const page = await fetch(location.pathname, { redirect: 'error' });
    if (page.ok && !this.sync.stopped) await (await caches.open('agora-door-pages')).put(location.pathname, page);
  }

  /** Opened by the phone's camera app, with a ticket in the address. An address lets
   * nobody in by itself, or a link in a letter would: the button does. */
  async lookFirst(code) {
    if (!this.store.kept.roster) return; // the server has judged it on the page
    history.replaceState(null, '', location.pathname);
    const answer = judge(this.store, await this.ticketOf(code), { place: this.place, mode: 'in', means: 'camera' });
    if (answer.act) Object.assign(answer, { title: 'valid', scan: answer.act, act: null, inside: false });
    this.say(answer, 'camera');
  }

  async ticketOf(text) {
    const said = whatItSays(text);
    return said.sealed === undefined ? said : this.prover.open(said.sealed);
  }

  wire() {
    addEventListener('pointerdown', wakeSound);
    addEventListener('keydown', wakeSound);
    this.part('code').addEventListener('submit', (event) => {
      event.preventDefault();
      const input = event.target.elements.code;
      if (input.value.trim()) this.read(input.value, 'code');
      input.value = '';
    });
    const names = this.part('names');
    names.addEventListener('submit', (event) => event.preventDefault());
    names.elements.q.addEventListener('input', () => this.find(names.elements.q.value));
    if (names.elements.q.value) this.find(names.elements.q.value);
    this.part('tools').hidden = false;
    for (const radio of this.root.querySelectorAll('input[name=mode]')) {
      radio.addEventListener('change', () => {
        this.mode = radio.value;
        this.root.dataset.mode = radio.value;
      });
    }
    const place = this.part('place');
    place.addEventListener('change', () => {
      this.place = place.value === 'door' ? '' : place.value;
      this.part('here').textContent = this.place ? place.selectedOptions[0].textContent : '';
      this.say(null);
      this.find(names.elements.q.value);
    });
    this.part('place-go').hidden = true;
    names.querySelector('.acts').hidden = true; // the list follows while typing
    this.wireCamera();
  }

  wireCamera() {
    const button = this.part('camera-start');
    const stop = this.part('camera-stop');
    const camera = new Camera(this.part('video'), this.config.decoder, (text) => this.read(text, 'camera'));
    const show = (on, why) => {
      this.part('camera').hidden = !on;
      button.hidden = on;
      this.part('camera-why').textContent = why ? this.words.t(why) : '';
    };
    const start = async () => {
      button.disabled = true;
      const why = await camera.start();
      button.disabled = false;
      show(!why, why);
      remember(why ? '' : '1');
    };
    button.addEventListener('click', start);
    stop.addEventListener('click', () => {
      camera.stop();
      show(false, '');
      remember('');
    });
    // It was on when the page was left, and nobody is asked again.
    if (remembered()) navigator.permissions?.query({ name: 'camera' }).then((p) => p.state === 'granted' && start()).catch(() => {});
  }

  /** @param {string} text what was seen or typed @param {string} means */
  async read(text, means) {
    const began = performance.now();
    const answer = judge(this.store, await this.ticketOf(text), { place: this.place, mode: this.mode, means });
    await this.answer(answer, means);
    this.root.dataset.took = String(Math.round((performance.now() - began) * 10) / 10);
  }

  /** Shows an answer and, where it lets somebody in or out, keeps it. */
  async answer(answer, means) {
    const kept = answer.act && this.keep(answer.act);
    this.say(answer, means);
    if (this.config.prints && answer.title === 'welcome' && answer.act && !this.place) this.printBadge(answer.entry);
    sound(answer.level);
    try {
      await kept;
    } catch {
      this.part('full').hidden = false; // told in words; memory still holds it
    }
    if (answer.act) this.sync.soon();
  }

  /** Without network, or when the printer's page does not come, the button stays. */
  async printBadge(entry) {
    const told = this.part('verdict').querySelector('[data-print-told]');
    const gone = await printer.print(this.badgeOf(entry));
    if (told) told.textContent = this.words.t(gone ? 'badge_sent' : 'badge_not_sent');
  }

  badgeOf(entry) {
    return `${this.config.base}/badges/${encodeURIComponent(entry.c)}`;
  }

  keep(scan) {
    this.mine.add(scan.id);
    const kept = this.store.add(scan, this.config.name || this.words.t('this_phone'));
    this.draw();
    return kept;
  }

  say(answer, means) {
    const place = this.part('verdict');
    place.replaceChildren();
    this.part('served')?.remove();
    if (!answer) return;
    place.append(drawVerdict(answer, this.words));
    const acts = make('div', { class: 'acts' });
    const button = (word, kind, press) => {
      const b = make('button', { type: 'button', class: `btn ${kind}` }, this.words.t(word));
      b.addEventListener('click', press);
      acts.append(b);
    };
    if (answer.scan) button('let_in', '', () => this.answer({ ...answer, level: GO, title: 'welcome', text: '', act: answer.scan, scan: null, inside: true }, means));
    if (answer.inside && answer.entry) {
      if (answer.level === GO && this.config.prints) this.offerBadge(acts, answer.entry);
      button('undo', 'quiet small', () => this.takeBack(answer.entry, means));
      button('check_out', 'quiet small', () => this.leave(answer.entry, means));
    }
    if (answer.seat && answer.entry) acts.append(make('a', { class: 'btn', href: `${this.config.base}/new?code=${encodeURIComponent(answer.entry.c)}` }, this.words.t('seat')));
    if (acts.children.length > 0) place.append(acts);
    if (means) place.scrollIntoView({ block: 'nearest' }); // a long list may have been scrolled
  }

  offerBadge(acts, entry) {
    const href = `${this.badgeOf(entry)}.pdf`;
    acts.append(make('a', { class: 'btn', href, target: '_blank', rel: 'noopener' }, this.words.t('badge')), make('p', { class: 'small quiet-text', role: 'status', 'data-print-told': '' }));
  }

  async takeBack(entry, means) {
    await this.keep(undo(entry, { place: this.place, means }));
    this.say({ level: ASK, title: 'undone', entry });
    this.sync.soon();
  }

  leave(entry, means) {
    const answer = judge(this.store, { id: entry.i, version: entry.v }, { place: this.place, mode: 'out', means });
    return this.answer(answer, means);
  }

  find(text) {
    if (!this.store.kept.roster) return; // what the server found stands meanwhile
    const list = this.part('found');
    list.replaceChildren();
    const people = search(this.store, text, FOUND);
    this.part('none').hidden = !text.trim() || people.length > 0;
    for (const entry of people) {
      const there = this.store.whereIs(entry.i, this.place);
      const name = make('span', {}, make('b', {}, entry.n), ' ', make('span', { class: 'quiet-text' }, entry.o || ''));
      const end = there?.in
        ? make('span', { class: 'tag' }, this.words.t('in_since', { when: this.words.when(there.a) }))
        : make('button', { type: 'button', class: 'btn small' }, this.words.t('arrive'), make('span', { class: 'vh' }, ` ${entry.n}`));
      if (!there?.in) end.addEventListener('click', () => this.byName(entry));
      list.append(make('li', {}, name, end));
    }
  }

  async byName(entry) {
    await this.answer(judge(this.store, { id: entry.i, version: entry.v }, { place: this.place, mode: this.mode, means: 'name' }), 'name');
    this.part('names').elements.q.value = '';
    this.find('');
  }

  /** @param {object} answer of the server */
  told(answer) {
    if (answer.name) this.config.name = answer.name;
    this.config.prints = answer.prints;
  }

  /** @param {object[]} alerts that are new */
  changed(alerts) {
    this.draw();
    for (const alert of alerts) {
      if (!this.mine.has(alert.id)) continue;
      sound(STOP);
      const entry = this.store.byId.get(alert.i);
      const twice = alert.first && { a: alert.first, by: alert.first_by };
      this.say({ level: STOP, title: `alert_${alert.w}`, entry, there: twice, text: twice ? '' : alert.w === 'outdated' ? 'outdated' : 'cancelled' });
    }
  }

  draw() {
    const { counts, fetched, skew } = this.store.kept;
    this.words.skew = skew;
    if (counts) this.part('count').textContent = this.words.t('count', counts);
    const waiting = this.store.outbox.size;
    const line = this.part('net');
    line.hidden = this.sync.online && waiting === 0;
    this.part('new').hidden = !this.sync.online;
    this.part('new-offline').hidden = this.sync.online;
    const key = this.sync.online ? 'sending' : waiting === 0 ? 'offline' : waiting === 1 ? 'offline_one' : 'offline_many';
    this.part('net-text').textContent = this.words.t(key, { n: waiting, when: fetched ? this.words.when(fetched) : '' });
    this.drawAlerts();
  }

  drawAlerts() {
    const all = [...this.store.alerts.values()].sort((a, b) => b.at - a.at).slice(0, ALERTS);
    this.part('alerts').hidden = all.length === 0;
    this.part('alert-list').replaceChildren(...all.map((a) => {
      const values = { when: this.words.when(a.at), where: this.words.where(a.by), first: a.first ? this.words.when(a.first) : '', first_where: this.words.where(a.first_by) };
      const entry = this.store.byId.get(a.i);
      return make('li', {}, make('b', {}, entry?.n || entry?.c || ''), ' ', make('span', { class: 'tag bad' }, this.words.t(`alert_${a.w}`)),
        make('span', { class: 'block quiet-text' }, this.words.t(a.first ? 'alert_twice' : 'alert_at', values)));
    }));
  }

  /** Revoked, or no longer allowed: nothing stays on this phone. Signed out: what was read does. */
  async ended(status) {
    const keep = status === 401 && !this.config.device;
    if (!keep) await this.store.forget();
    const box = this.part('ended');
    box.hidden = false;
    box.querySelector('p').textContent = this.words.t(keep ? 'signed_out' : 'revoked');
    box.querySelector('a').hidden = !keep;
    for (const name of ['live', 'verdict']) this.part(name).hidden = true;
  }
}

const root = document.querySelector('[data-door]');
if (root) new Door(root).begin();
