// The rows of a form that grow, as an item's answers. fieldset[data-rows=MOST]: whoever writes into the last row has another one below it,
// and the button shows one without sending the form. Names, ids and labels count from the row before.
import { all } from "./dom.js";

for (const set of all("fieldset[data-rows]")) {
  const button = set.querySelector("button[name=rows]");
  const more = () => {
    const rows = all(".field-row", set);
    const n = rows.length;
    if (n >= Number(set.dataset.rows)) return null;
    const row = rows.at(-1).cloneNode(true);
    for (const field of all("*", row)) {
      for (const name of ["id", "name", "for"]) {
        if (field.hasAttribute(name)) field.setAttribute(name, field.getAttribute(name).replace(`.${n - 1}.`, `.${n}.`));
      }
      field.removeAttribute("autofocus");
      if (field.matches("textarea")) field.value = field.textContent = "";
      if (field.matches("select")) field.selectedIndex = 0;
      if (field.matches("label")) field.textContent = field.textContent.replace(String(n), String(n + 1));
    }
    rows.at(-1).after(row);
    if (n + 1 >= Number(set.dataset.rows)) button?.parentElement.remove();
    else if (button) button.value = n + 2;
    return row;
  };
  set.addEventListener("input", (event) => { if (all(".field-row", set).at(-1).contains(event.target)) more(); });
  button?.addEventListener("click", (event) => {
    event.preventDefault();
    more()?.querySelector("textarea")?.focus();
  });
}

// Of one right answer there is one: marking another takes the mark from the first.
document.addEventListener("change", ({ target }) => {
  if (target.value !== "right") return;
  for (const mark of target.closest("[data-one]")?.querySelectorAll("select") ?? []) if (mark !== target) mark.value = "";
});
