// <live-region src data-token data-stream>: a part of a page that fetches itself anew when its topic changes.
import { reportConnection } from "./connection-state.js";

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30000;
const GATHER_MS = 80;

/** One EventSource per token, opened again after failures with growing, scattered waits. */
class LiveStream extends EventTarget {
  static #open = new Map();
  #source;
  #timer;
  #failures = 0;

  static of(address) {
    if (!this.#open.has(address)) this.#open.set(address, new LiveStream(address));
    return this.#open.get(address);
  }

  constructor(address) {
    super();
    this.address = address;
    this.#connect();
    addEventListener("online", () => this.wake());
    addEventListener("pagehide", () => this.#rest());
    addEventListener("pageshow", (event) => event.persisted && this.wake());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.wake());
  }

  /** The reader is back: what is shown may be old, and a broken stream need not wait for its turn. */
  wake() {
    if (this.#source?.readyState !== EventSource.OPEN) this.#connect();
    this.#tell("changed");
  }

  #connect() {
    this.#rest();
    this.#source = new EventSource(this.address);
    this.#source.onopen = () => {
      if (this.#failures) this.#tell("changed");
      this.#failures = 0;
    };
    this.#source.onmessage = () => this.#tell("changed");
    this.#source.addEventListener("changed", () => this.#tell("changed"));
    this.#source.onerror = () => this.#failed();
  }

  #failed() {
    this.#rest();
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#failures);
    this.#failures += 1;
    // A stream that will not open looks the same for a lost network, an old pass and an ended session: asking tells.
    if (this.#failures >= 2) this.#tell("changed");
    this.#timer = setTimeout(() => this.#connect(), wait * (0.5 + Math.random()));
  }

  #rest() {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = undefined;
  }

  #tell(name) {
    this.dispatchEvent(new Event(name));
  }
}

/** The stream of a live address and token, for elements that merge changes themselves: "changed" events. */
export function liveStream(stream, token) {
  return LiveStream.of(`${stream}?t=${encodeURIComponent(token)}`);
}

class LiveRegion extends HTMLElement {
  #stream;
  #timer;
  #isAsking = false;
  #isAskedAgain = false;
  #onChange = () => this.refreshSoon();

  connectedCallback() {
    if (!this.dataset.token) return;
    this.#stream = liveStream(this.dataset.stream || "/events", this.dataset.token);
    this.#stream.addEventListener("changed", this.#onChange);
  }

  disconnectedCallback() {
    this.#stream?.removeEventListener("changed", this.#onChange);
    clearTimeout(this.#timer);
  }

  refreshSoon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.refresh(), GATHER_MS + Math.random() * GATHER_MS);
  }

  /** Ask the server for the present content; never two questions at once, never over someone's typing. */
  async refresh() {
    if (this.#isAsking) {
      this.#isAskedAgain = true;
      return;
    }
    if (this.#isTypedIn()) return this.addEventListener("focusout", () => this.refreshSoon(), { once: true });
    this.#isAsking = true;
    try {
      await this.#ask();
    } catch {
      reportConnection("offline");
    } finally {
      this.#isAsking = false;
    }
    if (this.#isAskedAgain) {
      this.#isAskedAgain = false;
      this.refreshSoon();
    }
  }

  async #ask() {
    const headers = { Accept: "text/html", "X-Fragment": "1" };
    const answer = await fetch(this.getAttribute("src"), { headers, redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(15000) });
    if (answer.type === "opaqueredirect" || answer.status === 401) return reportConnection("ended");
    reportConnection(answer.status >= 500 ? "offline" : "online");
    if (answer.ok) this.#show(await answer.text());
  }

  #show(html) {
    const fresh = document.createElement("template");
    fresh.innerHTML = html;
    const inner = fresh.content.querySelector("live-region");
    const content = inner ? inner.childNodes : fresh.content.childNodes;
    if (same(this.childNodes, content)) return;
    const restore = keepPlace(this);
    this.replaceChildren(...content);
    restore();
    this.dispatchEvent(new CustomEvent("live-region:updated", { bubbles: true }));
  }

  #isTypedIn() {
    const field = document.activeElement;
    return this.contains(field) && field.matches("input, textarea, select") && field.value !== (field.defaultValue ?? field.value);
  }
}
customElements.define("live-region", LiveRegion);

function same(before, after) {
  const text = (nodes) => Array.from(nodes, (node) => node.outerHTML ?? node.textContent).join("").replace(/\s+/g, " ").trim();
  return text(before) === text(after);
}

/** Remember focus, open <details> and scroll inside an element; gives back what puts them in place again. */
function keepPlace(root) {
  const focused = root.contains(document.activeElement) ? document.activeElement : null;
  const focusPath = focused && pathOf(root, focused);
  const caret = focused?.selectionStart;
  const kept = Array.from(root.querySelectorAll("details[open], details[id], [data-keep-scroll], .table-frame"), (element) => ({
    path: pathOf(root, element), open: element.open, left: element.scrollLeft, top: element.scrollTop,
  }));
  const { scrollX, scrollY } = window;
  return () => {
    for (const { path, open, left, top } of kept) {
      const element = at(root, path);
      if (!element) continue;
      if (open !== undefined && element.matches("details")) element.open = open;
      element.scrollTo({ left, top, behavior: "instant" });
    }
    const target = focusPath && at(root, focusPath);
    target?.focus({ preventScroll: true });
    if (caret != null && target?.setSelectionRange) target.setSelectionRange(caret, caret);
    scrollTo({ left: scrollX, top: scrollY, behavior: "instant" });
  };
}

/** An element is found again by its id, or by its place and tag. */
function pathOf(root, element) {
  if (element.id) return `#${CSS.escape(element.id)}`;
  const steps = [];
  for (let step = element; step !== root; step = step.parentElement) {
    const place = Array.prototype.indexOf.call(step.parentElement.children, step) + 1;
    steps.unshift(`${step.localName}:nth-child(${place})`);
  }
  return `:scope > ${steps.join(" > ")}`;
}

function at(root, path) {
  return root.querySelector(path);
}
