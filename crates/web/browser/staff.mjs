// The counter and the city's page, as staff and planners use them.

import { base, comesIn, holds, somebody } from "./house.mjs";

async function as(browser, persona) {
  const context = await somebody(browser, { lang: "en" });
  const page = await context.newPage();
  await comesIn(page, persona);
  return page;
}

const says = (page) => page.textContent("main");

/** Goes on, with what was filled in. */
const goesOn = (page) => Promise.all([page.waitForNavigation(), page.click("main form button")]);

/** Somebody of the staff says what for, and looks for a person by number. */
export async function findsPerson(page, number, purpose) {
  await page.goto(`${base}/counter`);
  await page.fill('[name="query"]', number);
  await page.fill('[name="purpose"]', purpose);
  await goesOn(page);
}

/** A clerk asks for a correction, one question at a time; gives where it waits. */
export async function asksForCorrection(clerk, number, purpose) {
  await findsPerson(clerk, number, purpose);
  await clerk.goto(`${base}/counter/persons/${number}`);
  await clerk.locator('main table a[href*="/correct?"]').last().click();
  await clerk.check('[value="declared"]');
  await goesOn(clerk);
  await goesOn(clerk);
  await clerk.fill('[name="value"]', "7321");
  await goesOn(clerk);
  await clerk.fill('[name="reason"]', "the payslip");
  await goesOn(clerk);
  holds(/7,321\.00/.test(await says(clerk)), "what shall be is not shown before it is sent");
  await goesOn(clerk);
  return new URL(clerk.url()).pathname;
}

/** The number of the demo's person, as they see it. */
export async function numberOf(browser) {
  const person = await as(browser, "demo-person");
  await person.goto(`${base}/me/data`);
  const number = (await says(person)).match(/Number in the register\s*(\d+)/)[1];
  await person.context().close();
  return number;
}

/** A clerk asks for a correction, a supervisor sees exactly what changes and approves, and the person sees who looked. */
export async function a_correction_is_made_by_two(browser) {
  const purpose = `payslip ${Date.now() % 100_000}`;
  const number = await numberOf(browser);
  const clerk = await as(browser, "demo-city-clerk");
  const asked = await asksForCorrection(clerk, number, purpose);
  holds(!(await clerk.$('[value="approve"]')), "who asked may approve");

  const supervisor = await as(browser, "demo-supervisor");
  await supervisor.goto(`${base}/counter/inbox`);
  await supervisor.fill('[name="purpose"]', purpose);
  await goesOn(supervisor);
  await supervisor.click(`main a[href="${asked}"]`);
  holds(/7,321\.00/.test(await says(supervisor)), "the supervisor does not see what changes");
  await Promise.all([supervisor.waitForNavigation(), supervisor.click('[value="approve"]')]);

  const person = await as(browser, "demo-person");
  await person.goto(`${base}/me/looks`);
  holds((await says(person)).includes(purpose), "the person does not see who looked, and what for");
  await person.goto(`${base}/me/data`);
  holds(/7,321\.00/.test(await says(person)), "the register was not corrected");
  for (const page of [person, clerk, supervisor]) await page.context().close();
}

/** A planner opens a district from the map. */
export async function a_planner_opens_a_district(browser) {
  const planner = await as(browser, "demo-planner");
  await planner.goto(`${base}/city`);
  await planner.locator("svg.tiles a").first().click();
  await planner.waitForURL(/\/city\/\d{6}/);
  holds(await planner.$("main table"), "the district shows no figures");
  await planner.context().close();
}
