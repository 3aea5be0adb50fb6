// <job-progress src>: asks each second how far the work is; when it is over, shows the page anew.
const EVERY_MS = 1000;

class JobProgress extends HTMLElement {
  #timer;

  connectedCallback() {
    this.#later();
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
  }

  #later() {
    this.#timer = setTimeout(() => this.#ask(), EVERY_MS);
  }

  async #ask() {
    try {
      const answer = await fetch(this.getAttribute("src"), { headers: { Accept: "text/html" }, redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(10000) });
      if (answer.type === "opaqueredirect") return location.reload();
      if (answer.ok && !this.#show(await answer.text())) return location.reload();
    } catch {
      // no connection: the bar stands still, and the next question tries again
    }
    this.#later();
  }

  /** Whether there is still something to wait for. */
  #show(html) {
    const fresh = document.createElement("template");
    fresh.innerHTML = html;
    this.replaceChildren(...fresh.content.childNodes);
    return this.querySelector("[data-going]") !== null;
  }
}

customElements.define("job-progress", JobProgress);
