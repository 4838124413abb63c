// The moderator's desk by keys. They work on the question that has the focus, and never while somebody types.

const TYPING = 'textarea, select, input:not([type=checkbox])';
const LISTS = ['now', 'new', 'approved', 'queued', 'answered', 'later', 'rejected', 'archived', 'merged'];
const INTO = { a: 'approved', b: 'approved', q: 'queued', n: 'now', d: 'answered', w: 'later' };

export class Keys {
  /** @param {HTMLElement} root
   * @param {{drop(id: string, list: string, position: number): void, step(id: string, by: number): void, takeBack(act: string): void}} owner */
  constructor(root, owner) {
    this.root = root;
    this.owner = owner;
    root.addEventListener('keydown', (event) => { if (this.pressed(event)) event.preventDefault(); });
    document.addEventListener('keydown', (event) => this.history(event));
  }

  history(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== 'z' || event.target.closest?.(TYPING)) return;
    event.preventDefault();
    this.owner.takeBack(event.shiftKey ? 'redo' : 'undo');
  }

  /** @returns {boolean} whether the key was ours */
  pressed(event) {
    const card = event.target.closest?.('[data-list] article[data-id]');
    if (!card || event.target.closest(TYPING) || event.ctrlKey || event.metaKey || event.altKey) return false;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const by = { ArrowUp: -1, ArrowDown: 1 }[key];
    if (by && event.shiftKey) this.owner.step(card.dataset.id, by);
    else if (by) this.go(card, by);
    else if (key === 'ArrowLeft' || key === 'ArrowRight') this.across(card, key === 'ArrowLeft' ? -1 : 1);
    else if (INTO[key]) this.owner.drop(card.dataset.id, INTO[key], 0);
    else if (key === 'x' || key === 'e') return this.open(card, key === 'x' ? 'reject' : 'edit');
    else if (key === 'm') card.querySelector('[data-panel]')?.click();
    else if (key === 't') card.querySelector('.item-tick input')?.click();
    else return false;
    return true;
  }

  cards(list) {
    return [...this.root.querySelectorAll(`[data-list="${list}"] article[data-id]`)].filter((card) => card.checkVisibility());
  }

  go(card, by) {
    const cards = this.cards(card.closest('[data-list]').dataset.list);
    cards[cards.indexOf(card) + by]?.focus();
  }

  across(card, by) {
    const list = card.closest('[data-list]').dataset.list;
    const index = this.cards(list).indexOf(card);
    for (let i = LISTS.indexOf(list) + by; i >= 0 && i < LISTS.length; i += by) {
      const cards = this.cards(LISTS[i]);
      if (cards.length) return cards[Math.min(index, cards.length - 1)].focus();
    }
    return undefined;
  }

  open(card, act) {
    const details = card.querySelector(`details[data-for="${act}"]`);
    if (!details) return false;
    details.open = true;
    details.querySelector('textarea').focus();
    return true;
  }
}
