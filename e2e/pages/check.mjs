// Every page of the application that the demonstration's people can open, before three checkers that are not ours: axe and IBM Equal Access
// in Chromium, at 1280 and 360 pixels, and the Nu checker over what the program sent; and with text of twice the size, which must not scroll
// sideways (WCAG 1.4.4, 1.4.10). Prints what was found by rule, writes it to docs/help/checked.json where OSTOJA_WRITE is set, and fails for what
// noise.json does not give a reason for.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import puppeteer from "puppeteer-core";
import { chromium, demonstration, people, Session, tabOf, walk } from "./walk.mjs";

const find = createRequire(import.meta.url).resolve;
const axe = readFileSync(find("axe-core/axe.min.js"), "utf8");
const ace = readFileSync(join(dirname(find("accessibility-checker-engine/package.json")), "ace.js"), "utf8");
const vnu = join(dirname(find("vnu-jar/package.json")), "build/dist/vnu.jar");
const noise = JSON.parse(readFileSync(new URL("./noise.json", import.meta.url), "utf8"));
const languages = ["pl", "en"];

const { base, end } = await demonstration();
const faults = new Map(); // "checker rule" to the pages and what was found
function note(checker, rule, where, what) {
  const because = noise.find((n) => n.checker === checker && n.rule === rule && (!n.what || new RegExp(n.what).test(what)));
  const key = `${checker} ${rule}`;
  const of = faults.get(key) ?? { checker, rule, because: because?.because, pages: new Map() };
  if (!because) of.because = undefined;
  if (!of.pages.has(where)) of.pages.set(where, what);
  faults.set(key, of);
}

const counted = { pages: 0, languages, axe: 0, ibm: 0, nu: 0, wide: 0 };
const browser = await puppeteer.launch(chromium);
const enlarged = await puppeteer.launch({ ...chromium, args: [...chromium.args, "--blink-settings=defaultFontSize=32"] }); // as a person sets it
const folder = mkdtempSync(join(tmpdir(), "ostoja-html-"));
const files = new Map();
try {
  const seen = new Set();
  for (const mail of people) {
    const session = await new Session(base, mail).signIn();
    for (const language of languages) {
      await session.speak(language);
      const [tab, large] = await Promise.all([browser, enlarged].map((b) => tabOf(b, session)));
      await tab.setBypassCSP(true); // the checkers are scripts of ours for once
      await large.setViewport({ width: 1280, height: 800 });
      for (const { pattern, path, html } of await walk(session)) {
        const where = `${language} ${pattern}`;
        if (seen.has(where)) continue;
        seen.add(where);
        counted.pages++;
        const file = join(folder, `${seen.size}.html`);
        writeFileSync(file, html);
        files.set(file, where);
        await look(tab, path, where);
        await large.goto(base + path, { waitUntil: "load" });
        await narrow(large, `${where} with text of twice the size`);
      }
      await tab.browserContext().close();
      await large.browserContext().close();
    }
  }
  readHTML();
} finally {
  await browser.close();
  await enlarged.close();
  rmSync(folder, { recursive: true, force: true });
  await end();
}

async function look(tab, path, where) {
  await tab.setViewport({ width: 1280, height: 800 });
  await tab.goto(base + path, { waitUntil: "load" });
  await tab.evaluate(axe);
  await tab.evaluate(ace);
  await tab.evaluate(() => document.querySelectorAll("main details").forEach((d) => d.open = true)); // what is folded is looked at too
  await byAxe(tab, where);
  for (const r of await tab.evaluate(async () => {
    const report = await new window.ace.Checker().check(document, ["WCAG_2_2"]);
    return report.results.filter((r) => r.value[0] === "VIOLATION" && r.value[1] === "FAIL").map((r) => ({ rule: r.ruleId, what: `${r.message} ${r.snippet}` }));
  })) note("ibm", r.rule, where, r.what);
  await tab.setViewport({ width: 360, height: 800 });
  await byAxe(tab, where);
  await narrow(tab, where);
}

async function byAxe(tab, where) {
  for (const v of await tab.evaluate(async () => {
    const { violations } = await window.axe.run(document, { resultTypes: ["violations"] });
    return violations.map((v) => ({ rule: v.id, what: `${v.help}: ${v.nodes[0].html}` }));
  })) note("axe", v.rule, where, v.what);
}

async function narrow(tab, where) {
  const wider = await tab.evaluate(() => {
    const page = document.documentElement;
    if (page.scrollWidth <= page.clientWidth) return "";
    const widest = [...document.querySelectorAll("body *")].find((e) => e.getBoundingClientRect().right > page.clientWidth + 1 && getComputedStyle(e).position !== "absolute");
    return `${page.scrollWidth - page.clientWidth} pixels: ${widest?.outerHTML.slice(0, 160)}`;
  });
  if (wider) note("wide", "reflow", where, wider);
}

// readHTML runs the Nu checker over all pages at once.
function readHTML() {
  const said = execFileSync("java", ["-jar", vnu, "--format", "json", "--exit-zero-always", "--stdout", folder], { maxBuffer: 1 << 28 });
  for (const m of JSON.parse(said).messages) {
    if (m.type === "info" && m.subType !== "warning") continue;
    const words = m.message.replace(/“[^”]*”/g, "“…”");
    note("nu", words, files.get(m.url.replace(/^file:/, "")) ?? m.url, `${m.message} ${m.extract ?? ""}`);
  }
}

let open = 0;
for (const f of [...faults.values()].sort((a, b) => a.checker.localeCompare(b.checker) || b.pages.size - a.pages.size)) {
  counted[f.checker] += f.because ? 0 : f.pages.size;
  open += f.because ? 0 : 1;
  const [where, what] = [...f.pages][0];
  console.log(`${f.because ? "noise" : "FAULT"}  ${f.checker} ${f.rule}: ${f.pages.size} pages, such as ${where}\n       ${(f.because ?? what).replace(/\s+/g, " ").slice(0, 400)}`);
  if (!f.because) for (const [page, found] of [...f.pages].slice(1)) console.log(`       and ${page}: ${found.replace(/\s+/g, " ").slice(0, 200)}`);
}
const run = { day: new Date().toISOString().slice(0, 10), ...counted };
console.log(JSON.stringify(run));
if (process.env.OSTOJA_WRITE) writeFileSync("docs/help/checked.json", JSON.stringify(run) + "\n");
process.exitCode = open > 0 ? 1 : 0;
