// By the word of another house: npm's oidc-provider as that house, and a service of ours that is set so.

import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { faults } from "./pages.mjs";
import { device } from "./passkey.mjs";
import { holds, modules, program, somebody } from "./house.mjs";

const THEIRS = 18_481;
const OURS = 18_482;
/** Two sites, so that the browser keeps apart what is whose. */
const issuer = `http://127.0.0.1:${THEIRS}`;
const house = `http://localhost:${OURS}`;
const SECRET = "what both houses know";

/** A small city with its keys, and the identity number of its first person. */
function city(folder) {
  const at = { cwd: folder, stdio: ["pipe", "pipe", "inherit"] };
  const renshe = (line, input) => execFileSync(program, line, { ...at, input });
  const db = ["--db", "sqlite:city.db"];
  renshe(["store", "keys", "city.keys"]);
  renshe(["store", "migrate", ...db]);
  renshe(["synth", "--people", "200", "--into", "sqlite:city.db", "--keys", "city.keys"]);
  renshe(["synth", "--people", "200", "--out", "files", "--format", "csv"]);
  const [, first] = readFileSync(join(folder, "files/identities.csv"), "utf8").trim().split("\n");
  renshe(["login", "add", "li", "--role", "supervisor", "--as", "admin", ...db], "a secret of some length\n");
  renshe(["login", "bind", "li", "--issuer", issuer, "--subject", "li-1", "--as", "admin", ...db]);
  return first.split(",")[1];
}

/** The other house, on this machine. */
async function other(number) {
  const require = createRequire(`${modules}/`);
  const { default: Provider } = await import(pathToFileURL(require.resolve("oidc-provider")).href);
  const provider = new Provider(issuer, {
    clients: [{
      client_id: "renshe", client_secret: SECRET, redirect_uris: ["residents", "staff"].map((name) => `${house}/sign-in/with/${name}/back`),
      grant_types: ["authorization_code"], response_types: ["code"], id_token_signed_response_alg: "RS256",
    }],
    pkce: { required: () => true },
    claims: { openid: ["sub"], profile: ["id_number"] },
    conformIdTokenClaims: false,
    cookies: { keys: ["for a story only"] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, id_number: id === "wang" ? number : undefined }) }),
  });
  const said = [];
  for (const event of ["authorization.error", "grant.error", "server_error"]) provider.on(event, (_, error) => said.push(`${event}: ${error.error_description ?? error}`));
  return { said, listening: provider.listen(THEIRS, "127.0.0.1") };
}

/** Our service, set to take its word. */
async function ours(folder) {
  const one = (name, zh, en, whom, more) =>
    `[[provider]]\nname = '${name}'\nzh = '${zh}'\nen = '${en}'\nissuer = '${issuer}'\nclient = 'renshe'\nsecret = 'secret'\nfor = ['${whom}']\n${more}\n`;
  writeFileSync(join(folder, "secret"), `${SECRET}\n`);
  writeFileSync(join(folder, "renshe.toml"), [
    `db = 'sqlite:city.db'\nkeys = 'city.keys'\nlisten = '127.0.0.1:${OURS}'\npasskey = 'required'\n`,
    one("residents", "居民身份", "Resident ID", "persons", "scopes = ['profile']\nnumber = 'id_number'\nnumber-is-proven = true"),
    one("staff", "工作人员身份", "Staff ID", "staff", ""),
  ].join("\n"));
  const serving = spawn(program, ["serve", "--config", "renshe.toml"], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  serving.stderr.on("data", (text) => { log += text; });
  await new Promise((opened, failed) => {
    serving.stdout.on("data", (text) => `${text}`.includes("http://") && opened());
    serving.on("exit", () => failed(new Error(`the service did not open:\n${log}`)));
  });
  return { serving, log: () => log };
}

/** They press a button of ours, say there who they are, and agree. */
async function comesBy(page, name, who) {
  await page.click(`main a[href^="/sign-in/with/${name}"]`);
  await page.waitForURL((url) => url.origin === issuer);
  await page.fill('[name="login"]', who);
  await page.fill('[name="password"]', "any");
  await page.click("[type=submit]");
  await page.waitForURL((url) => url.origin === issuer && /interaction/.test(url.pathname));
  await page.click("[type=submit]");
  await page.waitForURL((url) => url.origin === house);
}

/** They go out of our house, are told that they are still in at the other, and go out there. */
async function leavesBoth(page, name) {
  await Promise.all([page.waitForURL((url) => url.pathname === `/sign-out/with/${name}`), page.click('header form[action="/sign-out"] button')]);
  const wrong = await faults(page);
  holds(!wrong.length, `the page that tells so: ${wrong}`);
  await page.click("main a.button:not(.second)");
  await page.waitForURL((url) => url.origin === issuer);
  await Promise.all([page.waitForNavigation(), page.click('button[name="logout"]')]);
  holds(new URL(page.url()).origin === issuer, `going out there led to ${page.url()}`);
}

export async function another_house_says_who_comes(browser) {
  holds(program, "it is not said where the program is: --program");
  const folder = mkdtempSync(join(tmpdir(), "renshe-story-"));
  const number = city(folder);
  const { said, listening } = await other(number);
  const { serving, log } = await ours(folder).catch((error) => { listening.close(); throw error; });
  const context = await somebody(browser, { lang: "en", at: house });
  try {
    const page = await context.newPage();
    // A person whom nobody has entered: the other house has proven their number.
    await page.goto(`${house}/me/data`);
    await comesBy(page, "residents", "wang");
    holds(new URL(page.url()).pathname === "/me/data", `a person came to ${page.url()}: ${await page.locator("main").innerText()} ${said}`);
    holds((await page.locator("header").innerText()).includes("person-1"), "the person is not in by their own login");
    const left = await context.cookies(house);
    holds(left.some(({ name, httpOnly, sameSite }) => name === "renshe" && httpOnly && sameSite === "Lax"), "no session is held");
    await leavesBoth(page, "residents");
    await page.goto(`${house}/me`);
    holds(new URL(page.url()).pathname === "/sign-in", "who went out is still in");
    // Somebody whom it knows and we do not; that it asks who comes shows that the first are out there too.
    await page.goto(`${house}/sign-in`);
    await comesBy(page, "staff", "nobody");
    holds((await page.locator("main code").first().innerText()) === "N0610", `a stranger came to ${page.url()}`);
    holds((await page.locator("main").innerText()).includes("nobody"), "the stranger is not told what to have bound");
    // Staff, bound by an administrator.
    await context.clearCookies({ domain: "127.0.0.1" });
    await page.goto(`${house}/sign-in`);
    await comesBy(page, "staff", "li-1");
    holds(new URL(page.url()).pathname === "/counter", `staff came to ${page.url()}`);
    await leavesBoth(page, "staff");
    await staff_needs_a_passkey(page);
    for (const secret of [number, "wang", SECRET, "code="]) holds(!log().includes(secret), "the log tells what it must not");
  } finally {
    serving.kill();
    listening.close();
    listening.closeAllConnections();
    await context.close();
    rmSync(folder, { recursive: true });
  }
}

/** By a secret alone no further than to a passkey; by that, in. */
async function staff_needs_a_passkey(page) {
  await device(page);
  const bySecret = async (then) => {
    await page.goto(`${house}/sign-in`);
    await page.fill('[name="login"]', "li");
    await page.fill('[name="secret"]', "a secret of some length");
    await Promise.all([page.waitForURL(then), page.click('form[action="/sign-in"] button[type=submit]')]);
  };
  const out = () => Promise.all([page.waitForURL((url) => url.pathname === "/"), page.click('header form[action="/sign-out"] button')]);
  await bySecret((url) => url.pathname === "/settings/passkeys");
  await page.goto(`${house}/counter`);
  holds(new URL(page.url()).pathname === "/settings/passkeys", "a secret alone went further than to add a passkey");
  await page.fill('[name="label"]', "Desk");
  await page.click('form[data-passkey="create"] button');
  await page.locator("td", { hasText: "Desk" }).waitFor();
  holds((await page.locator('form[data-passkey="create"]').count()) === 0, "a secret alone may add a second passkey");
  await out();
  await page.goto(`${house}/sign-in`);
  await Promise.all([page.waitForURL((url) => url.pathname === "/counter"), page.click('form[data-passkey="get"] button')]);
  await out();
}
