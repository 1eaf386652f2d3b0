// Pictures of every page that staff can open in the demonstration, for docs/pages: each a sheet with the page at 1280 and 360 pixels in Polish
// and in English, at half the size, and a README that lists them by who opens them.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import puppeteer from "puppeteer-core";
import { chromium, demonstration, people, Session, tabOf, walk } from "./walk.mjs";

const folder = process.env.OSTOJA_PICTURES ?? "docs/pages";
const staff = people.filter((mail) => !/^(uczestniczka|kuratorka)/.test(mail));
const { base, end } = await demonstration();
const browser = await puppeteer.launch(chromium);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const seen = new Set();
const list = [];
try {
  for (const mail of staff) {
    const session = await new Session(base, mail).signIn();
    const pages = (await walk(session)).filter((p) => !seen.has(p.pattern));
    const shots = new Map(pages.map((p) => [p.pattern, []]));
    for (const language of ["pl", "en"]) {
      await session.speak(language);
      const tab = await tabOf(browser, session);
      for (const width of [1280, 360]) {
        await tab.setViewport({ width, height: 800 });
        for (const { pattern, path } of pages) {
          await tab.goto(base + path, { waitUntil: "load" });
          shots.get(pattern).push({ width, image: await tab.screenshot({ type: "webp", quality: 80, encoding: "base64" }) });
        }
      }
      await tab.browserContext().close();
    }
    const tab = await browser.newPage();
    for (const { pattern } of pages) {
      seen.add(pattern);
      const name = pattern.replace(/^\/app\/?/, "").replace(/[{}$.]/g, "").replaceAll("/", "-") || "first";
      const images = shots.get(pattern).map((s) => `<img width="${s.width / 2}" height="400" src="data:image/webp;base64,${s.image}">`).join("");
      await tab.setViewport({ width: 1280 + 360 + 24, height: 400 });
      await tab.setContent(`<body style="margin:0;display:flex;gap:8px;background:#888">${images}</body>`);
      await tab.screenshot({ path: `${folder}/${name}.webp`, type: "webp", quality: 40 });
      list.push({ mail, pattern, name });
    }
    await tab.close();
  }
} finally {
  await browser.close();
  await end();
}
writeFileSync(`${folder}/README.md`, `# Every page of staff

What the demonstration's people see, each page once: on a computer (1280 pixels) and on a phone (360) in Polish, then the same in English, at half
the size. Made by \`scripts/screenshots pages\`; pages without anything to show in the demonstration are not among them.
` + staff.map((mail) => {
  const own = list.filter((p) => p.mail === mail);
  return own.length ? `\n## ${mail}\n\n` + own.map((p) => `### \`${p.pattern}\`\n\n![${p.pattern}](${p.name}.webp)\n`).join("\n") : "";
}).join(""));
console.log(`${list.length} pages`);
