/** Grid or list, as the width or the person wants it; where the page opens, and the way back to today. */

import { make } from "./cell-menu.js";
import { PhoneList } from "./phone-list.js";

const NARROW = "(width < 700px)";
const CHOICE = "journal-view";
const TODAY_AT = 0.7; // of the room for lessons: before today's column stands what was, after it little

export class Layout {
  /** @type {PhoneList | undefined} */
  list;

  /** @param {import("./journal-grid.js").JournalGrid} grid */
  constructor(grid) {
    this.grid = grid;
    this.narrow = matchMedia(NARROW);
    this.frame = grid.querySelector(".journal-scroll");
    this.button = make("button", { type: "button", className: "button button-secondary button-small" });
  }

  /** @param {AbortSignal} signal */
  start(signal) {
    const { grid } = this;
    const tools = document.getElementById("journal-tools");
    tools?.prepend(this.button);
    this.today = tools?.querySelector("a[data-today]");
    this.button.addEventListener("click", () => this.#turn(), { signal });
    this.narrow.addEventListener("change", () => this.#apply(), { signal });
    this.today?.addEventListener("click", (event) => this.#jump(event), { signal });
    signal.addEventListener("abort", () => this.button.remove());
    this.#apply();
    const isFree = document.activeElement === document.body && matchMedia("(pointer: fine)").matches;
    this.toColumn(grid.sheet.opened, isFree && !location.hash);
  }

  get isList() {
    const chosen = read();
    return chosen ? chosen === "list" : this.narrow.matches;
  }

  /** To today's or the last held lesson; where another period is shown, the page of the present one is opened. */
  toToday() {
    this.today?.click();
    return true;
  }

  /** Chooses a lesson and brings it into view. @param {number} column @param {boolean} [focus] */
  toColumn(column, focus = true) {
    const { selection, sheet } = this.grid;
    this.list?.show(column);
    selection.to(sheet.rows[selection.at.row][column], false, focus && !this.isList);
    const head = sheet.heads[column];
    const [left, right] = this.#margins();
    const room = this.frame.clientWidth - left - right;
    this.frame.scrollLeft = head.offsetLeft + head.offsetWidth - left - room * TODAY_AT;
  }

  /** Widths of the columns that stand still on both sides. */
  #margins() {
    const width = (css) => [...this.frame.querySelectorAll(`thead ${css}`)].reduce((sum, one) => sum + one.offsetWidth, 0);
    return [width(".pupil"), width(".avg") + width(".proposed")];
  }

  #jump(event) {
    if (!("current" in this.today.dataset)) return;
    event.preventDefault();
    this.toColumn(this.grid.sheet.opened);
  }

  #turn() {
    try { localStorage.setItem(CHOICE, this.isList ? "grid" : "list"); } catch { /* not remembered */ }
    this.#apply();
    this.toColumn(this.list?.column ?? this.grid.selection.at.column, false);
    this.button.focus();
  }

  #apply() {
    const { grid, isList } = this;
    grid.panel.close();
    grid.dataset.view = isList ? "list" : "grid";
    this.button.textContent = grid.word(isList ? "as-grid" : "as-list");
    if (!isList) return;
    this.list ??= new PhoneList(grid, {
      rows: grid.sheet.rows, heads: grid.sheet.heads, column: grid.sheet.opened, word: grid.word,
      onSet: (cell, sign) => grid.entries.toggle(cell, sign),
      onMenu: (cell) => grid.questions.ask(cell) || grid.openMenu(cell),
    });
    this.list.show(grid.selection.at.column);
  }
}

/** @returns {string | null} what the person has chosen on this device */
function read() {
  try { return localStorage.getItem(CHOICE); } catch { return null; }
}
