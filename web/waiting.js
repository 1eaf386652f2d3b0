// What a roll comes to on a device: as the server gave it last, and over it what was written here and waits to be sent. Functions of
// values alone, so that web/tests can go through their cases without a browser.

/** people returns who is on the roll with what counts of them: the last mark that was not taken back, as attendance.Reckon does. */
export function people(roll, items) {
  const written = items.map((x) => x.item);
  const marks = written.filter((m) => m.kind === "mark");
  const undone = new Set(marks.filter((m) => m.state === "undone").map((m) => m.undoes));
  const known = new Set(roll.people.map((p) => p.who));
  const guests = written.filter((w) => w.kind === "walk-in" && !known.has(w.id)).map((w) => ({ who: w.id, name: w.name, hint: w.institution || "", walkIn: true }));
  return [...roll.people, ...guests].map((p) => {
    const counts = marks.filter((m) => m.who === p.who && m.state !== "undone" && !undone.has(m.id));
    const last = counts[counts.length - 1];
    if (last) return { ...p, state: last.state, from: last.from || "", until: last.until || "", markId: last.id, mine: last.madeAt };
    return undone.has(p.markId) ? { ...p, state: "", from: "", until: "", markId: "" } : { ...p };
  });
}

/** latest returns the number of a kind that was written down last, or the one that the server has. */
export const latest = (items, kind, before) => items.filter(({ item }) => item.kind === kind).reduce((_, { item }) => item.number, before);

const undoFor = 15 * 60 * 1000;

/** undoable says whether the mark that counts may still be taken back: on the device that made it, for a quarter of an hour. */
export const undoable = (p, device, now) => Boolean(p.markId) && (Boolean(p.mine) || p.device === device) && now - new Date(p.mine || p.at) < undoFor;

/** next returns what is sent at once, in its order. What the server could make nothing of stays, and holds up nothing that came after. */
export const next = (items, strange) => items.filter((x) => !strange.has(x.item.id)).slice(0, 200);

/** later returns how many milliseconds to wait after a failure, from how many it was before. */
export const later = (pause) => Math.min(60000, pause * 2 || 2000);
