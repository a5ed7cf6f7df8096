// Every page of the table of routes, read by axe in either language, light and dark, small and large.

import { readFileSync } from "node:fs";
import { faulty, sound } from "./keyboard.mjs";
import { triesOverAFile } from "./law.mjs";
import { asksForCorrection, findsPerson, numberOf } from "./staff.mjs";
import { axe, base, comesIn, holds, launched, reads, SMALL, somebody, WIDE } from "./house.mjs";

const PERSONAS = [null, "demo-person", "demo-agent", "demo-clerk", "demo-city-clerk", "demo-supervisor", "demo-auditor", "demo-planner", "demo-administrator"];
const WAYS = [
  { lang: "zh", scheme: "light", type: "usual", viewport: WIDE },
  { lang: "en", scheme: "dark", type: "usual", viewport: SMALL },
  { lang: "zh", scheme: "dark", type: "large", viewport: SMALL },
  { lang: "en", scheme: "light", type: "large", viewport: WIDE },
];
const LARGEST = 100_000;
/** Of a list of records a few are opened. */
const OF_EACH = 2;

// A test of the crate holds this file equal to the table.
const table = readFileSync(new URL("routes.txt", import.meta.url), "utf8").trim().split("\n");
const routes = table.map((row) => row.split(" ")).filter(([method]) => method === "GET").map(([, path]) => path);
const patterns = routes.map((path) => [path, new RegExp(`^${path.replace(/[.]/g, "\\.").replace(/\{[^}]+\}/g, "[^/]+")}$`)]);
const literal = (path) => path.split("/").filter((part) => part && !part.startsWith("{")).length;
const route = (path) =>
  patterns.filter(([, pattern]) => pattern.test(path)).map(([path]) => path).sort((one, other) => literal(other) - literal(one))[0];

/** Leaves something where links lead to: spreadsheets of a month, a correction that waits, a person who was looked for, a law tried. */
async function prepare(page, persona, number) {
  if (persona === "demo-agent") {
    const drafts = [];
    for (const file of [sound(), faulty()]) {
      await page.goto(`${base}/employer/declare`);
      await page.setInputFiles('input[type="file"]', file);
      await Promise.all([page.waitForNavigation(), page.click("main form button")]);
      drafts.push(new URL(page.url()).pathname);
    }
    return drafts;
  }
  if (persona === "demo-planner") return triesOverAFile(page);
  if (persona === "demo-city-clerk") return [await asksForCorrection(page, number, "to be read"), `/counter/persons/${number}`];
  if (["demo-clerk", "demo-supervisor", "demo-auditor"].includes(persona)) await findsPerson(page, number, "to be read");
  return [];
}

/** Follows links from where somebody begins; gives an address or two of each route. */
async function walk(page, found, also) {
  const waiting = [page.url(), ...also.map((path) => base + path), `${base}/`, `${base}/look`, ...routes.filter((path) => !path.includes("{")).map((path) => base + path)];
  const seen = new Set();
  const counts = new Map();
  while (waiting.length) {
    const address = new URL(waiting.shift());
    address.hash = "";
    const to = route(address.pathname);
    if (address.origin !== base || !to || seen.has(address.href) || (counts.get(to) ?? 0) >= OF_EACH) continue;
    if (address.pathname.startsWith("/look/") || /\.(csv|xlsx|json|pdf)$/.test(address.pathname)) continue;
    seen.add(address.href);
    const came = await page.request.get(address.href, { maxRedirects: 0 });
    const kind = came.headers()["content-type"] ?? "";
    if (came.status() !== 200 || !kind.startsWith("text/html")) continue;
    counts.set(to, (counts.get(to) ?? 0) + 1);
    const text = await came.text();
    holds(Buffer.byteLength(text) < LARGEST, `${address.pathname} has ${Buffer.byteLength(text)} bytes`);
    if (!found.has(to)) found.set(to, address.href);
    for (const [, href] of text.matchAll(/<a [^>]*href="([^"]+)"/g)) waiting.push(new URL(href.replaceAll("&amp;", "&"), address).href);
  }
}

/** What is wrong with the page as it is shown. */
export async function faults(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
  const told = violations.map((one) => `${one.id} at ${one.nodes.slice(0, 2).map((node) => node.target).join(", ")}: ${one.nodes[0].failureSummary.split("\n").slice(1, 2).join().trim()}`);
  const over = await page.evaluate(() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth);
  if (over > 0) told.push(`it is ${over} px wider than the screen`);
  return told;
}

export async function axe_finds_nothing_on_any_page(browser) {
  const found = new Map();
  const wrong = [];
  let looked = 0;
  const number = await numberOf(browser);
  for (const persona of PERSONAS) {
    const context = await somebody(browser, { lang: "zh" });
    const page = await context.newPage();
    await page.goto(base);
    if (persona) await comesIn(page, persona);
    const before = new Set(found.keys());
    await walk(page, found, await prepare(page, persona, number));
    const fresh = [...found].filter(([to]) => !before.has(to));
    for (const way of WAYS) {
      await reads(context, way);
      await page.emulateMedia({ colorScheme: way.scheme });
      await page.setViewportSize(way.viewport);
      for (const [to, address] of fresh) {
        await page.goto(address);
        looked += 1;
        for (const fault of await faults(page)) wrong.push(`${to} (${way.lang}, ${way.scheme}, ${way.type}, ${way.viewport.width}): ${fault}`);
      }
    }
    await context.close();
  }
  // Files, what programs ask, and the way to another house, which a story of its own goes.
  const files = /^\/look\/|\.(csv|xlsx|json)$|^\/api\/|\{file\}|^\/\.well-known|^\/sign-(in|out)\/with\//;
  const unseen = routes.filter((path) => !found.has(path) && !files.test(path));
  if (unseen.length) wrong.push(`no link leads to ${unseen.join(", ")}`);
  holds(!wrong.length, `\n        ${wrong.join("\n        ")}`);
  return `${found.size} pages, looked at ${looked} times`;
}
