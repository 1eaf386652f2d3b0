// The keeper of keys: a worker of the hall's page (web/hall.js), since only a worker may write a file of the origin's private file
// system in place. A key is overwritten where it stands before its file goes away: then what it encrypted cannot be read any more,
// whatever the browser keeps of it (decision 0049).
const folder = async () => (await navigator.storage.getDirectory()).getDirectoryHandle("hall", { create: true });

const acts = {
  async put(name, bytes) {
    const handle = await (await (await folder()).getFileHandle(name, { create: true })).createSyncAccessHandle();
    try {
      handle.truncate(0);
      handle.write(bytes, { at: 0 });
      handle.flush();
    } finally {
      handle.close();
    }
  },
  async get(name) {
    const file = await (await (await folder()).getFileHandle(name)).getFile();
    return new Uint8Array(await file.arrayBuffer());
  },
  async list() {
    const names = [];
    for await (const name of (await folder()).keys()) names.push(name);
    return names;
  },
  async erase(name) {
    const dir = await folder();
    if (!(await acts.list()).includes(name)) return; // another tab was first
    const handle = await (await dir.getFileHandle(name)).createSyncAccessHandle();
    try {
      const size = handle.getSize();
      for (const fill of [crypto.getRandomValues(new Uint8Array(size)), new Uint8Array(size)]) {
        handle.write(fill, { at: 0 });
        handle.flush();
      }
    } finally {
      handle.close();
    }
    await dir.removeEntry(name);
  },
};

self.onmessage = async ({ data: { id, act, args } }) => {
  try {
    self.postMessage({ id, value: await acts[act](...args) });
  } catch (error) {
    self.postMessage({ id, error: error.name });
  }
};
