// A browser before the house: what the stories share.

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { argv } from "node:process";

const asked = {};
for (let at = 2; at < argv.length; at += 2) asked[argv[at].replace(/^--/, "")] = argv[at + 1];

/** Where the house is, where the libraries and the program lie, which browser is used, and which stories are told. */
export const { base, modules, program, chromium, pictures } = asked;
export const only = asked.only?.split(",");

const require = createRequire(`${modules}/`);
const { chromium: engine } = require("playwright-core");
export const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

/** The browser. */
export const launched = () =>
  engine.launch({ executablePath: chromium, args: ["--no-sandbox", "--disable-dev-shm-usage", "--force-color-profile=srgb"] });

/** A phone of 320 px, one of today, and a screen. */
export const SMALL = { width: 320, height: 640 };
export const PHONE = { width: 360, height: 740 };
export const WIDE = { width: 1280, height: 900 };

/** Somebody new with a browser, who reads so. */
export async function somebody(browser, { lang = "zh", scheme = "light", type = "usual", viewport = WIDE, script = true, scale = 1, at = base } = {}) {
  const context = await browser.newContext({
    viewport, javaScriptEnabled: script, deviceScaleFactor: scale, colorScheme: scheme, locale: lang === "zh" ? "zh-CN" : "en-GB",
  });
  await reads(context, { lang, scheme, type, at });
  return context;
}

/** They read otherwise from now on. */
export const reads = (context, { lang, scheme, type, at = base }) =>
  context.addCookies(Object.entries({ lang, scheme, type }).map(([name, value]) => ({ name, value, url: at })));

/** They come in as a persona, with one click. */
export async function comesIn(page, persona, at = base) {
  await page.goto(`${at}/sign-in`);
  await Promise.all([page.waitForURL((url) => url.pathname !== "/sign-in"), page.click(`form:has([name="persona"][value="${persona}"]) button`)]);
}

/** Presses Tab until what has the focus is wanted: nobody may be shut out or locked in. */
export async function tabTo(page, wanted, what) {
  for (let pressed = 0; pressed < 200; pressed += 1) {
    await page.keyboard.press("Tab");
    if (await page.evaluate(wanted)) return;
  }
  throw new Error(`the keyboard does not come to ${what}`);
}

/** What should be so. */
export function holds(so, what) {
  if (!so) throw new Error(what);
}
