// The window of the tests: Chromium on what code-server serves.
//
// usage: node browser.mjs PLAYWRIGHT CHROMIUM URL
//
// Each line of standard input is {body, args}; the answer, a line of standard output, is what the async function with
// that body gives for `page` and `args`. The browser ends with the input, and reaches no host but this one.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const [playwright, executablePath, url] = process.argv.slice(2);
const { chromium } = createRequire(import.meta.url)(playwright);
const AsyncFunction = (async () => undefined).constructor;

const browser = await chromium.launch({
  executablePath,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-component-update',
    '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
  ],
});
const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: new URL(url).origin });
const page = await context.newPage();
page.setDefaultTimeout(30_000);
const say = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);

try {
  await page.goto(url);
  await page.locator('.monaco-workbench .part.editor').waitFor();
  say({ value: null });
  for await (const line of createInterface({ input: process.stdin })) {
    const { body, args } = JSON.parse(line);
    try {
      say({ value: (await new AsyncFunction('page', 'args', body)(page, args)) ?? null });
    } catch (error) {
      say({ error: String(error?.stack ?? error) });
    }
  }
} catch (error) {
  say({ error: String(error?.stack ?? error) });
} finally {
  await browser.close();
}
