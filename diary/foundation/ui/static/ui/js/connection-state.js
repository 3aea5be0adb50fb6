// <connection-state>: says quietly that the network or the session is gone; others report what they met.
const STATES = ["online", "offline", "ended"];

class ConnectionState extends HTMLElement {
  state = "online";

  connectedCallback() {
    addEventListener("offline", () => this.become("offline"));
    addEventListener("online", () => this.become("online"));
    if (!navigator.onLine) this.become("offline");
  }

  /** online, offline (what is shown is kept from before) or ended (sign in again); an ended session stays ended. */
  become(state) {
    if (!STATES.includes(state) || this.state === state || this.state === "ended") return;
    this.state = state;
    for (const note of this.querySelectorAll("[data-when]")) note.hidden = note.dataset.when !== state;
    this.dispatchEvent(new CustomEvent("connection:changed", { bubbles: true, detail: { state } }));
  }
}
customElements.define("connection-state", ConnectionState);

export function connectionState() {
  return document.querySelector("connection-state");
}

export function reportConnection(state) {
  connectionState()?.become(state);
}
