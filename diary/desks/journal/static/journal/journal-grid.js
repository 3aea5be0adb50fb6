/**
 * The teacher's journal: enhances the server's table into a spreadsheet that saves itself.
 *
 * The server renders (texts of cells as in the journal's grammar, "" = empty):
 *   <journal-grid data-user data-course data-cells-url="/journal/<course>/cells/" data-csrf data-stream-token
 *                 [data-stream="/events"] data-signin-url>
 *     <div class="journal-scroll"><table role="grid" aria-multiselectable="true" aria-label>
 *       <thead><tr role="row"><th class="pupil" scope="col">…
 *         <th data-lesson="uuid" data-weight="1.5" [data-label="23 ноября, контрольная"] [aria-current="date"] scope="col">
 *         <th class="avg">… <th class="proposed">…
 *       <tbody><tr role="row" data-student="uuid"><th class="pupil" scope="row" role="rowheader" [data-name]>
 *         <td class="cell" role="gridcell" data-v="3" [data-weights="2,1"] [aria-readonly="true"] [class has-comment]>5/4
 *         … one td.cell per th[data-lesson], same order … <td class="avg">4,33 <td class="proposed">4
 *     <template id="reasons"><option value="code">label…   <template id="journal-words"><span data-word="…">…
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
 *   reason-title       Почему исправляете?
 *   reason-confirm     Сохранить
 *   reason-cancel      Вернуть как было
 *   conflict           Клетку изменили одновременно с вами
 *   theirs             У коллеги
 *   mine               У вас
 *   keep-theirs        Оставить их
 *   use-mine           Поставить моё
 */

import { average } from "./average.js";
import { CellEditor } from "./cell-editor.js";
import { fetchMenu, make, Panel, signButtons } from "./cell-menu.js";
import { draw, parse } from "./cells.js";
import { Hand } from "./hand.js";
import { Live, renew } from "./live.js";
import { idOf, Outbox } from "./outbox.js";
import { PhoneList } from "./phone-list.js";
import { Questions } from "./questions.js";
import { Selection } from "./selection.js";

/**
 * @typedef {object} Cell text: as the person sees it; saved, version: as the server last said
 * @property {string} id @property {string} lesson @property {string} student @property {string} name
 * @property {HTMLTableCellElement} td @property {number} row @property {number} column @property {string} weight
 * @property {string} text @property {string} saved @property {number} version @property {number} keys
 * @property {"" | "saving" | "saved" | "refused" | "conflict"} state
 * @property {Element} [average] @property {Element} [proposed] @property {Element} [note]
 */

const STATES = ["saving", "saved", "refused", "conflict"].map((state) => `is-${state}`);
const PHONE_WIDTH = 640;
const TICK_MS = 1000;
const GLOW_MS = 2000;

export class JournalGrid extends HTMLElement {
  /** @type {Map<string, Cell>} */
  #cells = new Map();
  /** @type {Map<Element, Cell>} */
  #places = new Map();
  #past = [];
  #future = [];
  #leaving = new AbortController();

  connectedCallback() {
    const { user, course, cellsUrl } = this.dataset;
    this.#read();
    if (!this.#cells.size) return;
    this.banner = make("p", { className: "journal-banner", role: "status", hidden: true });
    this.message = make("p", { className: "journal-message", role: "status" });
    this.notes = make("div", { hidden: true });
    this.prepend(this.banner);
    this.append(this.message, this.notes);
    this.panel = new Panel(this);
    this.selection = new Selection(this.rows, this.rows[0][this.#today()]);
    this.hand = new Hand(this);
    this.questions = new Questions(this);
    this.editor = new CellEditor(this);
    this.outbox = new Outbox(`journal-outbox:${user}:${course}`, {
      url: cellsUrl,
      headers: () => ({ "X-CSRFToken": this.dataset.csrf, "X-Journal-User": user }),
      renew: () => renew(this),
      adopted: (saves) => this.#adopted(saves),
      saved: (cells, rows) => this.#saved(cells, rows),
      refused: (save, message, needsReason) => this.#refused(save, message, needsReason),
      conflict: (save, theirs) => this.#conflict(save, theirs),
      network: (trouble) => this.#network(trouble),
    });
    this.#listen();
    this.outbox.adopt();
    this.live = new Live(this, () => this.refresh());
    this.classList.add("is-ready");
  }

  disconnectedCallback() {
    this.#leaving.abort();
    this.live?.close();
    this.outbox?.leave();
  }

  #read() {
    this.heads = [...this.querySelectorAll("thead th[data-lesson]")];
    this.rows = [...this.querySelectorAll("tbody tr[data-student]")].map((tr, row) => {
      const head = tr.querySelector("th");
      head.title ||= head.textContent.trim();
      const shared = {
        student: tr.dataset.student, name: head.dataset.name ?? head.textContent.trim(), row, state: "",
        average: tr.querySelector(".avg"), proposed: tr.querySelector(".proposed"),
      };
      return [...tr.querySelectorAll("td.cell")].map((td, column) => {
        const { lesson, weight = "1" } = this.heads[column].dataset;
        const saved = td.textContent.trim();
        const cell = { ...shared, td, column, lesson, weight, saved, text: saved, version: Number(td.dataset.v) };
        cell.id = idOf(cell);
        td.tabIndex = -1;
        if (saved) draw(td, saved);
        this.#cells.set(cell.id, cell);
        this.#places.set(td, cell);
        return cell;
      });
    });
  }

  #today() {
    return Math.max(0, this.heads.findIndex((head) => head.hasAttribute("aria-current")));
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
    const sizes = new ResizeObserver(([{ contentRect }]) => this.#resize(contentRect.width));
    sizes.observe(this);
    on(signal, "abort", () => sizes.disconnect());
  }

  #resize(width) {
    this.isPhone = width <= PHONE_WIDTH;
    if (!this.isPhone) return;
    this.phone ??= new PhoneList(this, {
      rows: this.rows, heads: this.heads, column: this.#today(), word: this.word,
      onSet: (cell, text) => this.change([[cell, text]]),
      onMenu: (cell) => this.questions.ask(cell, true) || this.openMenu(cell),
    });
    this.phone.show(this.phone.lesson.selectedIndex);
  }

  /** A sentence of the interface. @param {string} name @param {Record<string, unknown>} [places] */
  word = (name, places = {}) => {
    const words = this.querySelector("#journal-words").content;
    const text = words.querySelector(`[data-word="${name}"]`)?.textContent ?? name;
    return text.replace(/\{(\w+)\}/g, (_, place) => String(places[place]));
  };

  /** Says a word in passing. */
  say = (name, places) => {
    this.message.textContent = this.word(name, places);
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => { this.message.textContent = ""; }, 8000);
    return true;
  };

  /** @param {EventTarget} target @returns {Cell | undefined} */
  cellOf(target) {
    return this.#places.get(target.closest?.("td"));
  }

  /** Draws a cell where it is seen. @param {Cell} cell */
  show(cell) {
    if (this.editor.cell !== cell) draw(cell.td, cell.text);
    this.phone?.update(cell);
  }

  /**
   * Writes texts into cells, shows them at once and queues them to be saved.
   * @param {[Cell, string][]} pairs @param {{reason?: string, isStep?: boolean}} [options] isStep: may be undone
   */
  change = (pairs, { reason, isStep = true } = {}) => {
    const open = pairs.filter(([cell]) => cell.td.ariaReadOnly !== "true");
    if (open.length < pairs.length) this.say("locked");
    const step = [], saves = [];
    for (const [cell, raw] of open) {
      const text = parse(raw);
      const before = cell.text;
      if (text === before && cell.state !== "refused") continue;
      cell.text = text ?? raw;
      cell.keys = this.hand.keys;
      step.push({ cell, before, after: cell.text });
      if (text === null) this.#drop(cell, "refused", this.word("bad-text"));
      else if (text === cell.saved && cell.state !== "conflict" && !this.outbox.has(cell.id)) this.#drop(cell);
      else {
        this.#mark(cell, "saving");
        saves.push({ ...this.#take(cell), ...(reason && { reason }) });
      }
      this.show(cell);
    }
    if (isStep && step.length) {
      this.#past.push(step);
      this.#future = [];
    }
    this.#recount(step.map(({ cell }) => cell.row));
    if (saves.length) this.outbox.save(saves);
  };

  /** Undoes or redoes one step; what others have changed meanwhile stays. @param {"back" | "forward"} way */
  rewind(way) {
    const [from, to] = way === "back" ? [this.#past, this.#future] : [this.#future, this.#past];
    const step = from.pop();
    if (!step) return true;
    const back = step.map(({ cell, before, after }) => ({ cell, before: after, after: before }));
    to.push(back);
    this.change(
      back.filter(({ cell, before }) => cell.text === before).map(({ cell, after }) => [cell, after]),
      { reason: "undo", isStep: false },
    );
    this.selection.to(step[0].cell);
    return true;
  }

  /** Puts back what the server has in a refused cell. @param {Cell} cell */
  forgive(cell) {
    this.panel.close();
    if (cell.state === "refused" && !this.outbox.has(cell.id)) this.revert(cell);
    else this.selection.to(cell);
    return true;
  }

  /** @param {Cell} cell */
  edit(cell) {
    if (cell.td.ariaReadOnly === "true") return this.say("locked");
    this.editor.open(cell);
    return true;
  }

  /** @param {Cell} cell */
  async openMenu(cell) {
    const title = this.word("menu-title", { name: cell.name });
    const show = (content) => this.panel.open(this.anchorOf(cell), title, content, { cell });
    const signs = cell.td.ariaReadOnly === "true" ? [] : [signButtons(this.word)];
    show(signs);
    const url = new URL(`${cell.id}/`, new URL(this.dataset.cellsUrl, location.href));
    const menu = await fetchMenu(url, this.word);
    if (this.panel.isOpen && this.panel.cell === cell) this.panel.add(menu);
  }

  /** Sends a cell's text again. @param {Cell} cell @param {{reason?: string}} extra */
  resend(cell, extra) {
    this.#mark(cell, "saving");
    this.outbox.save([{ ...this.#take(cell), ...extra }]);
    this.#recount([cell.row]);
  }

  /** Puts back what the server has. @param {Cell} cell */
  revert(cell) {
    cell.text = cell.saved;
    this.#drop(cell);
    this.show(cell);
    this.#recount([cell.row]);
    this.refresh();
  }

  /** Nothing of this cell is to be sent or asked. */
  #drop(cell, state = "", message = "") {
    this.questions.drop(cell.id);
    this.outbox.release(cell.id);
    this.#mark(cell, state, message);
  }

  /** A cell's text to be sent: whatever was asked about it is settled. @returns {import("./outbox.js").Save} */
  #take({ id, lesson, student, text, version }) {
    this.questions.drop(id);
    return { lesson, student, text, version };
  }

  /** @param {Cell} cell @returns {HTMLElement} what a panel of this cell stands beside */
  anchorOf(cell) {
    return (this.isPhone && this.phone.anchorOf(cell)) || cell.td;
  }

  #mark(cell, state, message = "") {
    const { td } = cell;
    cell.state = state;
    td.classList.remove(...STATES);
    if (state) td.classList.add(`is-${state}`);
    if (message || cell.note) this.#note(cell, message);
    this.phone?.update(cell);
  }

  #note(cell, message) {
    cell.note ??= this.notes.appendChild(make("span", { id: `journal-note-${this.notes.childElementCount}` }));
    cell.hint ??= cell.td.title;
    cell.note.textContent = message;
    cell.td.title = message || cell.hint;
    cell.td.ariaInvalid = String(Boolean(message));
    if (message) cell.td.setAttribute("aria-describedby", cell.note.id);
    else cell.td.removeAttribute("aria-describedby");
  }

  /** @param {Iterable<number>} rows whose averages are shown anew */
  #recount(rows) {
    for (const row of new Set(rows)) {
      const cells = this.rows[row].map(({ text, saved, state, weight, td }) => ({
        text: state === "refused" ? saved : text, weight, weights: td.dataset.weights?.split(","),
      }));
      if (this.rows[row][0].average) this.rows[row][0].average.textContent = average(cells);
      this.rows[row].forEach((cell) => this.phone?.update(cell));
    }
  }

  #adopted(saves) {
    for (const save of saves) {
      const cell = this.#cells.get(idOf(save));
      if (!cell) continue;
      cell.text = save.text ?? cell.text;
      this.#mark(cell, "saving");
      this.show(cell);
      this.#recount([cell.row]);
    }
  }

  #saved(cells, rows) {
    const ticked = [];
    for (const done of cells) {
      const cell = this.#cells.get(idOf(done));
      if (!cell) continue;
      if (done.version >= cell.version) Object.assign(cell, { saved: done.text, version: done.version });
      if (this.outbox.has(cell.id) || this.questions.has(cell.id)) continue;
      cell.text = cell.saved;
      this.#mark(cell, "saved");
      this.show(cell);
      ticked.push(cell);
    }
    setTimeout(() => ticked.forEach((cell) => cell.state === "saved" && this.#mark(cell, "")), TICK_MS);
    this.#average(rows);
  }

  #average(rows) {
    const busy = new Set([...this.outbox.ids()].map((id) => id.split("/")[1]));
    for (const { student, average: value, proposed } of rows) {
      const row = this.rows.find(([first]) => first.student === student);
      if (!row || busy.has(student)) continue;
      const [cell] = row;
      if (cell.average) cell.average.textContent = String(value ?? "").replace(".", ",");
      if (cell.proposed) cell.proposed.textContent = String(proposed ?? "");
      row.forEach((each) => this.phone?.update(each));
    }
  }

  #refused(save, message, needsReason) {
    const cell = this.#cells.get(idOf(save));
    const text = message.trim() || this.word("refused");
    if (!cell) return this.#elsewhere(save, needsReason ? this.word("waiting") : text, needsReason);
    cell.text = save.text ?? cell.text;
    this.#drop(cell, "refused", text);
    this.show(cell);
    this.#recount([cell.row]);
    if (needsReason && this.querySelector("#reasons")) this.#ask(cell, save);
    else this.message.textContent = `${cell.name}: ${text}`;
  }

  /** A cell of another grading period: its question waits on the device until that page is open again. */
  #elsewhere(save, text, isAsked) {
    if (isAsked) this.outbox.hold(save);
    this.message.textContent = text;
  }

  #conflict(save, theirs) {
    const cell = this.#cells.get(idOf(save));
    if (!cell) return this.#elsewhere(save, this.word("waiting"), true);
    if (theirs.text === save.text) return this.#saved([theirs], []);
    this.#drop(cell, "conflict", theirs.message || this.word("conflict"));
    this.#ask(cell, save, theirs);
  }

  /** Holds the text on the device until the person has answered. */
  #ask(cell, save, theirs) {
    this.outbox.hold(save);
    this.questions.add(cell, theirs);
  }

  #network(trouble) {
    const name = trouble === "offline" && this.outbox.isVolatile ? "offline-volatile" : trouble;
    if (this.banner.dataset.trouble === name) return;
    this.banner.dataset.trouble = name;
    this.banner.hidden = !name;
    const link = make("a", { href: this.dataset.signinUrl, target: "_blank", textContent: this.word("signin-link") });
    this.banner.replaceChildren(...(name ? [this.word(name), " "] : []), ...(name === "signin" ? [link] : []));
  }

  /** Takes what others have entered; what is being entered here stays. */
  async refresh() {
    const headers = { Accept: "application/json" };
    const response = await fetch(this.dataset.cellsUrl, { headers }).catch(() => null);
    const answer = response?.ok && (await response.json().catch(() => null));
    if (!answer) return;
    const unsent = this.outbox.ids();
    const changed = [];
    for (const theirs of answer.cells) {
      const cell = this.#cells.get(idOf(theirs));
      const isFree = cell && !unsent.has(cell.id) && cell !== this.editor.cell && !["refused", "conflict"].includes(cell.state);
      if (!isFree || theirs.version <= cell.version) continue;
      if (cell.text !== theirs.text) {
        changed.push(cell);
        cell.td.classList.add("is-changed");
      }
      Object.assign(cell, { text: theirs.text, saved: theirs.text, version: theirs.version });
      this.show(cell);
    }
    setTimeout(() => changed.forEach(({ td }) => td.classList.remove("is-changed")), GLOW_MS);
    this.#recount(changed.map(({ row }) => row));
    this.#average(answer.rows ?? []);
  }

  #panelClick({ target }) {
    const { cell } = this.panel;
    const button = target.closest("[data-text], [data-close]");
    if (!button || !cell) return;
    this.panel.close();
    if ("text" in button.dataset) this.change([[cell, button.dataset.text]]);
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
    if (!refusal) return this.panel.close();
    form.querySelector("[role=alert]")?.remove();
    form.append(make("p", { role: "alert", textContent: refusal.trim() || this.word("refused") }));
  }
}

customElements.define("journal-grid", JournalGrid);
