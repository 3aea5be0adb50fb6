/** The journal on a phone: one lesson, its pupils one under another, big buttons. */

import { draw } from "./cells.js";
import { make } from "./cell-menu.js";

const BUTTONS = ["5", "4", "3", "2", "н"];

/** @typedef {import("./sheet.js").Cell} Cell */

export class PhoneList {
  /** @type {Map<Cell, HTMLElement>} */
  #items = new Map();

  /**
   * @param {HTMLElement} host
   * @param {{rows: Cell[][], heads: HTMLElement[], column: number, word: Function,
   *          onSet: (cell: Cell, sign: string) => void, onMenu: (cell: Cell) => void}} grid
   */
  constructor(host, grid) {
    this.grid = grid;
    const options = grid.heads.map((head, index) => new Option(head.dataset.label ?? head.innerText, String(index)));
    this.lesson = make("select", { onchange: () => this.show(Number(this.lesson.value)) }, ...options);
    this.list = make("ol", { onclick: (event) => this.#press(event) });
    const label = make("label", {}, make("span", { textContent: grid.word("lesson") }), this.lesson);
    this.page = make("a", { className: "phone-lesson", textContent: grid.word("lesson-page") });
    host.append(make("section", { className: "phone-list" }, label, this.page, this.list));
    this.show(grid.column);
  }

  get column() { return this.lesson.selectedIndex; }

  /** @param {number} column the lesson to fill in */
  show(column) {
    this.lesson.selectedIndex = column;
    this.page.href = this.grid.heads[column].querySelector("a")?.href ?? "";
    this.#items = new Map(this.grid.rows.map((row) => [row[column], this.#item(row[column])]));
    this.list.replaceChildren(...this.#items.values());
    this.#items.forEach((_, cell) => this.update(cell));
  }

  /** @param {Cell} cell @returns {Element | undefined} where a panel of this cell belongs */
  anchorOf(cell) {
    return this.#items.get(cell);
  }

  /** @param {Cell} cell */
  update(cell) {
    const item = this.#items.get(cell);
    if (!item) return;
    item.className = cell.state && `is-${cell.state}`;
    for (const button of item.querySelectorAll("[data-set]")) {
      button.ariaPressed = String(cell.text.split("/").includes(button.dataset.set));
      button.disabled = cell.td.ariaReadOnly === "true";
    }
    const menu = item.querySelector(".phone-text");
    draw(menu, cell.text || "…");
    menu.ariaLabel = `${this.grid.word("menu-of", { name: cell.name })} ${cell.text}`;
    item.querySelector(".phone-average").textContent = cell.average?.textContent ?? "";
    item.querySelector(".phone-note").textContent = cell.note?.textContent ?? "";
  }

  #item(cell) {
    const { word } = this.grid;
    const menu = make("button", { type: "button", className: "phone-text" });
    const buttons = BUTTONS.map((sign) => {
      const button = make("button", { type: "button", textContent: sign, className: sign === "н" ? "sign-absent" : `m${sign}` });
      button.dataset.set = sign;
      button.ariaLabel = `${word("set", { sign })}: ${cell.name}`;
      return button;
    });
    return make("li", {},
      make("span", { className: "phone-name", textContent: cell.name }),
      make("span", { className: "phone-average" }), menu,
      make("div", { className: "phone-buttons" }, ...buttons),
      make("small", { className: "phone-note" }));
  }

  #press({ target }) {
    const button = target.closest("button");
    const [cell] = [...this.#items].find(([, item]) => item.contains(button)) ?? [];
    if (!button || !cell) return;
    const { set } = button.dataset;
    if (set) this.grid.onSet(cell, set);
    else this.grid.onMenu(cell);
  }
}
