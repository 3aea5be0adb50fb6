// <retry-page>: on the page without a network, «Повторить» asks for the same page again; so does the network when it is back.
const EVERY_MS = 2000;

class RetryPage extends HTMLElement {
  connectedCallback() {
    this.querySelector("a, button")?.addEventListener("click", (event) => {
      event.preventDefault();
      location.reload();
    });
    // under its own address nothing is missing
    if (location.pathname !== "/offline/") setInterval(() => this.#look(), EVERY_MS);
  }

  async #look() {
    const answer = await fetch("/sw.js", { cache: "no-store" }).catch(() => null);
    if (answer?.ok) location.reload();
  }
}
customElements.define("retry-page", RetryPage);
