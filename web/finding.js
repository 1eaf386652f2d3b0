// Which keys mean the one search, and where they lead: functions of values alone, so that web/tests can go through their cases.

// Where a key is somebody else's: what takes text, what chooses by letters, and what plays. A screen reader that reads with single
// letters keeps them to itself before a page hears of them.
const taken = "input, textarea, select, [contenteditable], [role=textbox], [role=combobox], [role=listbox], [role=grid], [role=application], dialog[open], audio, video";

/** asksForSearch says whether a key that was pressed asks for the search; slash: the key / may. */
export function asksForSearch(event, slash) {
  if (event.defaultPrevented || event.isComposing || event.altKey || event.target.closest?.(taken)) return false;
  const command = event.ctrlKey || event.metaKey;
  return command ? !event.shiftKey && event.key.toLowerCase() === "k" : slash && event.key === "/";
}

/** goesTo returns which of n results a key leads to from the one at a place, -1 being the field itself; undefined: the key is not ours. */
export function goesTo(event, at, n) {
  if (!n || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return undefined;
  switch (event.key) {
    case "ArrowDown": return Math.min(at + 1, n - 1);
    case "ArrowUp": return at < 0 ? undefined : at - 1;
    case "Home": return at < 0 ? undefined : 0; // in the field they move the cursor
    case "End": return at < 0 ? undefined : n - 1;
    default: return undefined;
  }
}
