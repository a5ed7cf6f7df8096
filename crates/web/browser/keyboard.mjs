// Without a mouse.

import { base, holds, somebody, tabTo } from "./house.mjs";

/** The first thing the keyboard meets leads past the head, and what has the focus is seen. */
export async function somebody_signs_in_by_keyboard_alone(browser) {
  const context = await somebody(browser, { lang: "en" });
  const page = await context.newPage();
  await page.goto(base);
  await page.keyboard.press("Tab");
  holds(await page.evaluate(() => document.activeElement.className === "skip"), "the first stop is not the way past the head");
  await tabTo(page, () => document.activeElement.getAttribute("href") === "/sign-in", "signing in");
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  holds(outline !== "none", "what has the focus is not marked");
  await page.keyboard.press("Enter");
  await page.waitForURL(/sign-in/);
  await tabTo(page, () => document.activeElement.form?.elements.persona?.value === "demo-agent", "the employer's agent");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/employer/);
  await tabTo(page, () => document.activeElement.closest('form[action="/sign-out"]'), "signing out");
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.pathname === "/");
  await context.close();
}

/** A resident identity number with its check digit. */
function identity(digits) {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((sum, weight, at) => sum + weight * Number(digits[at]), 0);
  return digits + "10X98765432"[sum % 11];
}

/** What is pressed, once it has the focus, and the page that comes. */
async function presses(page, wanted, what, comes) {
  await tabTo(page, wanted, what);
  await Promise.all([page.waitForURL(comes), page.keyboard.press("Enter")]);
}

/** A spreadsheet of one new person whose wage is no number. */
export const faulty = () => {
  const rows = `identity number,name,monthly wage\n${identity("50010319900307765")},键盘,12O0\n`;
  return { name: "staff.csv", mimeType: "text/csv", buffer: Buffer.from(rows) };
};

/** The same without a fault: of the staff it names nobody. */
export const sound = () => {
  const rows = `identity number,name,monthly wage\n${identity("50010319900307765")},键盘,6200\n`;
  return { name: "staff.csv", mimeType: "text/csv", buffer: Buffer.from(rows) };
};

/** A spreadsheet with a fault is handed in, mended beside the cell, recorded, and withdrawn. */
export async function a_month_is_declared_by_keyboard_alone(browser) {
  const context = await somebody(browser, { lang: "en" });
  const page = await context.newPage();
  await page.goto(`${base}/sign-in`);
  await presses(page, () => document.activeElement.form?.elements.persona?.value === "demo-agent", "the employer's agent", /\/employer$/);
  await presses(page, () => document.activeElement.getAttribute("href") === "/employer/declare", "declaring", /declare/);
  await tabTo(page, () => document.activeElement.type === "file", "the spreadsheet");
  // The window in which a file is chosen is the system's and not ours.
  await page.setInputFiles(":focus", faulty());
  await tabTo(page, () => document.activeElement.name === "coverage", "whose wages they are");
  await page.keyboard.press("ArrowDown");
  await presses(page, () => document.activeElement.matches("main form button"), "having it looked at", /\/drafts\//);
  await tabTo(page, () => document.activeElement.getAttribute("aria-invalid") === "true", "the cell with the fault");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("6200");
  await tabTo(page, () => document.activeElement.matches("main form button"), "looking again");
  await Promise.all([page.waitForLoadState("load"), page.waitForNavigation(), page.keyboard.press("Enter")]);
  await presses(page, () => document.activeElement.form?.action.endsWith("/submit") && document.activeElement.matches("button"), "handing it in", /\/declarations\//);
  const declaration = page.url();
  await presses(page, () => /\/withdraw$/.test(document.activeElement.getAttribute("href") ?? ""), "withdrawing it", /\/withdraw/);
  await tabTo(page, () => document.activeElement.matches("main form button"), "saying so");
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
  await page.goto(declaration);
  holds(/undone/.test(await page.textContent("main")), "the declaration still stands");
  await context.close();
}
