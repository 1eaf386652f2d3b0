// The one search. "/" and Ctrl+K lead into its field from anywhere but another field; the field in the head shows below itself what is
// found while one types, and the arrow keys go through it. Without this file the field is a plain form.
import { all, say } from "./dom.js";
import { asksForSearch, goesTo } from "./finding.js";

const shown = (element) => element.getClientRects().length > 0;
const fields = all("[data-find]");

document.addEventListener("keydown", (event) => {
  if (!fields.length || !asksForSearch(event, fields[0].getAttribute("aria-keyshortcuts").startsWith("/"))) return;
  event.preventDefault();
  const field = fields.find(shown);
  if (!field) return location.assign("/app/find");
  field.focus();
  field.select();
});

// Down leads from the field into what was found and on, Up back, Esc to the field.
function move(event, field, root) {
  const links = all(".found a, .found button", root).filter(shown);
  const at = links.indexOf(document.activeElement);
  const to = at < 0 && event.target !== field ? undefined : goesTo(event, at, links.length);
  if (to === undefined) return;
  event.preventDefault();
  (links[to] || field).focus();
}

// below shows under the head's field what is found while one types.
function below(field) {
  const root = field.closest(".find");
  const panel = document.createElement("div");
  panel.className = "find-panel";
  panel.hidden = true;
  root.append(panel);
  let timer, asked, style;
  const close = () => {
    clearTimeout(timer);
    asked?.abort();
    panel.hidden = true;
  };
  const ask = async (words) => {
    asked = new AbortController();
    try {
      const answer = await fetch("/app/find/quick", { method: "POST", body: new URLSearchParams({ words }), signal: asked.signal });
      const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".found");
      panel.hidden = !found; // signed out meanwhile, or an error: Enter shows which
      if (!found) return;
      panel.replaceChildren(found);
      say(found.dataset.say);
    } catch {
      close();
    }
  };
  field.addEventListener("input", () => {
    close();
    const words = field.value.trim();
    if (words.length > 1) timer = setTimeout(ask, 250, words);
  });
  field.addEventListener("focus", () => { // its styles are no weight on pages where nobody searches
    if (style) return;
    style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: field.dataset.style });
    document.head.append(style);
  });
  field.form.addEventListener("submit", close);
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || panel.hidden) return;
    event.preventDefault(); // the browser would empty the field
    close();
    field.focus();
  });
  document.addEventListener("pointerdown", (event) => { if (!root.contains(event.target)) close(); });
  root.addEventListener("focusout", (event) => { if (event.relatedTarget && !root.contains(event.relatedTarget)) close(); });
}

for (const field of fields) {
  const root = field.closest(".find, [data-found]");
  root.addEventListener("keydown", (event) => move(event, field, root));
  if (field.dataset.find === "head") below(field);
}
