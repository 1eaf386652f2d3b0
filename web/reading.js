import { all } from "./dom.js";

// Escape closes a glossary note; leaving the term lets it open again. It closes an open menu too.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  all(".term:hover, .term:focus").forEach((t) => t.classList.add("closed"));
  const menu = event.target.closest?.(".account[open], .nav details[open]");
  if (menu && !wide(menu)) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
for (const name of ["mouseout", "focusout"]) {
  document.addEventListener(name, (event) => {
    const term = event.target.closest?.(".term");
    if (term && !term.contains(event.relatedTarget)) term.classList.remove("closed");
  });
}

// A click beside an open menu closes it.
document.addEventListener("click", (event) => {
  all(".account[open], .nav details[open]").forEach((menu) => { if (!menu.contains(event.target) && !wide(menu)) menu.open = false; });
});

// details[data-wide-open=WIDTH] is always open on wide screens. Style does it alone in browsers that know ::details-content.
function wide(menu) {
  return Boolean(menu.dataset.wideOpen) && matchMedia(`(min-width: ${menu.dataset.wideOpen})`).matches;
}
if (!CSS.supports("selector(::details-content)")) {
  for (const menu of all("details[data-wide-open]")) {
    const query = matchMedia(`(min-width: ${menu.dataset.wideOpen})`);
    const follow = () => { menu.open = query.matches; };
    query.addEventListener("change", follow);
    follow();
  }
}

// A page is printed with everything that it folds away.
window.addEventListener("beforeprint", () => all("details:not([open]):not(.account)").forEach((d) => { d.dataset.printed = ""; d.open = true; }));
window.addEventListener("afterprint", () => all("details[data-printed]").forEach((d) => { d.open = false; delete d.dataset.printed; }));
