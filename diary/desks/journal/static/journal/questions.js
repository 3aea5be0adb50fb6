/** What must be asked: why a mark is corrected, whose entry stands. Questions wait in the corners of their cells and in a strip below the grid; the keyboard stays with who types. */

import { conflictForm, make, reasonForm } from "./cell-menu.js";

/** @typedef {import("./sheet.js").Cell} Cell */

export class Questions {
  /** @type {Map<string, {cell: Cell, theirs?: {text: string, version: number, message: string}}>} */
  #waiting = new Map();
  /** @type {Map<string, Element>} lines of the strip about conflicts, by cell */
  #lines = new Map();

  /** @param {import("./journal-grid.js").JournalGrid} grid */
  constructor(grid) {
    this.grid = grid;
    this.count = make("p", { role: "status" });
    this.reasons = make("div", { className: "journal-reasons", hidden: true }, this.count, ...this.#buttons());
    this.strip = make("section", { className: "journal-questions", hidden: true }, this.reasons);
    this.strip.ariaLabel = grid.word("questions");
    // a press on a button leaves the keyboard in the grid
    this.strip.addEventListener("pointerdown", (event) => event.preventDefault());
    grid.append(this.strip);
  }

  has(id) {
    return this.#waiting.has(id);
  }

  drop(id) {
    if (this.#waiting.delete(id)) this.#draw();
  }

  /** @param {Cell} cell @param {object} [theirs] with it the question is of a conflict, else of a reason */
  add(cell, theirs) {
    this.#waiting.set(cell.id, { cell, theirs });
    this.#draw();
  }

  /** Asks beside the cell what it waits for. @param {Cell} cell @returns {boolean} whether there is a question */
  ask(cell) {
    const question = this.#waiting.get(cell.id);
    if (!question) return false;
    if (question.theirs) this.#askWhose(question);
    else this.#askWhy(cell);
    return true;
  }

  /** Asks what this cell waits for, else what waits longest. @param {Cell} cell */
  askAny(cell) {
    const [first] = this.#waiting.values();
    return this.ask(cell) || (Boolean(first) && this.ask(first.cell));
  }

  get #unexplained() {
    return [...this.#waiting.values()].filter(({ theirs }) => !theirs).map(({ cell }) => cell);
  }

  #options() {
    return [...this.grid.querySelector("#reasons").content.cloneNode(true).querySelectorAll("option")];
  }

  /** The strip's answers, each for all cells that wait. */
  #buttons() {
    const { word, entries } = this.grid;
    const button = (textContent, act) => make("button", {
      type: "button", textContent, onclick: () => this.#settle(this.#unexplained, act),
    });
    const chosen = this.#options().map(({ value, textContent }) =>
      button(textContent.trim(), (cell) => entries.resend(cell, { reason: value })));
    return [...chosen, button(word("reason-cancel"), (cell) => entries.revert(cell))];
  }

  #askWhy(cell) {
    const { grid } = this;
    const all = this.#unexplained;
    const answer = (cells, reason) => this.#settle(cells, (each) => grid.entries.resend(each, { reason }));
    const form = reasonForm(this.#options(), all.length, grid.word, {
      one: (reason) => answer([cell], reason),
      all: (reason) => answer(all, reason),
      revert: () => this.#settle([cell], (each) => grid.entries.revert(each)),
    });
    grid.panel.open(grid.anchorOf(cell), grid.word("reason-title"), [form], { cell });
  }

  #askWhose(question) {
    const { grid } = this;
    const { cell } = question;
    grid.panel.open(grid.anchorOf(cell), grid.word("conflict"), this.#ways(question), { cell });
  }

  /** What the cell became meanwhile, and both ways out. */
  #ways({ cell, theirs }) {
    const { grid } = this;
    const stand = () => Object.assign(cell, { saved: theirs.text, version: theirs.version });
    const keep = () => this.#settle([cell], () => { stand(); grid.entries.revert(cell); });
    const use = () => this.#settle([cell], () => { stand(); grid.entries.resend(cell); });
    return conflictForm({ message: theirs.message, theirs: theirs.text, mine: cell.text }, grid.word, keep, use);
  }

  #settle(cells, act) {
    const { panel, selection, layout } = this.grid;
    const focused = document.activeElement;
    const hadFocus = panel.element.contains(focused) || this.strip.contains(focused);
    panel.close();
    cells.forEach(act);
    if (hadFocus && !layout.isList) selection.to(selection.at);
  }

  #draw() {
    const { grid } = this;
    const unexplained = this.#unexplained.length;
    this.strip.hidden = !this.#waiting.size;
    this.reasons.hidden = !unexplained;
    this.count.textContent = unexplained ? grid.word("reason-count", { n: unexplained }) : "";
    for (const [id, line] of this.#lines) {
      if (this.#waiting.get(id)?.theirs) continue;
      line.remove();
      this.#lines.delete(id);
    }
    for (const [id, question] of this.#waiting) {
      if (!question.theirs) continue;
      const title = make("strong", { textContent: `${question.cell.name}, ${grid.sheet.lessonOf(question.cell)}` });
      const line = make("div", { className: "journal-conflict", role: "status" }, title, ...this.#ways(question));
      this.#lines.get(id)?.remove();
      this.#lines.set(id, line);
      this.strip.append(line);
    }
  }
}
