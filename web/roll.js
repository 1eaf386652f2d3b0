import { all } from "./dom.js";

// counted fills a text that counts: the page brings it once for 1, 2 and 5, in the language's plural forms.
const plural = new Intl.PluralRules(document.documentElement.lang || "en");
export function counted(data, n) {
  const { one, few, many } = data;
  const [sample, text] = { one: ["1", one], few: ["2", few] }[plural.select(n)] || ["5", many];
  return text.replace(sample, String(n));
}

/** tally counts the marks of a roll anew and shows them in its head and on the button for the rest. */
export function tally(form) {
  const marked = (value) => all(`.pair [value=${value}]:checked`, form).length;
  const figures = { present: marked("present"), absent: marked("absent") };
  figures.unmarked = all(".pair", form).length - figures.present - figures.absent;
  for (const [name, n] of Object.entries(figures)) all(`[data-tally=${name}]`).forEach((e) => { e.textContent = String(n); });
  const rest = form.querySelector("[data-rest]");
  if (!rest) return;
  rest.hidden = figures.unmarked === 0;
  if (figures.unmarked > 0) rest.textContent = counted(rest.dataset, figures.unmarked);
}

for (const form of all("form[data-roll]")) {
  form.addEventListener("change", () => tally(form));
  if (form.dataset.autosave !== undefined) tally(form); // a page that came back keeps its buttons
}

// [data-code=ADDRESS]: the code on the screen is exchanged when it is over. Without a script the page loads itself again.
for (const code of all("[data-code]")) {
  const left = () => Number(code.querySelector("[data-seconds-left]")?.dataset.secondsLeft) || 10;
  const exchange = async () => {
    try {
      const answer = await fetch(code.dataset.code, { redirect: "error" });
      if (!answer.ok) throw new Error(answer.statusText);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      code.replaceChildren(...page.body.childNodes);
      setTimeout(exchange, 1000 * left());
    } catch {
      setTimeout(exchange, 4000); // the old code stays and is refused in words
    }
  };
  setTimeout(exchange, 1000 * left());
}
