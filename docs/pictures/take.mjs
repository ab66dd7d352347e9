// Drives the page that `inglenook preview` serves, and takes the README's pictures.
//
//   npm install playwright-core
//   inglenook preview                (in another terminal; it prints URL)
//   node take.mjs URL [FOLDER]
//
// CHROMIUM names the browser (default /usr/bin/chromium).
import { chromium } from "playwright-core";

const [url, folder = "."] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
const page = await browser.newPage({ viewport: { width: 860, height: 780 }, deviceScaleFactor: 2 });
const complaints = [];
page.on("console", (message) => {
  if (message.type() === "error" && !message.text().includes("404")) complaints.push(message.text());
});

const input = page.locator("#channel-composer-input");
const timeline = page.locator("#channel-timeline");

async function settled(pause = 500) {
  await page.waitForFunction(() => window.simcordPreview?.ready && !window.simcordPreview.pendingAction);
  await page.waitForTimeout(pause);
}

async function picture(name) {
  await settled();
  await page.locator("#channel-layout").screenshot({ path: `${folder}/${name}.png` });
  console.log(`${name}.png: ${await page.locator("#action-status").textContent()}`);
}

/** Type a command, take it from the list, then type its first option if there is one. */
async function type(command, option = "") {
  await input.click();
  await input.pressSequentially(`/${command}`, { delay: 20 });
  await page.waitForTimeout(500);
  await page.keyboard.press("Enter");
  await page.waitForTimeout(500);
  if (option) {
    await page.keyboard.type(option, { delay: 20 });
    await page.waitForTimeout(1200);
  }
}

async function send() {
  await page.locator("#send-message").click();
  await settled(900);
  await timeline.evaluate((element) => { element.scrollTop = element.scrollHeight; });
}

async function viewAs(name) {
  await page.locator("#viewer-picker").selectOption({ label: name });
  await settled();
}

await page.goto(url);
await settled();
if (await page.locator("#messages-sidebar").isVisible()) await page.locator("#messages-toggle").click();

await timeline.evaluate((element) => { element.scrollTop = 0; });
await picture("drop");

await viewAs("Marguerite (moderator)");
const heart = page.locator(".reaction-chip").first();
await heart.click();
await settled();
await heart.evaluate((element) => element.scrollIntoView({ block: "center" }));
await picture("reaction");
await viewAs("Robin (reader)");

await type("quote");
await send();
await picture("quote");
await page.getByRole("button", { name: "Context" }).last().click();
await settled(900);
await timeline.evaluate((element) => { element.scrollTop = element.scrollHeight; });
await picture("context");

await type("find", "nine feet thi");
await picture("suggestions");
await page.keyboard.press("Enter");
await page.waitForTimeout(400);
await send();
await picture("find");

await type("top");
await send();
await picture("top");

if (complaints.length) console.log("the page complained:", complaints);
await browser.close();
