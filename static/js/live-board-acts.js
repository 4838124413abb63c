// What is pressed on the stage: sent with the form's own key until the server has answered, so that a press is neither
// lost with the network nor done twice.

const FIRST_MS = 700;
const LONGEST_MS = 10_000;
const ANSWER_MS = 12_000;

export class Acts {
  /** @param {{root: HTMLElement, parts: import('./live-board-parts.js').Parts, show: (answer: Response) => Promise<void>, showLine: () => void}} board */
  constructor(board) {
    this.board = board;
    /** How many presses wait for an answer that did not come at once. */
    this.waiting = 0;
    /** How many there were: a page that was asked for before the last one is out of date. */
    this.pressed = 0;
    this.line = Promise.resolve();
    board.root.addEventListener('submit', (event) => {
      const form = event.target;
      if (!form.matches('[data-act]') || !event.submitter) return;
      event.preventDefault();
      const button = event.submitter;
      if (button.getAttribute('aria-disabled') === 'true') return;
      button.setAttribute('aria-disabled', 'true');
      button.classList.add('pending');
      this.pressed += 1;
      this.ahead(button);
      const body = new URLSearchParams(new FormData(form, button));
      // One after the other, as they were pressed.
      this.line = this.line.then(() => this.send(form.action, body, button));
    });
  }

  /** Shows the next question at once; the server's page says so a moment later. @param {HTMLElement} button */
  ahead(button) {
    if (!('go' in button.dataset) || button.value !== 'now') return;
    const big = this.board.root.querySelector('.stage-now .big');
    const next = this.board.root.querySelector('.stage-next-text');
    if (!big || !next) return;
    big.textContent = next.textContent;
    big.classList.remove('none');
    big.classList.toggle('long', next.classList.contains('long'));
  }

  /** @param {string} address @param {URLSearchParams} body @param {HTMLElement} button */
  async send(address, body, button) {
    for (let pause = FIRST_MS; ; pause = Math.min(pause * 2, LONGEST_MS)) {
      try {
        const answer = await fetch(address, { method: 'POST', body, headers: { Accept: 'text/html' }, signal: AbortSignal.timeout(ANSWER_MS) });
        if (answer.status < 500 && answer.status !== 429) {
          this.wait(0);
          this.again(button);
          this.board.parts.forget();
          await this.board.show(answer).catch(() => this.board.soon(0));
          return;
        }
      } catch {
        // No network: the press is kept.
      }
      this.wait(1);
      await new Promise((done) => { setTimeout(done, pause * (0.5 + Math.random() / 2)); });
    }
  }

  again(button) {
    button.removeAttribute('aria-disabled');
    button.classList.remove('pending');
  }

  wait(n) {
    this.waiting = n;
    this.board.showLine();
  }
}
