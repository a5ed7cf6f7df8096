// What anybody meets in the library.

import { base, comesIn, holds, PHONE, reads, somebody } from "./house.mjs";
import { faults } from "./pages.mjs";

const CHANGED = "with=employer-rate%3D15%25&since=2025-06-30&ask=employer-due";

/** Two hundred people of two districts, and three of another; one without a wage. */
const people = () => {
  const row = (at) => `p${at},${at === 7 ? "" : 5_000 + 97 * at},${at < 120 ? "渝北区" : at < 200 ? "渝中区" : "万州区"}`;
  const rows = Array.from({ length: 203 }, (_, at) => row(at));
  return { name: "people.csv", mimeType: "text/csv", buffer: Buffer.from(`id,wage,district\n${rows.join("\n")}\n`) };
};

/** Tries a changed figure over a file; gives where the file is asked for, and where it is told what came of it. */
export async function triesOverAFile(page) {
  await page.goto(`${base}/law/cn-50/what-if?${CHANGED}`);
  await page.locator("main svg.picture").first().waitFor();
  await page.locator('main a[href*="/what-if/population?"]').click();
  const asks = new URL(page.url());
  await page.setInputFiles('input[type="file"]', people());
  await Promise.all([page.waitForURL(/\/population\/[0-9a-f]+$/), page.click("main form button")]);
  return [asks.pathname + asks.search, new URL(page.url()).pathname];
}

/** Who plans for the city tries it over people of their own; of a few nothing is told, and axe finds nothing in it. */
export async function a_reform_is_tried_over_a_file(browser) {
  const context = await somebody(browser, { lang: "en", viewport: PHONE });
  const page = await context.newPage();
  await comesIn(page, "demo-planner");
  const [, told] = await triesOverAFile(page);
  const text = await page.textContent("main");
  holds(/a file of 203 rows/.test(text) && /a fact is missing \(R0101\), first in row 8/.test(text), `no result:\n${text.slice(0, 600)}`);
  const wrong = await faults(page);
  holds(!wrong.length, wrong.join("; "));
  const file = await page.request.get(`${base}${told}/what-if.csv`);
  const lines = (await file.text()).split("\n").filter((line) => line.startsWith("Wanzhou"));
  holds(lines.length && lines.every((line) => line.includes("below 5")), `three people are told of:\n${lines.join("\n")}`);
  await context.close();
}

/** A rule is tried with one's own numbers; what is wrong is told at its field; the case can be shared. */
export async function the_law_is_tried_with_ones_own_numbers(browser) {
  const context = await somebody(browser, { lang: "en", viewport: PHONE });
  const page = await context.newPage();
  await page.goto(`${base}/law/cn-50/rule/contribution-base`);
  const wage = page.locator('main form [name="wage"]');
  holds((await wage.count()) === 1, "there is no field for the wage");
  await wage.fill("12O0");
  await page.locator("main form button:not([name])").last().click();
  await page.waitForLoadState();
  holds((await page.locator(".faults a").count()) > 0, "a wage that is none is not told");
  await page.locator('main form [name="wage"]').fill("8123.45");
  await page.locator("main form button:not([name])").last().click();
  await page.waitForLoadState();
  const text = await page.locator("main").innerText();
  holds(/8,123\.45/.test(text), `no answer:\n${text.slice(0, 600)}`);
  holds(page.url().includes("8123.45"), "the case is not in the address");
  await context.close();
}

/** A figure is tried as another from its own page: what is told can be left, shared and taken along, and axe finds nothing in it. */
export async function a_figure_is_tried_as_another(browser) {
  const context = await somebody(browser, { lang: "en", viewport: PHONE });
  const page = await context.newPage();
  await page.goto(`${base}/law/cn/figure/employer-rate`);
  await page.locator('main a[href*="/what-if?figure=employer-rate"]').click();
  await page.locator('main form [name="value"]').fill("15 yuan");
  await page.locator('main form [name="since"]').fill("2025-06-30");
  await page.locator("main form button").click();
  await page.waitForLoadState();
  holds((await page.locator(".faults a").count()) > 0, "a value the law does not take is not told");
  await page.locator('main form [name="value"]').fill("15%");
  await page.locator("main form button").click();
  await page.locator("main svg.picture").first().waitFor();
  const text = await page.locator("main").innerText();
  holds(/Cost the employer less/.test(text), `no result:\n${text.slice(0, 600)}`);
  holds(page.url().includes("with=employer-rate"), "the change is not in the address");
  const shared = page.url();
  for (const lang of ["zh", "en"]) {
    for (const scheme of ["light", "dark"]) {
      await reads(context, { lang, scheme, type: "usual" });
      await page.goto(shared);
      const wrong = await faults(page);
      holds(!wrong.length, `${lang}, ${scheme}: ${wrong.join("; ")}`);
    }
  }
  const file = await page.request.get(new URL(await page.locator('main a[href*="what-if.csv"]').getAttribute("href"), shared).href);
  holds(file.status() === 200 && (await file.text()).split("\n").length > 30, "there is no file");
  await context.close();
}
