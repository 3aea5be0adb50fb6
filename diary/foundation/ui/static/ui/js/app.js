// The shell of every page, in one file: rooms import what they need from "../../ui/app.js".
import "./toast.js";
import "./connection-state.js";
import "./request.js";
import "./live-region.js";
import "./drop-menu.js";
import "./week-keys.js";
import "./browser-notes.js";
import "./retry-page.js";
import "./kept-page.js";
import "./count-down.js";
