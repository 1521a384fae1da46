// Opens an HTML report in headless Chromium and uses it as a reader would. Usage: node html_report.mjs REPORT.html
// [--hostile] [--screenshots FOLDER]; needs playwright-core and Chromium. Prints a line a check; status 1 if any failed.
import { createRequire } from "node:module";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { drawn } from "./canvases.mjs";

// From the folder the test installed it to, which is not this file's.
const { chromium } = createRequire(resolve(process.env.CLIENTS_NODE_MODULES ?? "node_modules", "_"))("playwright-core");

const [, , report, ...flags] = process.argv;
const hostile = flags.includes("--hostile");
const pictures = flags.includes("--screenshots") ? flags[flags.indexOf("--screenshots") + 1] : null;
const address = pathToFileURL(resolve(report)).href;
let failures = 0;

function check(name, good, detail = "") {
  console.log(`${good ? "ok  " : "FAIL"} ${name}${good ? "" : `: ${JSON.stringify(detail)}`}`);
  if (!good) ++failures;
}

async function open(browser, options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const seen = { errors: [], requests: [], dialogs: 0 };
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") seen.errors.push(message.text());
  });
  page.on("pageerror", (error) => seen.errors.push(String(error)));
  page.on("request", (request) => {
    if (request.url() !== address && !request.url().startsWith("data:")) seen.requests.push(request.url());
  });
  page.on("dialog", (dialog) => {
    ++seen.dialogs;
    dialog.dismiss();
  });
  await page.goto(address);
  return { page, seen, close: () => context.close() };
}

const column = (page, index) =>
  page.$$eval("#labels tbody tr", (rows, at) => rows.map((row) => row.cells[at].textContent.trim()), index);

// Tables that are wider than the room they have.
const cut = (page) =>
  page.$$eval(".scroll", (boxes) =>
    boxes.filter((box) => box.scrollWidth > box.clientWidth).map((box) => `${box.getAttribute("aria-label")}: ${box.scrollWidth} > ${box.clientWidth}`));

async function sorts(page) {
  const heads = await page.$$eval("#labels thead th", (cells) => cells.map((cell) => cell.textContent));
  const before = await column(page, 0);
  await page.click("#labels thead th:nth-child(2) button");
  const counts = (await column(page, 1)).map((text) => Number(text.replace(/\D/g, "")));
  check("a click on a number's head sorts from the largest",
        counts.every((count, i) => i === 0 || counts[i - 1] >= count), counts);
  check("the sorted column says so",
        (await page.getAttribute("#labels thead th:nth-child(2)", "aria-sort")) === "descending");
  // By keyboard alone.
  await page.focus("#labels thead th:nth-child(1) button");
  await page.keyboard.press("Enter");
  const ascending = await column(page, 0);
  await page.keyboard.press("Enter");
  const descending = await column(page, 0);
  check("Enter sorts, a second one reverses",
        JSON.stringify([...ascending].reverse()) === JSON.stringify(descending) && ascending.length === before.length,
        { heads, ascending, descending });
}

async function clicks(page) {
  const cells = await page.$$("table.matrix td.wrong button[data-cell], #confusions td.wrong button[data-cell]");
  check("wrong cells of the matrix can be clicked", cells.length > 0);
  if (cells.length === 0) return;
  const cell = await cells[0].getAttribute("data-cell");
  await cells[0].focus();
  await page.keyboard.press("Enter");
  const rows = await page.$$eval("#examples tbody tr", (all) =>
    all.map((row) => ({ cell: row.dataset.cell, hidden: row.hidden })));
  check("a cell shows its own examples and no others",
        rows.some((row) => !row.hidden) && rows.every((row) => row.hidden === (row.cell !== cell)), rows.slice(0, 5));
  check("the focus goes to them", await page.evaluate(() => document.activeElement?.id === "examples-shown"));
  await page.click("#examples-all");
  check("and all of them again", await page.$$eval("#examples tbody tr", (all) => all.every((row) => !row.hidden)));
}

async function harmless(page, seen) {
  check("no corpus text became a script or an element",
        await page.evaluate(() => globalThis.__planted === undefined &&
          document.querySelectorAll("main script, main img, main iframe, main b, main style, main [onerror]").length === 0));
  check("no dialog opened", seen.dialogs === 0, seen.dialogs);
  check("the planted text is there to be read", (await page.textContent("main")).includes("<script>"));
  // A right-to-left override in a text must not turn what stands after it.
  const order = await page.evaluate(() => {
    const fact = document.querySelector("dl.facts dt");
    return getComputedStyle(fact).direction;
  });
  check("the page still reads from left to right", order === "ltr", order);
  const loose = await page.$$eval("main", ([main]) => {
    const bad = [];
    const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode;
      if (/[\u202A-\u202E\u2066-\u2069\u0590-\u08FF]/.test(text.data) && !text.parentElement.closest("bdi")) bad.push(text.data);
    }
    return bad;
  });
  check("right-to-left text is isolated wherever it stands", loose.length === 0, loose.slice(0, 3));
}

async function main() {
  const binary = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(existsSync);
  const browser = await chromium.launch({
    executablePath: binary,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
           "--disable-component-update", "--disable-sync"],
  });
  try {
    const desktop = await open(browser, { viewport: { width: 1200, height: 900 }, colorScheme: "light" });
    const { page, seen } = desktop;
    const pixels = await drawn(page);
    check("there are charts, and each has drawn", pixels.length >= 2 && pixels.every((count) => count > 500), pixels);
    check("no table is cut off", (await cut(page)).length === 0, await cut(page));
    if (pictures) await page.screenshot({ path: `${pictures}/desktop.png`, fullPage: true });
    await sorts(page);
    await clicks(page);
    if (hostile) await harmless(page, seen);
    const light = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await page.emulateMedia({ colorScheme: "dark" });
    const dark = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    check("dark is dark, light is light", light !== dark, { light, dark });
    check("charts are drawn anew for the dark", (await drawn(page)).every((count) => count > 500));
    if (pictures) await page.screenshot({ path: `${pictures}/dark.png`, fullPage: true });
    check("no console error", seen.errors.length === 0, seen.errors);
    check("no request to anywhere", seen.requests.length === 0, seen.requests);
    await desktop.close();

    const phone = await open(browser, { viewport: { width: 360, height: 740 }, isMobile: true, deviceScaleFactor: 2 });
    const overflow = await phone.page.evaluate(() => document.scrollingElement.scrollWidth - window.innerWidth);
    check("a phone needs no sideways scrolling", overflow <= 0, overflow);
    check("nor does any table on it", (await cut(phone.page)).length === 0, await cut(phone.page));
    if (pictures) await phone.page.screenshot({ path: `${pictures}/phone.png`, fullPage: true });
    check("no console error on a phone", phone.seen.errors.length === 0, phone.seen.errors);
    await phone.close();

    // Where scripts are forbidden (Jenkins serves reports so), the page still says everything.
    const plain = await open(browser, { javaScriptEnabled: false });
    const text = await plain.page.textContent("main");
    check("it reads without scripts", (await plain.page.locator("#labels tbody tr").count()) > 1 &&
          (await plain.page.locator("h1").count()) === 1 && text.includes("accuracy"));
    await plain.close();
  } finally {
    await browser.close();
  }
  console.log(failures === 0 ? "the report works" : `${failures} checks failed`);
  process.exitCode = failures === 0 ? 0 : 1;
}

await main();
