// What the papers and the questions to hear add to kit.js. Without it a long text is printed as far as its lines go, and the questions are a
// list to read.
(() => {
  const all = (what, within) => [...within.querySelectorAll(what)];
  for (const t of all("textarea", document)) { // what is typed is printed whole
    const least = t.rows;
    t.addEventListener("input", () => { t.rows = least; while (t.scrollHeight > t.clientHeight && t.rows < 60) t.rows++; });
  }
  const hear = document.querySelector(".hear");
  if (!hear) return;
  const sets = all("fieldset", hear), end = hear.querySelector("[data-end]"), mute = document.getElementById("mute"), tag = document.documentElement.lang;
  const speech = window.speechSynthesis;
  let at = -1;
  // Only a voice that the device itself has: any other would send the question to somebody's server.
  const voice = () => speech && speech.getVoices().find((v) => v.localService && v.lang.toLowerCase().replace("_", "-").split("-")[0] === tag);
  const sound = () => sets[at] && sets[at].querySelector("audio"); // what an office has recorded
  const stop = () => { if (speech) speech.cancel(); for (const a of all("audio", hear)) a.pause(); };
  const say = () => {
    stop();
    const own = voice();
    mute.hidden = !!own || !!sound();
    if (!own && sound()) {
      sound().currentTime = 0;
      sound().play().catch(() => { mute.hidden = false; }); // the line is gone: the question can be read
    }
    if (!own || !sets[at]) return;
    const words = new SpeechSynthesisUtterance(sets[at].querySelector("legend").textContent.trim());
    words.voice = own;
    words.lang = own.lang;
    speech.speak(words);
  };
  const show = (n) => {
    at = n;
    hear.classList.toggle("one", n >= 0);
    sets.forEach((s, i) => { s.classList.toggle("at", i === n); for (const b of all("[data-hear]", s)) b.hidden = b.dataset.hear === "back" && i === 0; });
    end.classList.toggle("at", n === sets.length);
    const next = sets[n] ? sets[n].querySelector("legend") : end;
    next.focus();
    if (sets[n]) say();
  };
  hear.querySelector("[data-hear=begin]").hidden = false;
  hear.addEventListener("click", (e) => {
    const b = e.target.closest("[data-hear]");
    if (!b) return;
    const what = b.dataset.hear;
    if (what === "play") say();
    else if (what === "stop") stop();
    else { stop(); show(what === "begin" ? 0 : what === "next" ? at + 1 : at - 1); }
  });
  addEventListener("pagehide", stop);
  hear.addEventListener("reset", () => { stop(); hear.classList.remove("one"); });
})();
