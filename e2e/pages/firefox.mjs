// The journeys of a reader, a learner, a coordinator and a trainer in Firefox ESR, as Debian has it: nobody of ours writes in that browser, and
// offices use it. Each step says what it waits for; an error in the page's console fails the journey.
import puppeteer from "puppeteer-core";
import { demonstration, password } from "./walk.mjs";

const { base, end } = await demonstration();
const browser = await puppeteer.launch({ browser: "firefox", executablePath: "/usr/bin/firefox-esr", headless: true });
let failed = 0;

async function journey(name, width, steps) {
  const context = await browser.createBrowserContext();
  const tab = await context.newPage();
  const errors = [];
  tab.on("pageerror", (e) => errors.push(String(e)));
  tab.on("console", (m) => m.type() === "error" && errors.push(m.text()));
  try {
    await tab.setViewport({ width, height: 800 });
    await steps(person(tab));
    if (errors.length > 0) throw new Error(`the console says: ${errors.join("; ")}`);
    console.log(`ok    ${name} at ${width} pixels`);
  } catch (e) {
    failed++;
    console.log(`FAIL  ${name} at ${width} pixels, on ${tab.url()}: ${e.message}`);
  }
  await context.close();
}

// person does in a tab what people do.
function person(tab) {
  const p = {
    tab,
    open: (path) => tab.goto(base + path, { waitUntil: "load" }),
    // go presses a link or a button and waits for the page that follows.
    async go(selector) {
      await tab.waitForSelector(selector, { timeout: 20_000 });
      await tab.$eval(selector, (e) => e.scrollIntoView({ block: "center" }));
      await Promise.all([tab.waitForNavigation({ waitUntil: "load" }), tab.click(selector)]);
    },
    async see(selector, what) {
      await tab.waitForSelector(selector, { timeout: 20_000 }).catch(() => {
        throw new Error(`there is no ${what ?? selector}`);
      });
    },
    must(holds, what) {
      if (!holds) throw new Error(what);
    },
    async narrow() {
      const over = await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      p.must(over <= 0, `the page is ${over} pixels wider than the window`);
    },
    async signIn(name) {
      await p.open("/app/sign-in");
      await tab.type("input[name=name]", `${name}@demo.example`);
      await tab.type("input[name=password]", password);
      await p.go("main form button.action");
      p.must(!tab.url().includes("sign-in"), "nobody is signed in");
    },
  };
  return p;
}

for (const width of [1280, 360]) {
  await journey("reader", width, async (p) => {
    await p.open("/pl/");
    await p.see("#out", "way out");
    await p.narrow();
    await p.go('main a[href^="/pl/"]'); // a page, and no number to dial
    await p.see("main h1");
    await p.narrow();
    await p.tab.keyboard.press("Tab"); // the first stop of the keyboard must be visible
    const shown = await p.tab.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
    p.must(shown !== "none", "the focus is not to be seen");
    await p.open("/ar/d37f");
    p.must(await p.tab.evaluate(() => document.documentElement.dir === "rtl"), "Arabic does not run from the right");
    await p.narrow();
  });
  await journey("learner", width, async (p) => {
    await p.signIn("uczestniczka");
    await p.open("/app/courses");
    await p.go("main a.button.action");
    await p.narrow();
    await p.go('main a[href*="/lesson/"]');
    await p.see("main .prose");
    await p.narrow();
    const course = new URL(p.tab.url()).pathname.split("/lesson/")[0];
    await p.open(course);
    await p.see("main h1");
    await p.open("/app/account/data");
    await p.narrow();
  });
  await journey("coordinator", width, async (p) => {
    await p.signIn("koordynator");
    await p.open("/app/desk/border-guard/people");
    await p.see(".list-table tbody tr", "list of people");
    await p.narrow();
    p.must(await p.tab.evaluate(() => getComputedStyle(document.querySelector(".selection")).display === "none"), "the bar of a selection shows before anything is ticked");
    await p.tab.click(".list-table tbody tr input[type=checkbox]");
    await p.tab.waitForFunction(() => getComputedStyle(document.querySelector(".selection")).display !== "none", { timeout: 5000 });
    await p.tab.type(".list-search input", "zzzz");
    await p.go(".list-search button");
    await p.see(".list-none", "word that nothing was found");
    await p.open("/app/evidence");
    await p.go("main tbody a");
    await p.see("main svg, main table", "drawing or table");
    await p.narrow();
  });
  await journey("trainer", width, async (p) => {
    await p.signIn("trenerka");
    await p.open("/app/hall");
    await p.go('main a[href^="/app/hall/"]');
    await p.narrow();
    if (await p.tab.$(".roll-row .pair input")) {
      const before = await p.tab.$$eval(".roll-row .pair input:checked", (list) => list.length);
      await p.tab.$eval(".roll-row .pair input:not(:checked)", (e) => e.labels[0].scrollIntoView({ block: "center" }));
      const label = await p.tab.evaluateHandle(() => document.querySelector(".roll-row .pair input:not(:checked)").labels[0]);
      await label.click();
      await p.tab.waitForFunction((n) => document.querySelectorAll(".roll-row .pair input:checked").length >= n, { timeout: 5000 }, before);
    }
    await p.open("/app/laboratory");
    await p.see("main h1");
    await p.narrow();
  });
}

await browser.close();
await end();
process.exitCode = failed > 0 ? 1 : 0;
