/**
 * The teacher's journal: enhances the server's table into a spreadsheet that saves itself. This file joins its parts:
 * sheet (what stands where), face (how it looks), entries (what is written), answers (what the server says),
 * questions, layout (grid or list), keyboard, selection, outbox.
 *
 * The server renders (texts of cells as in the journal's grammar, "" = empty):
 *   <journal-grid data-user data-course data-cells-url="/journal/<course>/cells/" data-csrf data-stream-token
 *                 [data-stream="/events"] data-signin-url data-signs="{keys, letters, unsure}" data-separator=",">
 *     <div class="journal-scroll"><table role="grid" aria-multiselectable="true" aria-label>
 *       <thead><tr role="row"><th class="pupil" scope="col">…
 *         <th data-lesson="uuid" data-weight="1.5" [data-label="23 ноября, контрольная"] [aria-current="date"] [data-opened] scope="col">
 *         <th class="avg">… <th class="proposed">…
 *       <tbody><tr role="row" data-student="uuid"><th class="pupil" scope="row" role="rowheader" [data-name]>
 *         <td class="cell" role="gridcell" data-v="3" [data-weights="2,1"] [aria-readonly="true"] [class has-comment]>5/4
 *         … one td.cell per th[data-lesson], same order … <td class="avg">4,33 <td class="proposed">4
 *     <div id="journal-tools"> anywhere in the page: <a href data-today [data-current]> (data-current: its lesson is in this page)
 *   <template id="reasons"><option value="code">label…   <template id="journal-words"><span data-word="…">…
 *   data-weights go by place in the cell: marks and «точка» take a place, attendance does not.
 *   Every PUT carries X-CSRFToken and X-Journal-User (data-user): for another person's session answer 401.
 *   Menu fragment: any <form action> is sent as PUT JSON {key, version, …fields} and answered like a save;
 *   <button data-text="5/4"> writes that text; [data-close] closes. Stream: any message = fetch the cells again.
 *   This very page is fetched again after 401/403 for fresh data-csrf and data-stream-token (same data-user).
 *
 * Words, with {places}:
 *   offline            Нет связи. Введённое сохранено на этом устройстве и уйдёт само
 *   offline-volatile   Нет связи, а браузер не хранит данные. Не закрывайте страницу: введённое ещё не отправлено
 *   signin             Сеанс закончился. Введённое сохранено на этом устройстве: войдите, и оно уйдёт само
 *   signin-link        Войти
 *   refused            Не сохранено. Проверьте и введите ещё раз
 *   bad-text           В клетке могут быть 1–5, точка, н, б, у, оп; несколько — через /
 *   fraction           «{token}» — одна отметка или две? Дробных отметок нет: две пишут так: {ways}
 *   no-fraction        «{token}» — дробных отметок нет. Поставьте целую: от 1 до 5
 *   unsure             «{token}» — латинская буква: это {ways}? Напишите по-русски
 *   locked             Эту клетку изменить нельзя
 *   paste-too-big      Вставить можно не больше {limit} клеток за раз
 *   paste-cut          Не поместилось значений: {n}
 *   menu-title         Клетка: {name}
 *   menu-of            Меню клетки: {name}
 *   menu-failed        Меню не загрузилось: нет связи. Закройте и откройте ещё раз
 *   set                Поставить {sign}
 *   clear              Очистить
 *   lesson             Урок
 *   waiting            Исправление в другом учебном периоде ждёт ответа. Откройте тот период
 *   lesson-page        Тема, домашнее задание, вид работы
 *   as-list, as-grid   Списком, Таблицей
 *   questions          Вопросы по исправлениям
 *   reason-count       Почему исправляете? Ждут ответа: {n}
 *   reason-title       Почему исправляете?
 *   reason-confirm     Сохранить
 *   reason-all         Для всех: {n}
 *   reason-cancel      Вернуть как было
 *   close              Закрыть
 *   conflict           Клетку изменили одновременно с вами
 *   theirs             Сейчас в клетке
 *   mine               Вы ввели
 *   keep-theirs        Оставить {text}
 *   use-mine           Поставить {text}
 *   empty              пусто
 */

import { Answers } from "./answers.js";
import { CellEditor } from "./cell-editor.js";
import { fetchMenu, make, Panel, signButtons } from "./cell-menu.js";
import { Signs } from "./cells.js";
import { Entries, isLocked } from "./entries.js";
import { Face } from "./face.js";
import { Keyboard } from "./keyboard.js";
import { Layout } from "./layout.js";
import { Live, renew } from "./live.js";
import { Outbox } from "./outbox.js";
import { Questions } from "./questions.js";
import { noteOpened } from "./recent.js";
import { Selection } from "./selection.js";
import { Sheet } from "./sheet.js";

/** @typedef {import("./sheet.js").Cell} Cell */

export class JournalGrid extends HTMLElement {
  #leaving = new AbortController();

  connectedCallback() {
    noteOpened(this.dataset.user, this.dataset.course);
    this.sheet = new Sheet(this);
    if (this.sheet.isEmpty) return;
    const { signs, separator = "," } = this.dataset;
    this.signs = new Signs(JSON.parse(signs));
    this.separator = separator;
    this.banner = make("p", { className: "journal-banner", role: "status", hidden: true });
    this.message = make("p", { className: "journal-message", role: "status" });
    this.prepend(this.banner);
    this.append(this.message);
    this.panel = new Panel(this);
    this.selection = new Selection(this.sheet.rows, this.sheet.rows[0][this.sheet.opened]);
    this.layout = new Layout(this);
    this.face = new Face(this);
    this.entries = new Entries(this);
    this.answers = new Answers(this);
    this.questions = new Questions(this);
    this.editor = new CellEditor(this);
    this.keyboard = new Keyboard(this);
    this.outbox = this.#outbox();
    this.#listen();
    this.layout.start(this.#leaving.signal);
    this.outbox.adopt();
    this.live = new Live(this, () => this.answers.refresh());
    this.classList.add("is-ready");
  }

  disconnectedCallback() {
    this.#leaving.abort();
    this.live?.close();
    this.outbox?.leave();
  }

  #outbox() {
    const { user, course, cellsUrl } = this.dataset;
    const { adopted, saved, refused, conflict } = this.answers;
    return new Outbox(`journal-outbox:${user}:${course}`, {
      url: cellsUrl,
      headers: () => ({ "X-CSRFToken": this.dataset.csrf, "X-Journal-User": user }),
      renew: () => renew(this),
      adopted, saved, refused, conflict,
      network: (trouble) => this.#network(trouble),
    });
  }

  #listen() {
    const { signal } = this.#leaving;
    const on = (target, name, act) => target.addEventListener(name, act, { signal });
    on(window, "online", () => this.outbox.wake());
    on(window, "pagehide", () => { this.editor.close(true); this.outbox.flush(true); });
    on(window, "beforeunload", (event) => {
      if (this.outbox.isVolatile && this.outbox.ids().size) event.preventDefault();
    });
    on(document, "visibilitychange", () => this.outbox.wake());
    on(this.querySelector(".journal-scroll"), "scroll", () => this.panel.place());
    on(this.panel.element, "click", (event) => this.#panelClick(event));
    on(this.panel.element, "submit", (event) => this.#panelSubmit(event));
  }

  /** A sentence of the interface. @param {string} name @param {Record<string, unknown>} [places] */
  word = (name, places = {}) => {
    const words = this.querySelector("#journal-words").content;
    const text = words.querySelector(`[data-word="${name}"]`)?.textContent ?? name;
    return text.replace(/\{(\w+)\}/g, (_, place) => String(places[place]));
  };

  /** Says a word in passing. */
  say = (name, places) => this.tell(this.word(name, places));

  /** Says a sentence in passing. @param {string} sentence */
  tell(sentence) {
    this.message.textContent = sentence;
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => { this.message.textContent = ""; }, 8000);
    return true;
  }

  /** @param {Cell} cell */
  edit(cell) {
    if (isLocked(cell)) return this.say("locked");
    this.editor.open(cell);
    return true;
  }

  /** @param {Cell} cell */
  async openMenu(cell) {
    const title = this.word("menu-title", { name: cell.name });
    const refused = cell.state === "refused" ? this.#refusal(cell) : [];
    this.panel.open(this.anchorOf(cell), title, [...refused, ...(isLocked(cell) ? [] : [signButtons(this.word)])], { cell });
    const url = new URL(`${cell.id}/`, new URL(this.dataset.cellsUrl, location.href));
    const menu = await fetchMenu(url, this.word);
    if (this.panel.isOpen && this.panel.cell === cell) this.panel.add(menu);
  }

  /** Why the cell's text was not taken, and the way back. */
  #refusal(cell) {
    const revert = () => { this.panel.close(); this.entries.revert(cell); };
    return [
      make("p", { className: "journal-refusal", textContent: cell.note.textContent }),
      make("button", { type: "button", textContent: this.word("reason-cancel"), onclick: revert }),
    ];
  }

  /** @param {Cell} cell @returns {HTMLElement} what a panel of this cell stands beside */
  anchorOf(cell) {
    return (this.layout.isList && this.layout.list.anchorOf(cell)) || cell.td;
  }

  #network(trouble) {
    const name = trouble === "offline" && this.outbox.isVolatile ? "offline-volatile" : trouble;
    if (this.banner.dataset.trouble === name) return;
    this.banner.dataset.trouble = name;
    this.banner.hidden = !name;
    const link = make("a", { href: this.dataset.signinUrl, target: "_blank", textContent: this.word("signin-link") });
    this.banner.replaceChildren(...(name ? [this.word(name), " "] : []), ...(name === "signin" ? [link] : []));
  }

  #panelClick({ target }) {
    const { cell } = this.panel;
    const button = target.closest("[data-text], [data-close]");
    if (!button || !cell) return;
    this.panel.close();
    if ("text" in button.dataset) this.entries.change([[cell, button.dataset.text]]);
  }

  async #panelSubmit(event) {
    event.preventDefault();
    const { target: form, submitter } = event;
    const { cell } = this.panel;
    if (!cell || !form.hasAttribute("action")) return;
    const fields = Object.fromEntries(new FormData(form, submitter));
    const { lesson, student, version } = cell;
    const refusal = await this.outbox.submit(form.action, { lesson, student, version }, fields);
    if (this.panel.cell !== cell) return;
    if (!refusal) return this.panel.close(true);
    form.querySelector("[role=alert]")?.remove();
    form.append(make("p", { role: "alert", textContent: refusal.trim() || this.word("refused") }));
  }
}

customElements.define("journal-grid", JournalGrid);
