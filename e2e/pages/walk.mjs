// What the checks and pictures of the program's pages share: the demonstration as its own process, who works in it, and one address of
// each kind of page that they may open, found by following links as people do.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

// The demonstration's people, and their password, as `ostoja serve --demo` prints them.
export const people = [
  "admin", "koordynator", "trenerka", "autorka", "recenzent", "uczestniczka", "rejestr", "dyzurny", "sad", "ocena", "skargi", "kuratorka0",
].map((name) => `${name}@demo.example`);
export const password = "ostoja w ogrodzie";

// launch are the settings of a browser that runs as root in a container and asks nobody for anything.
export const chromium = {
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
};

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

// demonstration starts the program with its demonstration people in a folder of its own; OSTOJA_URL names one that runs already.
export async function demonstration() {
  if (process.env.OSTOJA_URL) return { base: process.env.OSTOJA_URL, end: () => {} };
  const folder = mkdtempSync(join(tmpdir(), "ostoja-pages-"));
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const program = spawn("bin/ostoja", ["serve", "--demo", "--data", folder, "--addr", `127.0.0.1:${port}`, "--base-url", base], { stdio: "ignore" });
  const end = async () => {
    const over = new Promise((done) => program.once("exit", done));
    program.kill("SIGTERM");
    await over;
    rmSync(folder, { recursive: true, force: true });
  };
  for (let i = 0; i < 600; i++) {
    if (program.exitCode !== null) throw new Error(`the program ended with ${program.exitCode}`);
    try {
      if ((await fetch(`${base}/readyz`)).ok) return { base, end };
    } catch {
      // it does not listen yet
    }
    await wait(500);
  }
  await end();
  throw new Error("the program is not ready after five minutes");
}

// Session asks for pages as one of the people, with their cookies.
export class Session {
  constructor(base, mail) {
    Object.assign(this, { base, mail, cookies: new Map() });
  }

  async ask(path, form) {
    const answer = await fetch(this.base + path, {
      method: form ? "POST" : "GET", redirect: "manual", body: form && new URLSearchParams(form),
      headers: { Cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; "), "Sec-Fetch-Site": "same-origin", Accept: "text/html" },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      this.cookies.set(name, value);
    }
    return answer;
  }

  async signIn() {
    if (this.mail) {
      const answer = await this.ask("/app/sign-in", { name: this.mail, password });
      if (answer.status !== 303) throw new Error(`${this.mail} is not let in: ${answer.status}`);
    }
    return this;
  }

  async speak(language) {
    await this.ask("/app/language", { lang: language, return: "/app/" });
  }
}

// tabOf opens a tab of a browser in which the person of a session is signed in.
export async function tabOf(browser, session) {
  const context = await browser.createBrowserContext();
  for (const [name, value] of session.cookies) await context.setCookie({ name, value, domain: new URL(session.base).hostname, path: "/" });
  return context.newPage();
}

// patterns are those of the access table's routes that show a page.
export function patterns() {
  return readFileSync("internal/access/testdata/routes.txt", "utf8").split("\n")
    .map((line) => /^\S+\s+GET\s+(\/\S*)/.exec(line)?.[1]).filter(Boolean)
    .map((pattern) => ({ pattern, matches: new RegExp("^" + pattern.replace(/\/$/, "/?").replace(/[.+]/g, "\\$&").replace(/\{\w+\.\.\.\}/g, ".*").replace(/\{\w+\}/g, "[^/]+") + "$") }))
    .sort((a, b) => a.pattern.split("{").length - b.pattern.split("{").length); // the plainest first, as the program chooses
}

// What a walk must not open: what is meant to end a session or to be fetched by a machine.
const apart = [/^\/app\/hall\/worker\.js/, /^\/app\/media\//, /\/state$/];

// walk returns one page of each kind that a person may open: its pattern, its path and its HTML. Forms are not sent.
export async function walk(session, from = ["/app/", "/app/account"]) {
  const known = patterns();
  const patternOf = (path) => known.find((p) => p.matches.test(path))?.pattern;
  const found = new Map();
  const queue = [...from];
  const queued = new Map(); // how many addresses of a pattern were tried: the first may be refused or be empty
  while (queue.length > 0) {
    const path = queue.shift();
    const answer = await session.ask(path);
    if (answer.status === 303 || answer.status === 301 || answer.status === 302) {
      take(answer.headers.get("Location") ?? "");
      continue;
    }
    if (!answer.ok || !(answer.headers.get("Content-Type") ?? "").startsWith("text/html")) {
      await answer.arrayBuffer();
      continue;
    }
    const html = await answer.text();
    const pattern = patternOf(new URL(path, session.base).pathname) ?? path;
    if (!found.has(pattern)) found.set(pattern, { pattern, path, html });
    for (const [, href] of html.matchAll(/<a\s[^>]*?href="([^"]+)"/g)) take(href.replaceAll("&amp;", "&"));
  }
  return [...found.values()];

  function take(href) {
    const to = new URL(href, session.base + "/app/");
    if (to.origin !== session.base || !to.pathname.startsWith("/app/") || apart.some((a) => a.test(to.pathname))) return;
    if (to.searchParams.has("as")) return; // a file of a list
    const pattern = patternOf(to.pathname);
    const tried = queued.get(pattern) ?? 0;
    if (!pattern || found.has(pattern) || tried >= 3) return;
    queued.set(pattern, tried + 1);
    queue.push(to.pathname + to.search);
  }
}
