// The reader's script: leaving at once, and no trail of our pages behind Back. Everything works without it.
(() => {
  let left = false, last = 0;
  const out = document.getElementById("out");
  const blank = () => { document.title = "\u200b"; document.documentElement.replaceChildren(); };
  const leave = () => {
    if (left) return;
    left = true;
    const to = out.dataset.to;
    blank();
    location.replace(to); // this page goes from Back too
  };
  // GOV.UK's page comes back from the browser's cache; ours stays blank.
  addEventListener("pageshow", () => { if (left) blank(); });
  addEventListener("keydown", (e) => {
    if (e.key !== "Escape" || e.repeat) return;
    const now = Date.now();
    if (now - last < 2000) leave();
    last = now;
  });
  addEventListener("click", (e) => {
    const a = e.target.closest && e.target.closest("a");
    if (!a || e.button || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey) return;
    if (a === out) { e.preventDefault(); leave(); return; }
    if (a.download || a.origin !== location.origin || !/^(http|file)/.test(a.protocol) || a.pathname.startsWith("/app")) return;
    e.preventDefault();
    location.replace(a.href); // one entry in the history, whatever is read
  });
  addEventListener("submit", (e) => {
    const form = e.target;
    if (!form.dataset.quiet) return;
    e.preventDefault();
    fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) }).then((r) => r.text()).then((text) => {
      const page = new DOMParser().parseFromString(text, "text/html");
      document.querySelector("main").replaceWith(page.querySelector("main"));
      document.querySelector("main").focus();
    }, () => form.submit());
  });
})();
