// A file goes to the server in parts as soon as it is chosen. A lost connection is waited
// for, and after a reload the same file goes on from where it stopped. The form then sends
// only the file's id. Without this script the file goes along with the form.

const MB = 1 << 20;
const smallest = MB / 4;
const largest = 4 * MB; // the server takes no more at once
const quick = 1500; // ms for a part: then the next one may be larger
const longestPause = 30000;
const mostClashes = 20; // with another window that sends the same file
const speech = 25; // every so many percent are said to those who listen
const speaks = { 'Tus-Resumable': '1.0.0' };

/** What a reload may not lose: which sending belongs to which file. */
const memory = {
  get(key) {
    try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
  },
  set(key, value) {
    try {
      if (value) localStorage.setItem(key, JSON.stringify(value));
      else localStorage.removeItem(key);
    } catch { /* private windows keep nothing; the file is then sent anew */ }
  },
};

const pause = (ms, signal) => new Promise((done) => {
  const timer = setTimeout(done, ms);
  const now = () => { clearTimeout(timer); done(); };
  window.addEventListener('online', now, { once: true });
  signal.addEventListener('abort', now, { once: true });
});

/** Refused is what the server says of the file itself; trying again would not help. */
class Refused extends Error {}

class Upload {
  /** @param {HTMLElement} box */
  constructor(box) {
    this.box = box;
    this.words = box.dataset;
    [this.id, this.input] = [box.querySelector('input[type=hidden]'), box.querySelector('input[type=file]')];
    this.key = `agora-upload ${this.words.upload} ${this.input.name}`;
    this.sent = box.querySelector('.sent');
    this.sending = box.querySelector('.sending');
    this.said = this.sending.querySelector('p');
    this.bar = this.sending.querySelector('progress');
    this.left = box.querySelector('[data-left]');
    this.status = box.querySelector('[role=status]');
    this.errors = document.getElementById(`${this.input.id}-error`);
    this.size = MB;
    this.input.addEventListener('change', () => this.choose());
    this.sending.querySelector('button').addEventListener('click', () => this.cancel());
    this.input.form.addEventListener('submit', (e) => this.submit(e), { capture: true });
    window.addEventListener('beforeunload', (e) => { if (this.running) e.preventDefault(); });
    const left = memory.get(this.key);
    if (left && !this.id.value) this.hint(this.words.again.replace('{name}', left.name));
    if (this.input.files.length) this.choose(); // browsers keep the choice over a reload
  }

  choose() {
    this.running?.abort();
    const [file] = this.input.files;
    if (!file) return;
    this.fail('');
    this.hint('');
    this.show('');
    this.id.value = '';
    if (file.size > Number(this.words.max)) {
      this.input.value = '';
      this.fail(this.words.tooLarge);
      return;
    }
    this.send(file);
  }

  async send(file) {
    const running = this.running = new AbortController();
    this.told = 0;
    this.sending.hidden = false;
    this.progress(file, 0);
    this.say(this.words.progress.replace('{name}', file.name));
    try {
      const id = await this.all(file, running.signal);
      if (this.running !== running) return;
      this.finish(file, id);
    } catch (error) {
      if (this.running !== running) return;
      this.stop();
      this.fail(error instanceof Refused && error.message ? error.message : this.words.failed);
    }
  }

  /** all sends what the server does not have yet, for as long as it takes. */
  async all(file, signal) {
    let place = '';
    let offset = 0;
    let clashes = 0;
    for (let failures = 0; !signal.aborted;) {
      try {
        if (!place) [place, offset] = await this.begin(file, signal);
        const part = file.slice(offset, offset + this.size);
        this.progress(file, offset, offset + part.size === file.size);
        const started = performance.now();
        const answer = await this.ask(place, { method: 'PATCH', body: part, signal, headers: { 'Upload-Offset': offset, 'Content-Type': 'application/offset+octet-stream' } });
        if (answer.status === 404) { // too old; from the beginning, then
          memory.set(this.key, null);
          place = '';
          continue;
        }
        if (answer.status === 409 && ++clashes > mostClashes) throw new Refused('');
        offset = Number(answer.headers.get('Upload-Offset'));
        const id = answer.headers.get('Agora-File');
        if (id) return id;
        failures = 0;
        this.size = performance.now() - started < quick ? Math.min(2 * this.size, largest) : Math.max(this.size / 2, smallest);
      } catch (error) {
        if (error instanceof Refused) throw error;
        place &&= await this.recall(file, signal).then(([where, at]) => { offset = at; return where; }, () => place);
        this.size = Math.max(this.size / 2, smallest);
        if (signal.aborted) break;
        this.said.textContent = this.words.waiting;
        if (!failures) this.say(this.words.waiting);
        const most = Math.min(longestPause, 1000 * 2 ** failures);
        failures += 1;
        await pause(Math.max(error.after ?? 0, Math.random() * most), signal);
      }
    }
    throw new Refused('');
  }

  /** begin finds the sending of this file that was left unfinished, or opens one. */
  async begin(file, signal) {
    const known = await this.recall(file, signal);
    if (known[0]) return known;
    const name = btoa(String.fromCharCode(...new TextEncoder().encode(file.name)));
    const answer = await this.ask(this.words.upload, { method: 'POST', signal, headers: { 'Upload-Length': file.size, 'Upload-Metadata': `filename ${name}` } });
    const place = answer.headers.get('Location');
    if (!place) throw new Refused('');
    memory.set(this.key, { place, name: file.name, size: file.size, at: file.lastModified });
    return [place, 0];
  }

  /** recall asks how far a sending that was left has come. */
  async recall(file, signal) {
    const left = memory.get(this.key);
    if (!left || left.name !== file.name || left.size !== file.size || left.at !== file.lastModified) return ['', 0];
    const answer = await this.ask(left.place, { method: 'HEAD', signal });
    if (answer.status === 404) return ['', 0];
    return [left.place, Number(answer.headers.get('Upload-Offset'))];
  }

  /** ask throws Refused for what is final, and an Error for what may pass by itself. */
  async ask(address, options) {
    const answer = await fetch(address, { ...options, headers: { ...speaks, ...options.headers } });
    if (answer.ok || answer.status === 404 || answer.status === 409) return answer;
    if (answer.status >= 500 || answer.status === 408) {
      throw Object.assign(new Error(String(answer.status)), { after: 1000 * Number(answer.headers.get('Retry-After') ?? 0) });
    }
    const said = await answer.json().catch(() => ({}));
    memory.set(this.key, null);
    throw new Refused(Object.values(said.errors ?? {}).flat().join(' ') || said.message || '');
  }

  finish(file, id) {
    this.stop();
    memory.set(this.key, null);
    this.id.value = id;
    this.input.value = '';
    this.input.required = false;
    this.show(this.words.here.replace('{name}', file.name));
    this.say(this.words.here.replace('{name}', file.name));
    if (this.waiting) this.waiting();
  }

  cancel() {
    const left = memory.get(this.key);
    this.running?.abort();
    this.stop();
    memory.set(this.key, null);
    if (left) fetch(left.place, { method: 'DELETE', headers: speaks }).catch(() => {}); // it is swept away otherwise
    this.input.value = '';
    this.hint(this.words.cancelled);
    this.input.focus();
  }

  stop() {
    this.running = null;
    this.sending.hidden = true;
  }

  /** submit waits for the file, and then sends the form as it was meant. */
  submit(event) {
    if (!this.running) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { submitter } = event;
    this.waiting = () => { this.waiting = null; this.input.form.requestSubmit(submitter); };
    this.sending.scrollIntoView({ block: 'nearest' });
  }

  progress(file, done, last = false) {
    const percent = file.size ? Math.floor(100 * done / file.size) : 0; // the server says what an empty file is
    const mb = (n) => (n / MB).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 });
    const figures = this.words.percent.replace('{percent}', percent).replace('{done}', mb(done)).replace('{all}', mb(file.size));
    this.bar.value = percent;
    this.said.textContent = `${this.words.progress.replace('{name}', file.name)} ${last && done ? this.words.checking : figures}`;
    if (percent >= this.told + speech) {
      this.told = percent;
      this.say(figures);
    }
  }

  show(text) {
    this.sent.querySelector('[data-sent]').textContent = text;
    this.sent.querySelector('input').checked = false;
    this.sent.hidden = !text;
  }

  hint(text) {
    this.left.textContent = text;
    this.left.hidden = !text;
    this.say(text);
  }

  say(text) { this.status.textContent = text; }

  fail(text) {
    this.waiting = null;
    this.input.toggleAttribute('aria-invalid', false);
    const list = [];
    if (text) {
      const line = document.createElement('p');
      line.className = 'error';
      line.textContent = text;
      list.push(line);
      this.input.value = '';
      this.input.setAttribute('aria-invalid', 'true');
      this.input.setAttribute('aria-describedby', this.errors.id);
      this.say(text);
    }
    this.errors.replaceChildren(...list);
  }
}

for (const box of document.querySelectorAll('[data-upload]')) new Upload(box);
