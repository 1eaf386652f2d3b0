// The first-line kit's script, behind the reader's in the same page. Without it the pages work too: they are printed from the browser's
// menu, and closing the tab takes away what was ticked or typed.
(() => {
  const clear = () => { for (const form of document.querySelectorAll("form")) form.reset(); };
  addEventListener("pagehide", clear); // also before the page is kept for Back
  addEventListener("pageshow", (e) => { if (e.persisted) clear(); });
  for (const b of document.querySelectorAll("[data-print]")) {
    b.hidden = false;
    b.addEventListener("click", () => {
      b.form.classList.toggle("blank", b.dataset.print === "blank");
      print();
      b.form.classList.remove("blank");
    });
  }
})();
