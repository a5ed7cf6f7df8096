// What a person meets.

import { comesIn, holds, PHONE, somebody } from "./house.mjs";

/** On a phone without script: a month, and why it is what it is. */
export async function a_person_sees_a_month_and_why(browser) {
  const context = await somebody(browser, { lang: "zh", viewport: PHONE, script: false });
  const page = await context.newPage();
  await comesIn(page, "demo-person");
  holds(new URL(page.url()).pathname === "/me", `a person begins at ${page.url()}`);
  holds((await page.locator("main svg[role=img] title").count()) > 0, "the picture has no title");
  const month = page.locator('main a[href*="/me/months/"]').first();
  await month.click();
  await page.waitForURL(/\/me\/months\//);
  const text = await page.locator("main").innerText();
  holds(/基数/.test(text) && /8%|8\.00%|费率/.test(text), `a month does not say why:\n${text.slice(0, 400)}`);
  holds((await page.locator('main a[href^="/law/"]').count()) > 0, "no step leads to the law");
  await context.close();
}
