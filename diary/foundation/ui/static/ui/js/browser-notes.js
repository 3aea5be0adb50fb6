// What this browser lacks is said on the page; a browser without modules is told by ../old-browser.js.
const isOld = !AbortSignal.timeout || !CSS.supports("selector(:has(a))") || !crypto.getRandomValues;

document.getElementById("old-browser")?.toggleAttribute("hidden", !isOld);
document.getElementById("no-cookies")?.toggleAttribute("hidden", navigator.cookieEnabled);
