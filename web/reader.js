// The reader's script: leaving at once, and no trail of our pages behind Back. Everything works without it. It runs from Chromium 64 and
// Firefox 68 on: the build lowers the syntax, never the functions of the browser, so that e2e presses every button in the oldest Chromium.
(() => {
  let left = false, last = 0;
  const out = document.getElementById("out");
  const blank = () => { document.title = "\u200b"; document.documentElement.textContent = ""; };
  const leave = () => {
    if (left) return;
    left = true;
    const to = out.dataset.to, ours = out.href;
    try { // whatever a browser cannot do here, it leaves
      blank();
      // While the world does not answer, this page's entry in the history stays: then it is the blank page's.
      history.replaceState(null, "", ours);
    } catch { /* a file has no other address */ }
    location.replace(to);
  };
  // GOV.UK's page comes back from the browser's cache; ours stays blank.
  addEventListener("pageshow", () => { if (left) blank(); });
  addEventListener("keydown", (e) => {
    if (e.key !== "Escape") return;
    const now = Date.now();
    if (!e.repeat && now - last < 2000) leave();
    if (!e.repeat) last = now;
    if (left) e.preventDefault(); // Esc also stops a page that is on its way
  });
  addEventListener("click", (e) => {
    const a = e.target.closest && e.target.closest("a");
    if (!a || e.button || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey) return;
    if (a === out) { leave(); e.preventDefault(); return; } // in this order: where leaving failed, the link leads out
    if (a.target || a.hasAttribute("download") || a.origin !== location.origin || !/^(http|file)/.test(a.protocol) || a.pathname.startsWith("/app")) return;
    e.preventDefault();
    location.replace(a.href); // one entry in the history, whatever is read
  });
  addEventListener("submit", (e) => {
    const form = e.target, words = new URLSearchParams(new FormData(form));
    if (!form.dataset.quiet) return;
    e.preventDefault();
    words.set("at", "once"); // the answer itself, not where it waits
    fetch(form.action, { method: "POST", body: words }).then((r) => r.ok ? r.text() : Promise.reject()).then((text) => {
      const main = new DOMParser().parseFromString(text, "text/html").querySelector("main");
      main.tabIndex = -1; // fails where there is none
      document.querySelector("main").replaceWith(main);
      main.focus();
    }).catch(() => { form.querySelector("[role=status] p").hidden = false; });
  });
})();
