// <count-down data-seconds="45">: its button can be pressed when the seconds are over; its <span data-left> shows them.
class CountDown extends HTMLElement {
  connectedCallback() {
    this.until = Date.now() + Number(this.dataset.seconds) * 1000;
    this.timer = setInterval(() => this.#tick(), 1000);
    this.#tick();
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  #tick() {
    const left = Math.ceil((this.until - Date.now()) / 1000);
    this.querySelector("button").disabled = left > 0;
    this.querySelector("[data-left]").textContent = Math.max(left, 0);
    if (left > 0) return;
    clearInterval(this.timer);
    this.querySelector("[data-wait]").hidden = true;
  }
}
customElements.define("count-down", CountDown);
