/** The panel beside a cell: its menu from the server, the reason of a correction, the choice in a conflict. */

const SIGNS = ["5", "4", "3", "2", "1", ".", "н", "б", "у", "оп", ""];

/** Small element maker. @returns {HTMLElement} */
export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

export class Panel {
  /** @type {Map<string, [number, string, string][]>} what was typed into a cell's forms and not sent: form, field, value */
  #drafts = new Map();

  /** @param {HTMLElement} host the grid: panels live inside it */
  constructor(host) {
    this.element = make("div", { className: "journal-panel", hidden: true, popover: "manual", tabIndex: -1 });
    this.element.setAttribute("role", "dialog");
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      this.close();
    });
    host.append(this.element);
  }

  get isOpen() { return !this.element.hidden; }

  /**
   * @param {HTMLElement} anchor @param {string} label @param {(Node | string)[]} content
   * @param {{focus?: boolean, cell?: object}} [options]
   */
  open(anchor, label, content, { focus = true, cell } = {}) {
    this.#keep();
    Object.assign(this, { anchor, cell });
    this.element.ariaLabel = label;
    this.element.replaceChildren(make("strong", { textContent: label }), ...content);
    this.element.hidden = false;
    this.element.showPopover?.();
    this.place();
    if (focus) this.focus();
  }

  /** Adds what has come later. @param {Node[]} content */
  add(content) {
    this.element.append(...content);
    for (const [form, name, value] of this.#drafts.get(this.cell?.id) ?? []) {
      const field = this.#forms[form]?.elements[name];
      if (field) field.value = value;
    }
    this.place();
    if (document.activeElement === this.element) this.focus();
  }

  focus() {
    const controls = "select, input:not([type=hidden]), textarea, button:not([tabindex]), a";
    (this.element.querySelector(controls) ?? this.element).focus();
  }

  /** Puts the panel beside its anchor, inside the window. */
  place() {
    if (!this.isOpen || !this.anchor) return;
    const beside = this.anchor.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.element;
    const left = beside.right + 4 + width > innerWidth ? beside.left - 4 - width : beside.right + 4;
    const within = (value, size, room) => `${Math.round(Math.max(4, Math.min(value, room - size - 4)))}px`;
    this.element.style.setProperty("--panel-left", within(left, width, innerWidth));
    this.element.style.setProperty("--panel-top", within(beside.top, height, innerHeight));
  }

  get #forms() { return [...this.element.querySelectorAll("form[action]")]; }

  #keep() {
    if (!this.isOpen || !this.cell || !this.#forms.length) return;
    this.#drafts.set(this.cell.id, this.#forms.flatMap((form, index) =>
      [...form.elements].filter((field) => field.name && field.value !== initial(field)).map(({ name, value }) => [index, name, value])));
  }

  /** @param {boolean} [isSent] what was typed here has been saved */
  close(isSent = false) {
    if (!this.isOpen) return;
    this.#keep();
    if (isSent) this.#drafts.delete(this.cell?.id);
    const hadFocus = this.element.contains(document.activeElement);
    this.element.hidePopover?.();
    this.element.hidden = true;
    this.cell = undefined;
    if (hadFocus) (this.anchor.matches("td") ? this.anchor : this.anchor.querySelector("button"))?.focus();
  }
}

/** What a field shows before anybody types. */
const initial = (field) => {
  if (field.localName !== "select") return field.defaultValue;
  return ([...field.options].find((option) => option.defaultSelected) ?? field.options[0])?.value;
};

/** A row of buttons, one for each sign, for the pointer: the keyboard has its keys. The grid acts on their data-text. */
export const signButtons = (word) => make("div", { className: "journal-signs" }, ...SIGNS.map((sign) => {
  const button = make("button", { type: "button", tabIndex: -1, textContent: sign === "." ? "•" : sign || "⌫" });
  button.dataset.text = sign;
  button.ariaLabel = sign ? word("set", { sign }) : word("clear");
  return button;
}));

/** @returns {Promise<Node[]>} the server's fragment, or a sentence that it did not come */
export async function fetchMenu(url, word) {
  try {
    const response = await fetch(url, { headers: { Accept: "text/html" }, redirect: "manual" });
    if (!response.ok) throw new Error(response.statusText);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    return [...page.body.childNodes];
  } catch {
    return [make("p", { role: "alert", textContent: word("menu-failed") })];
  }
}

/**
 * Reasons as a list: digits choose, Enter confirms for this cell.
 * @param {HTMLOptionElement[]} options @param {number} count of cells that wait for a reason
 * @param {{one: (code: string) => void, all: (code: string) => void, revert: () => void}} answer
 */
export function reasonForm(options, count, word, answer) {
  const list = make("select", { name: "reason", size: options.length, ariaLabel: word("reason-title") }, ...options);
  options.forEach((option, index) => { option.textContent = `${index + 1}. ${option.textContent.trim()}`; });
  list.selectedIndex = 0;
  const button = (textContent, onclick) => make("button", { type: "button", textContent, onclick });
  const all = count > 1 ? [button(word("reason-all", { n: count }), () => answer.all(list.value))] : [];
  const close = button(word("close"));
  close.dataset.close = "";
  const form = make("form", {}, list, make("button", { textContent: word("reason-confirm") }), ...all,
    button(word("reason-cancel"), answer.revert), close);
  form.addEventListener("keydown", (event) => {
    const option = event.target === list && options[Number(event.key) - 1];
    if (option) list.selectedIndex = option.index;
    if (option || (event.key === "Enter" && event.target === list)) event.preventDefault();
    if (event.key === "Enter" && event.target === list) form.requestSubmit();
  });
  form.addEventListener("submit", () => answer.one(list.value));
  return form;
}

/** What stands in the cell now, what was typed, and both ways out. @returns {Node[]} */
export function conflictForm({ message, theirs, mine }, word, onTheirs, onMine) {
  const shown = (text) => text || word("empty");
  const line = (name, text) => make("p", {}, `${word(name)}: `, make("b", { textContent: shown(text) }));
  const button = (name, text, onclick) =>
    make("button", { type: "button", textContent: word(name, { text: shown(text) }), onclick });
  return [
    make("p", { textContent: message }), line("theirs", theirs), line("mine", mine),
    button("keep-theirs", theirs, onTheirs), button("use-mine", mine, onMine),
  ];
}
