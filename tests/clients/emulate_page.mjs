// Uses the emulator's page in headless Chromium as a person would, and as a page elsewhere would like to. Usage:
// node emulate_page.mjs http://127.0.0.1:PORT [--hostile] [--screenshots FOLDER] [--pid N]; needs playwright-core,
// axe-core, Chromium, and functions named classify and probe (tests/emulator/probe.py) behind the page. --pid: what
// serves it, ended at the end. Prints a line a check; status 1 if any failed.
import { existsSync } from "node:fs";
import { createServer, request as http_request } from "node:http";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { drawn } from "./canvases.mjs";

const require = createRequire(resolve(process.env.CLIENTS_NODE_MODULES ?? "node_modules", "_"));
const { chromium } = require("playwright-core");
const { source: axe } = require("axe-core");

const [, , address, ...flags] = process.argv;
const option = (name) => (flags.includes(name) ? flags[flags.indexOf(name) + 1] : null);
const hostile = flags.includes("--hostile");
const pictures = option("--screenshots");
const port = new URL(address).port;
const page_address = `${address}/_textlambda/`;
let failures = 0;

function check(name, good, detail = "") {
  console.log(`${good ? "ok  " : "FAIL"} ${name}${good ? "" : `: ${JSON.stringify(detail)}`}`);
  if (!good) ++failures;
}

async function open(browser, options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const seen = { errors: [], requests: [], own: [], dialogs: 0 };
  page.on("console", (message) => {
    // A browser says of every answer of 400 and above that it was one; those that the test asks for are no fault.
    if (message.type() === "error" && message.text().startsWith("Failed to load resource")) return;
    if (message.type() === "error" || message.type() === "warning") seen.errors.push(message.text());
  });
  page.on("pageerror", (error) => seen.errors.push(String(error)));
  page.on("request", (request) => {
    if (request.url().startsWith(`${address}/`)) seen.own.push(request.url());
    else if (!request.url().startsWith("data:")) seen.requests.push(request.url());
  });
  page.on("dialog", (dialog) => {
    ++seen.dialogs;
    dialog.dismiss();
  });
  await page.goto(page_address);
  await page.waitForSelector("#connection.live");
  return { page, seen, close: () => context.close() };
}

const stats = async () => (await fetch(`${page_address}stats`)).json();
const text_of = (page, selector) => page.textContent(selector);

// Sends what stands in the form, and waits for what comes of it.
async function send(page, event, more = {}) {
  await page.selectOption("#try-function", more.function ?? "probe");
  await page.selectOption("#try-type", more.type ?? "RequestResponse");
  await page.fill("#try-event", event);
  await page.click("#try button");
  await page.waitForFunction(() => !document.querySelector("#try button").disabled &&
    !["", "sent"].includes(document.querySelector("#answer-status").textContent));
  return { status: await text_of(page, "#answer-status"), body: await text_of(page, "#answer-body"),
           log: await text_of(page, "#answer-log") };
}

async function sends_events(page) {
  const planted = "<script>globalThis.__planted = 4</script>";
  const before = (await stats()).totals.invocations;
  const echo = await send(page, JSON.stringify({ do: "echo", text: planted }));
  check("an event is answered", echo.status.startsWith("answered after ") && echo.status.includes("request "), echo);
  check("the answer is shown, indented", JSON.parse(echo.body).event.text === planted && echo.body.includes("\n  "), echo.body);
  check("and so is the log of the invocation", echo.log.startsWith("START RequestId: "), echo.log);
  const id = echo.status.match(/[0-9a-f-]{36}/)?.[0] ?? "none";
  await page.waitForFunction((wanted) =>
    document.querySelector("#invocations tbody tr")?.textContent.includes(wanted), id, { timeout: 5000 }).catch(() => {});
  check("the invocation comes up in the list", (await text_of(page, "#invocations tbody tr")).includes(id), id);

  const error = await send(page, JSON.stringify({ do: "error" }));
  check("a function's error is told as one", error.status.startsWith("function error: Unhandled"), error);
  check("with what it says", JSON.parse(error.body).errorType === "Told", error.body);
  await page.waitForFunction(() => document.querySelector("#invocations tbody tr .why")?.textContent === "Told", null,
                             { timeout: 5000 }).catch(() => {});
  check("its type comes up in the list", (await text_of(page, "#invocations tbody tr")).includes("Told"));

  check("Event is accepted", (await send(page, "{}", { type: "Event" })).status.startsWith("202 accepted"));
  check("DryRun calls nothing", (await send(page, "{}", { type: "DryRun" })).status.startsWith("204 may be called"));
  const broken = await send(page, "{ no json");
  check("what is no JSON is told before it is sent", await page.isVisible("#try-fault") &&
    (await page.getAttribute("#try-event", "aria-invalid")) === "true");
  check("and refused as Lambda does", broken.status.startsWith("400 InvalidRequestContentException"), broken);
  await page.fill("#try-event", "{}");
  check("until it is JSON", !(await page.isVisible("#try-fault")));
  await page.waitForTimeout(500);
  const after = (await stats()).totals.invocations;
  check("three of them were invocations", after - before === 3, { before, after });
}

async function samples(page) {
  check("there is a sample of every source", (await page.$$("#try-source option")).length > 25);
  await page.selectOption("#try-source", "sqs");
  await page.fill("#try-text", 'where is "my" parcel?');
  await page.waitForFunction(() => document.querySelector("#try-event").value.includes("my"), null, { timeout: 5000 })
    .catch(() => {});
  const event = JSON.parse(await page.inputValue("#try-event"));
  check("a sample of SQS has the text in it", event.Records[0].eventSource === "aws:sqs" &&
    event.Records[0].body === 'where is "my" parcel?', event);
  const answer = await send(page, await page.inputValue("#try-event"), { function: "classify" });
  check("and classify takes it", answer.status.startsWith("answered"), answer);
}

async function by_keyboard(page) {
  await page.focus("a.skip");
  const order = [];
  for (let i = 0; i < 40; ++i) {
    order.push(await page.evaluate(() => document.activeElement.id || document.activeElement.textContent.trim().slice(0, 20)));
    await page.keyboard.press("Tab");
  }
  const wanted = ["chosen", "pause", "try-function", "try-qualifier", "try-type", "try-source", "try-text", "try-event", "Send",
                  "only-failed", "follow", "log"];
  const places = wanted.map((name) => order.indexOf(name));
  check("Tab leads through all of it, in order", places.every((at, i) => at >= 0 && (i === 0 || at > places[i - 1])), order);

  await page.selectOption("#try-function", "probe");
  await page.fill("#try-event", '{"do":"echo","n":12345678901234567890}');
  await page.focus("#try-event");
  await page.keyboard.press("Control+Enter");
  await page.waitForFunction(() => document.querySelector("#answer-body").textContent.includes("1234567890"), null,
                             { timeout: 5000 }).catch(() => {});
  check("Ctrl+Enter sends", (await text_of(page, "#answer-body")).includes("1234567890"));

  await page.focus("#pause");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector("#connection-text").textContent === "paused");
  check("Pause says so", (await page.getAttribute("#pause", "aria-pressed")) === "true");
  let asked = 0;
  const count = () => ++asked;
  page.on("request", count);
  await page.waitForTimeout(2500);
  page.off("request", count);
  check("and asks nothing more", asked === 0, asked);
  await page.keyboard.press("Enter");
  await page.waitForSelector("#connection.live");
  check("until it goes on", (await page.getAttribute("#pause", "aria-pressed")) === "false");
}

async function filters(page) {
  const visible = () => page.$$eval("#invocations tbody tr", (rows) =>
    rows.filter((row) => !row.hidden).map((row) => row.textContent));
  const all = (await visible()).length;
  await page.check("#only-failed");
  const failed = await visible();
  check("failed ones alone", failed.length > 0 && failed.length < all && failed.every((text) => !text.includes("answered")), failed);
  await page.uncheck("#only-failed");
  await page.selectOption("#chosen", "classify");
  check("those of one function alone", (await visible()).every((text) => text.includes("classify")));
  await page.selectOption("#chosen", "");
}

// What a person who does not see the page, or hardly, is told of it.
async function accessible(page, name) {
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const result = await globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"] });
    return result.violations.map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.target).join(" ")}`);
  });
  check(`axe finds nothing (${name})`, found.length === 0, found);
}

async function harmless(page, seen) {
  check("nothing from a function became a script or an element",
        await page.evaluate(() => globalThis.__planted === undefined &&
          document.querySelectorAll("main script, main img, main iframe, main b, main style, main [onerror]").length === 0));
  check("no dialog opened", seen.dialogs === 0, seen.dialogs);
  if (!hostile) return;
  for (const place of ["#functions", "#invocations", "#log", "#chosen", "#try-function"]) {
    check(`the planted text is there to be read: ${place}`, (await text_of(page, place)).includes("<script>globalThis"));
  }
  const loose = await page.$$eval("main", ([main]) => {
    const bad = [];
    const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      if (/[\u202A-\u202E\u2066-\u2069\u0590-\u08FF]/.test(walker.currentNode.data) &&
          !walker.currentNode.parentElement.closest("bdi, pre")) bad.push(walker.currentNode.data);
    }
    return bad;
  });
  check("right-to-left text is isolated", loose.length === 0, loose);
}

// Even where a script found a way into the page, the browser would not run it, and it could tell nobody.
async function policy(browser) {
  const { page, close } = await open(browser, {});
  const outcome = await page.evaluate(async (elsewhere) => {
    const script = document.createElement("script");
    script.textContent = "globalThis.__ran = 1";
    document.body.append(script);
    const image = document.createElement("p");
    image.setAttribute("onclick", "globalThis.__ran = 2");
    document.body.append(image);
    image.click();
    const told = await fetch(elsewhere).then(() => true, () => false);
    return { ran: globalThis.__ran ?? 0, told };
  }, "http://localhost:9/");
  check("a script without the nonce is not run", outcome.ran === 0, outcome);
  check("and the page can speak to nobody else", !outcome.told, outcome);
  await close();
}

// A page of another origin, in the same browser.
async function from_elsewhere(browser) {
  const server = createServer((request, response) => {
    response.setHeader("Content-Type", "text/html");
    response.end(`<!DOCTYPE html><title>elsewhere</title><iframe id="frame" src="${page_address}"></iframe>
      <form id="form" method="post" enctype="text/plain" action="${address}/2015-03-31/functions/probe/invocations">
      <input name='{"do":"echo","a":"' value='"}'></form>`);
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const before = (await stats()).ended;
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  const tried = await page.evaluate(async (target) => {
    const url = `${target}/2015-03-31/functions/probe/invocations`;
    // "no-cors" asks for nobody's leave; the answer is not to be read, but the function would have run.
    await fetch(url, { method: "POST", mode: "no-cors", body: '{"do":"echo"}' }).catch(() => {});
    const read = await fetch(`${target}/_textlambda/stats`).then((answer) => answer.text(), () => "");
    return { read };
  }, address);
  check("a page elsewhere reads nothing", tried.read === "", tried);
  await page.waitForTimeout(300);
  const framed = page.frames()[1];
  check("nor has it the page in a frame", (await framed.locator("#tiles").count().catch(() => 0)) === 0);
  const answers = [];
  page.on("response", (response) => answers.push(response.status()));
  await page.evaluate(() => document.getElementById("form").submit());
  await page.waitForLoadState("load").catch(() => {});
  await page.waitForTimeout(300);
  check("a form of its own is refused", answers.includes(403), answers);
  check("and no function ran", (await stats()).ended === before, await stats().then((one) => one.ended - before));
  await context.close();
  server.close();
}

// The name of a page elsewhere, made to mean this machine.
async function rebound(binary) {
  const browser = await chromium.launch({
    executablePath: binary, args: ["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP rebound.example 127.0.0.1"],
  });
  const page = await browser.newPage();
  const answer = await page.goto(`http://rebound.example:${port}/_textlambda/`);
  check("a name made to mean this machine is refused", answer.status() === 403, answer.status());
  const invoked = await page.evaluate(async () =>
    (await fetch("/2015-03-31/functions/probe/invocations", { method: "POST", body: "{}" })).status);
  check("and runs no function", invoked === 403, invoked);
  await browser.close();
}

// What a program gets that says it is somebody else's page, or nobody's.
async function by_hand() {
  const status = (headers, method = "POST", path = "/2015-03-31/functions/probe/invocations") =>
    new Promise((done) => {
      const asked = http_request({ host: "127.0.0.1", port, path, method, headers }, (answer) => {
        answer.resume();
        done(answer.statusCode);
      });
      asked.end("{}");
    });
  check("a program that is no browser calls", (await status({ Host: `127.0.0.1:${port}` })) === 200);
  check("whatever this machine is called", (await status({ Host: `localhost:${port}` })) === 200);
  check("a null origin does not", (await status({ Host: `127.0.0.1:${port}`, Origin: "null" })) === 403);
}

async function main() {
  const binary = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(existsSync);
  const browser = await chromium.launch({
    executablePath: binary,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
           "--disable-component-update", "--disable-sync"],
  });
  try {
    const desktop = await open(browser, { viewport: { width: 1280, height: 900 }, colorScheme: "light" });
    const { page, seen } = desktop;
    await samples(page);
    await sends_events(page);
    await by_keyboard(page);
    await filters(page);
    const pixels = await drawn(page);
    check("both charts have drawn", pixels.length === 2 && pixels.every((count) => count > 500), pixels);
    const labels = await page.$$eval("canvas", (all) => all.map((canvas) => canvas.getAttribute("aria-label")));
    check("and are told in words", labels.every((label) => /\d/.test(label)), labels);
    check("the figures are there", /\d/.test(await text_of(page, "#tiles")) && (await page.$$("#tiles dt")).length >= 10);
    check("functions are listed", (await text_of(page, "#functions")).includes("classify"));
    check("environments are listed", (await page.$$("#environments tbody tr")).length > 0);
    await harmless(page, seen);
    await accessible(page, "light");
    if (pictures) await page.screenshot({ path: `${pictures}/desktop.png`, fullPage: true });
    const light = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await page.emulateMedia({ colorScheme: "dark" });
    const dark = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    check("dark is dark, light is light", light !== dark, { light, dark });
    check("charts are drawn anew for the dark", (await drawn(page)).every((count) => count > 500));
    await accessible(page, "dark");
    if (pictures) await page.screenshot({ path: `${pictures}/dark.png`, fullPage: true });
    check("no console error", seen.errors.length === 0, seen.errors);
    check("no request to anywhere else", seen.requests.length === 0, seen.requests);

    const phone = await open(browser, { viewport: { width: 360, height: 740 }, isMobile: true, deviceScaleFactor: 2 });
    const overflow = await phone.page.evaluate(() => document.scrollingElement.scrollWidth - window.innerWidth);
    check("a phone needs no sideways scrolling", overflow <= 0, overflow);
    if (pictures) await phone.page.screenshot({ path: `${pictures}/phone.png`, fullPage: true });
    check("no console error on a phone", phone.seen.errors.length === 0, phone.seen.errors);
    await phone.close();

    const plain = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
    await plain.goto(page_address);
    check("without scripts it says where the figures are", (await plain.textContent("main")).includes("/_textlambda/stats"));

    await policy(browser);
    await from_elsewhere(browser);
    await rebound(binary);
    await by_hand();

    if (option("--pid") !== null) {
      process.kill(Number(option("--pid")));
      await page.waitForSelector("#connection.lost", { timeout: 5000 }).catch(() => {});
      check("it says when nobody answers any more", (await text_of(page, "#connection")).includes("does not answer"));
    }
    await desktop.close();
  } finally {
    await browser.close();
  }
  console.log(failures === 0 ? "the emulator's page works" : `${failures} checks failed`);
  process.exitCode = failures === 0 ? 0 : 1;
}

await main();
