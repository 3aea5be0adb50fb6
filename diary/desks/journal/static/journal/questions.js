/** What the grid must ask the person: why a mark is corrected, whose entry stands. Never takes the keyboard from one who types on. */

import { conflictForm, reasonForm } from "./cell-menu.js";

/** @typedef {import("./journal-grid.js").Cell} Cell */

export class Questions {
  /** @type {Map<string, {cell: Cell, theirs?: {text: string, version: number, message: string}}>} */
  #waiting = new Map();

  /** @param {import("./journal-grid.js").JournalGrid} grid */
  constructor(grid) {
    this.grid = grid;
  }

  has(id) {
    return this.#waiting.has(id);
  }

  drop(id) {
    this.#waiting.delete(id);
  }

  /** @param {Cell} cell @param {object} [theirs] with it the question is of a conflict, else of a reason */
  add(cell, theirs) {
    if (!this.#waiting.size) queueMicrotask(() => this.#next(this.grid.isPhone));
    this.#waiting.set(cell.id, { cell, theirs });
  }

  /** Asks what this cell, or else the open panel's cell, waits for. @returns {boolean} whether there is a question */
  ask(cell, isFocused) {
    const { panel } = this.grid;
    const question = this.#waiting.get(cell.id) ?? this.#waiting.get(panel.isOpen && panel.cell?.id);
    if (!question) return false;
    if (question.theirs) this.#askWhose(question, isFocused);
    else this.#askWhy(question.cell, isFocused);
    return true;
  }

  /** One reason for all cells that wait for a reason. */
  #askWhy(cell, focus) {
    const { grid } = this;
    const all = [...this.#waiting.values()].filter(({ theirs }) => !theirs).map((each) => each.cell);
    const options = [...grid.querySelector("#reasons").content.cloneNode(true).querySelectorAll("option")];
    const revert = () => this.#settle(all, (each) => grid.revert(each));
    const choose = (reason) => this.#settle(all, (each) => grid.resend(each, { reason }));
    const form = reasonForm(options, grid.word, choose, revert);
    grid.panel.open(grid.anchorOf(cell), grid.word("reason-title"), [form], { focus, cell, onEscape: revert });
  }

  #askWhose({ cell, theirs }, focus) {
    const { grid } = this;
    const settle = (act) => () => this.#settle([cell], () => {
      Object.assign(cell, { saved: theirs.text, version: theirs.version });
      act();
    });
    const keep = settle(() => grid.revert(cell));
    const use = settle(() => grid.resend(cell, {}));
    const texts = { message: theirs.message, theirs: theirs.text, mine: cell.text };
    grid.panel.open(grid.anchorOf(cell), grid.word("conflict"), conflictForm(texts, grid.word, keep, use), { focus, cell });
  }

  #settle(cells, act) {
    const { panel, selection, isPhone } = this.grid;
    const hadFocus = panel.element.contains(document.activeElement);
    panel.close();
    cells.forEach(act);
    if (hadFocus && !isPhone) selection.to(selection.at);
    this.#next(hadFocus);
  }

  #next(isFocused) {
    const [next] = this.#waiting.values();
    if (!next || this.grid.panel.isOpen) return;
    this.ask(next.cell, isFocused || next.cell.keys === this.grid.hand.keys);
  }
}
