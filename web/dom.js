/** Returns the elements that a selector finds. */
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];

let live;

/** Speaks a text to screen readers without showing it. */
export function say(text) {
  if (!live) {
    live = document.createElement("p");
    live.className = "sr";
    live.setAttribute("role", "status");
    document.body.append(live);
  }
  live.textContent = text;
}
