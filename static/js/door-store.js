// What a device keeps of a door: the list of people, where they are, what it has read
// and not sent yet. Everything is in memory for answers without delay, and in the
// browser's database for when the page is closed or the phone is without network.

const LISTS = ['kept', 'where', 'outbox', 'alerts'];

/** @param {IDBRequest} request @returns {Promise<any>} */
const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

export class Store {
  /** @param {string} edition */
  constructor(edition) {
    this.name = `agora-door-${edition}`;
    /** @type {Map<string, object>} */
    this.byId = new Map();
    this.byCode = new Map();
    this.where = new Map();
    this.outbox = new Map();
    this.alerts = new Map();
    this.places = [];
    this.kept = { roster: '', change: 0, skew: 0, fetched: 0, counts: null };
  }

  /** Opens the database and reads all of it. Without one (a private window) the page works as long as it is open. */
  async open() {
    try {
      const request = indexedDB.open(this.name, 1);
      request.onupgradeneeded = () => {
        for (const list of LISTS) request.result.createObjectStore(list);
      };
      this.db = await done(request);
      this.db.onversionchange = () => this.db.close();
    } catch {
      this.db = null;
      return;
    }
    const tx = this.db.transaction(LISTS);
    const [kept, people, places] = await Promise.all(['state', 'people', 'places'].map((key) => done(tx.objectStore('kept').get(key))));
    if (kept) Object.assign(this.kept, kept);
    if (people) this.setPeople(people, places || []);
    for (const list of LISTS.slice(1)) {
      const [keys, values] = await Promise.all([done(tx.objectStore(list).getAllKeys()), done(tx.objectStore(list).getAll())]);
      keys.forEach((key, i) => this[list].set(key, values[i]));
    }
  }

  setPeople(people, places) {
    this.byId = new Map(people.map((entry) => [entry.i, entry]));
    this.byCode = new Map(people.map((entry) => [entry.c, entry]));
    this.places = places;
  }

  isWorkshop(place) {
    return this.places.some((p) => p.id === place && p.workshop);
  }

  whereIs(id, place) {
    return this.where.get(`${id}|${place}`);
  }

  /** @param {{hash: string, people: object[], places: object[]}} roster */
  async keepRoster(roster) {
    this.setPeople(roster.people || [], roster.places || []);
    this.kept.roster = roster.hash;
    this.kept.fetched = Date.now() + this.kept.skew;
    await this.write({ kept: [['people', roster.people || []], ['places', roster.places || []], ['state', this.kept]] });
  }

  /** What was read is kept before anything else happens to it. @param {object} scan @param {string} by */
  async add(scan, by) {
    this.outbox.set(scan.id, scan);
    const key = `${scan.i}|${scan.p}`;
    const was = this.where.get(key);
    const is = { i: scan.i, p: scan.p, a: was?.a || 0, in: scan.act === 'in', by: was?.by || '' };
    if (scan.act === 'in' && !is.a) Object.assign(is, { a: scan.at + this.kept.skew, by });
    if (scan.act === 'undo') Object.assign(is, { a: 0, in: false, by: '' });
    this.where.set(key, is);
    this.count(was, is);
    await this.write({ outbox: [[scan.id, scan]], where: [[key, is]], kept: [['state', this.kept]] });
  }

  /** The count moves at once; the server's replaces it when it is heard. */
  count(was, is) {
    const counts = this.kept.counts;
    if (!counts || is.p !== '') return;
    counts.arrived += Number(Boolean(is.a)) - Number(Boolean(was?.a));
    counts.inside += Number(is.in) - Number(Boolean(was?.in));
  }

  /** @param {object} answer what the server told @returns {Promise<object[]>} alerts that are new */
  async hear(answer) {
    const waiting = new Set();
    for (const id of answer.done || []) this.outbox.delete(id);
    for (const scan of this.outbox.values()) waiting.add(`${scan.i}|${scan.p}`);
    const where = [];
    for (const is of answer.where || []) {
      const key = `${is.i}|${is.p}`;
      if (waiting.has(key)) continue; // what is not sent yet is newer
      this.where.set(key, is);
      where.push([key, is]);
    }
    const fresh = (answer.alerts || []).filter((a) => !this.alerts.has(a.id));
    for (const alert of answer.alerts || []) this.alerts.set(alert.id, alert);
    const over = (answer.over || []).filter((id) => this.alerts.delete(id));
    this.kept.change = answer.change;
    this.kept.counts = { arrived: answer.arrived, inside: answer.inside, expected: answer.expected };
    await this.write({ where, alerts: (answer.alerts || []).map((a) => [a.id, a]), kept: [['state', this.kept]], gone: answer.done || [], over });
    return fresh;
  }

  /** @param {{kept?: any[], where?: any[], outbox?: any[], alerts?: any[], gone?: string[], over?: string[]}} what */
  async write(what) {
    if (!this.db) return;
    const tx = this.db.transaction(LISTS, 'readwrite', { durability: 'strict' });
    for (const list of LISTS) {
      for (const [key, value] of what[list] || []) tx.objectStore(list).put(value, key);
    }
    for (const id of what.gone || []) tx.objectStore('outbox').delete(id);
    for (const id of what.over || []) tx.objectStore('alerts').delete(id);
    await new Promise((resolve, reject) => {
      tx.oncomplete = resolve;
      tx.onabort = () => reject(tx.error);
    });
  }

  /** A device that was revoked keeps nothing. */
  async forget() {
    this.byId.clear();
    this.byCode.clear();
    this.where.clear();
    this.outbox.clear();
    this.alerts.clear();
    this.db?.close();
    this.db = null;
    await done(indexedDB.deleteDatabase(this.name)).catch(() => {});
    for (const worker of (await navigator.serviceWorker?.getRegistrations()) || []) await worker.unregister();
    for (const name of (await globalThis.caches?.keys()) || []) {
      if (name.startsWith('agora-door')) await caches.delete(name);
    }
  }
}
