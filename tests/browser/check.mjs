// check.mjs CHROMIUM WORK - opens WORK/pages/*.html and holds each to what WORK/patients/*.json says.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { chromium } from "playwright-core";

const [executablePath, work] = process.argv.slice(2);
let passed = 0;
const failures = [];
function check(condition, message) {
  if (condition) passed += 1;
  else failures.push(message);
}

// What the page must show, worked out from the document by the rules of the documentation.
const followed = (a) => !["not_detected", "not_assessable"].includes(a.status) || a.first_alarm || a.stated_by || (a.points ?? []).some((p) => p.state === "detected");
const charted = (d) => d.alterations.filter((a) => (a.points ?? []).length && followed(a));
const marks = (d, state) => charted(d).flatMap((a) => a.points.filter((p) => p.state === state));

async function open(browser, file, options = {}) {
  const context = await browser.newContext({ viewport: { width: options.width ?? 1100, height: 900 }, javaScriptEnabled: options.script ?? true });
  const page = await context.newPage();
  const seen = { console: [], requests: [], dialogs: 0 };
  page.on("console", (m) => seen.console.push(`${m.type()}: ${m.text()}`));
  page.on("pageerror", (e) => seen.console.push(`uncaught: ${e.message}`));
  page.on("request", (r) => seen.requests.push(r.url()));
  page.on("dialog", (d) => ((seen.dialogs += 1), d.dismiss()));
  await page.goto(`file://${file}`);
  if (options.script !== false) await page.waitForFunction(() => !document.getElementById("charts") || window.clonewatch?.pending === 0, null, { timeout: 30000 });
  return { page, seen, close: () => context.close() };
}

// Contrast of every text against the background behind it (WCAG AA: 4.5).
const lowContrast = () => {
  const luminance = (c) => c.map((v) => v / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)).reduce((s, v, i) => s + v * [0.2126, 0.7152, 0.0722][i], 0);
  const rgb = (s) => s.match(/[\d.]+/g).map(Number);
  const bad = new Set();
  for (const e of document.querySelectorAll("body *")) {
    if (e.closest("svg") || ![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || !e.checkVisibility()) continue;
    let back = [255, 255, 255];
    for (let b = e; b; b = b.parentElement) {
      const c = rgb(getComputedStyle(b).backgroundColor);
      if (c.length === 3 || c[3] > 0) { back = c.slice(0, 3); break; }
    }
    const [x, y] = [luminance(rgb(getComputedStyle(e).color).slice(0, 3)), luminance(back)].sort((p, q) => q - p);
    if ((x + 0.05) / (y + 0.05) < 4.5) bad.add(`${e.tagName}.${e.className}`);
  }
  return [...bad];
};

async function checkPage(browser, name, file, d) {
  const { page, seen, close } = await open(browser, file);
  const hasChart = d.draws.length > 0;
  check(seen.console.length === 0, `${name}: console says ${seen.console.slice(0, 3).join(" | ")}`);
  check(seen.requests.length === 1, `${name}: requests ${seen.requests.slice(1, 4)}`);
  check(seen.dialogs === 0, `${name}: a dialog opened`);
  const found = await page.evaluate(() => ({
    pwned: window.pwned, lang: document.documentElement.lang, h1: document.querySelectorAll("h1").length, title: document.title,
    captionless: [...document.querySelectorAll("table")].filter((t) => !t.caption).length,
    scopeless: [...document.querySelectorAll("th:not([scope])")].filter((t) => !t.closest("#vg-tooltip-element")).length,
    handlers: [...document.querySelectorAll("*")].filter((e) => [...e.attributes].some((a) => a.name.startsWith("on"))).length,
    elements: document.querySelectorAll("body img, body iframe, body object, body embed, body link, body form:not(.vega-bindings)").length,
    research: document.body.innerText.split("not a treatment recommendation").length - 1,
    jumps: [...document.querySelectorAll("h1,h2,h3")].map((h) => +h.tagName[1]).some((l, i, all) => i && l > all[i - 1] + 1),
    bidi: /[\u202a-\u202e\u2066-\u2069]/.test(document.documentElement.outerHTML),
    text: document.body.innerText, failed: window.clonewatch?.failed,
    unnamed: [...document.querySelectorAll("[role=img]")].filter((e) => !e.getAttribute("aria-label")).length,
  }));
  check(found.pwned === undefined, `${name}: text of the document ran as a script`);
  check(found.lang === "en" && found.h1 === 1 && !found.jumps, `${name}: lang '${found.lang}', ${found.h1} h1, heading levels jump: ${found.jumps}`);
  check(found.captionless === 0 && found.scopeless === 0 && found.unnamed === 0, `${name}: ${found.captionless} tables without caption, ${found.scopeless} th without scope, ${found.unnamed} images without words`);
  check(found.handlers === 0 && found.elements === 0, `${name}: ${found.handlers} handlers, ${found.elements} foreign elements`);
  check(!found.bidi, `${name}: a bidirectional override reached the page`);
  check(found.research === 2, `${name}: the research sentence stands ${found.research} times`);
  check((await page.evaluate(lowContrast)).length === 0, `${name}: low contrast: ${await page.evaluate(lowContrast)}`);
  if (name !== "hostile") for (const a of d.alterations.filter(followed)) check(found.text.includes(`${a.gene} ${a.name}`), `${name}: ${a.gene} ${a.name} is not on the page`);
  if (name !== "hostile") for (const v of d.advice) check(found.text.includes(v.agent), `${name}: ${v.agent} is not on the page`);
  if (hasChart) await checkChart(page, name, d);
  else check(!(await page.$("#charts")), `${name}: a script without a chart`);
  await checkPolicy(page, name, seen);
  await close();
}

async function checkChart(page, name, d) {
  const paths = (mark) => page.locator(`#vaf-over-time .live g.${mark} > path`).count();
  check(await page.locator("#vaf-over-time .live svg").isVisible(), `${name}: the chart is not drawn`);
  check(!(await page.locator("#vaf-over-time .still").isVisible()), `${name}: both drawings are visible`);
  const drawn = await page.evaluate(() => [...document.querySelectorAll("#vaf-over-time .live g.mark-symbol")].map((g) => ({ name: g.className.baseVal, n: g.querySelectorAll(":scope > path").length,
    y: [...g.querySelectorAll(":scope > path")].map((p) => +/translate\([^,]+,([^)]+)\)/.exec(p.getAttribute("transform"))[1]), shape: [...g.querySelectorAll(":scope > path")].map((p) => p.getAttribute("d")) })));
  const spec = await page.evaluate(() => JSON.parse(document.getElementById("charts").textContent)[0].spec);
  const layer = (i) => drawn.find((g) => g.name.includes(`concat_${spec.vconcat.length - 1}_layer_${i}_marks`)) ?? { n: 0, y: [] };
  const vaf = spec.vconcat.at(-1);
  const index = (state) => vaf.layer.findIndex((l) => JSON.stringify(l.transform ?? "").includes(`'${state}'`) && (l.mark.type === "point"));
  const seen = marks(d, "detected").length;
  check((drawn.find((g) => g.name.includes("vaf_marks")) ?? layer(index("detected"))).n === seen, `${name}: detected marks, ${seen} expected, drawn ${JSON.stringify(drawn.map((g) => [g.name, g.n]))}`);
  // an undetected draw stands at its limit of detection on the log axis, nowhere else
  const [lo, hi] = vaf.layer.find((l) => l.name === "vaf").encoding.y.scale.domain;
  const place = (p) => vaf.height * (1 - (Math.log10(100 * p.lod) - Math.log10(lo)) / (Math.log10(hi) - Math.log10(lo)));
  const want = marks(d, "not_detected").map(place).sort((a, b) => a - b);
  const got = [...layer(index("not_detected")).y].sort((a, b) => a - b);
  check(want.length === got.length && want.every((y, i) => Math.abs(y - got[i]) < 0.1), `${name}: open triangles at ${got.slice(0, 4)}, expected at ${want.slice(0, 4)} (${got.length} of ${want.length})`);
  const bars = await page.locator("#vaf-over-time .live g.mark-rect.role-mark path").count();
  const dated = d.lines.filter((l) => l.start !== null).length;
  check(name === "hostile" || bars === dated, `${name}: ${bars} treatment bars, ${dated} lines`);
  const words = await page.locator("#vaf-over-time .live").innerText();
  if (name !== "hostile") for (const scan of d.imaging) check(words.includes(scan.result), `${name}: no mark for the scan '${scan.result}'`);
  const blood = charted(d).filter((a) => ["chip", "germline"].includes(a.origin)).flatMap((a) => a.points.filter((p) => p.state === "detected")).length;
  if (blood) { // the switch takes CHIP and germline away, and only them
    await page.locator(".vega-bind input[type=checkbox]").uncheck();
    await page.waitForTimeout(150);
    const left = await page.evaluate(() => [...document.querySelectorAll("#vaf-over-time .live g.mark-symbol")].find((g) => g.className.baseVal.includes("vaf_marks"))?.querySelectorAll(":scope > path").length ?? -1);
    check(left === seen - blood, `${name}: ${left} marks after the switch, ${seen - blood} expected`);
    await page.locator(".vega-bind input[type=checkbox]").check();
  }
  if (charted(d).length > 1) { // a click in the legend dims the others
    await page.locator("#vaf-over-time .live g.role-legend-symbol path").first().click();
    await page.waitForTimeout(150);
    const opacities = await page.evaluate(() => new Set([...document.querySelectorAll("#vaf-over-time .live g.mark-symbol")].find((g) => g.className.baseVal.includes("vaf_marks")) ? [...[...document.querySelectorAll("#vaf-over-time .live g.mark-symbol")].find((g) => g.className.baseVal.includes("vaf_marks")).querySelectorAll(":scope > path")].map((p) => p.getAttribute("opacity") ?? "1") : []).size);
    check(opacities === 2, `${name}: the legend does not single out a series (${opacities} opacities)`);
  }
  check((await paths("role-legend-symbol")) === charted(d).length, `${name}: legend entries ${await paths("role-legend-symbol")}, ${charted(d).length} expected`);
}

// Whatever gets into the page, nothing gets out and nothing foreign runs.
async function checkPolicy(page, name, seen) {
  const before = seen.requests.length;
  const outcome = await page.evaluate(async () => {
    const violations = [];
    document.addEventListener("securitypolicyviolation", (e) => violations.push(e.effectiveDirective));
    const script = document.createElement("script");
    script.textContent = "window.pwned = 'script'";
    document.body.append(script);
    const box = document.createElement("div");
    box.innerHTML = "<img src='http://127.0.0.1:9/x.png' onerror='window.pwned=1'><p style='color:red' onclick='window.pwned=2'>x</p><style>body{display:none}</style>";
    document.body.append(box);
    box.querySelector("p").click();
    let fetched = "refused";
    try { await fetch("http://127.0.0.1:9/"); fetched = "sent"; } catch { /* as it should be */ }
    let evaluated = "refused";
    setTimeout(() => { try { evaluated = new Function("return 'ran'")(); } catch { /* as it should be */ } }, 0); // outside the debugger's own evaluation, which may
    await new Promise((r) => setTimeout(r, 200));
    const result = { pwned: window.pwned, fetched, evaluated, violations, hidden: getComputedStyle(document.body).display === "none" };
    box.remove();
    script.remove();
    return result;
  });
  check(outcome.pwned === undefined && outcome.evaluated === "refused", `${name}: an injected script ran`);
  check(!outcome.hidden, `${name}: an injected style took effect`);
  check(outcome.fetched === "refused" && outcome.violations.some((v) => v.startsWith("connect-src")) && outcome.violations.some((v) => v.startsWith("img-src")), `${name}: policy violations ${outcome.violations}`);
  check(seen.requests.slice(before).every((u) => u.startsWith("file:")) || outcome.violations.length >= 4, `${name}: requests after injection ${seen.requests.slice(before)}`);
}

async function checkWithoutScript(browser, name, file, d) {
  const { page, seen, close } = await open(browser, file, { script: false });
  check(seen.requests.length === 1, `${name} without scripts: requests ${seen.requests}`);
  if (d.draws.length) check(await page.locator("#vaf-over-time .still svg").isVisible(), `${name} without scripts: no drawing`);
  if (d.draws.length && name !== "hostile") {
    const text = await page.locator("#vaf-over-time .still").textContent();
    for (const line of d.lines.filter((l) => l.start !== null)) check(text.includes(line.agents[0].slice(0, 20)), `${name} without scripts: no bar for ${line.agents}`);
    const triangles = await page.locator("#vaf-over-time .still path[d^='M0 4.2']").count();
    check(triangles === marks(d, "not_detected").length, `${name} without scripts: ${triangles} open triangles, ${marks(d, "not_detected").length} expected`);
  }
  await close();
}

async function checkWidths(browser, name, file) {
  const { page, close } = await open(browser, file);
  for (const width of [1400, 1100, 768, 390]) {
    await page.setViewportSize({ width, height: 900 });
    const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    check(over <= 0, `${name}: the page is ${over} px wider than a window of ${width}`);
  }
  const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
  check(pdf.subarray(0, 5).toString() === "%PDF-" && pdf.length > 20000, `${name}: prints to ${pdf.length} bytes`);
  await close();
}

const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] }); // containers run tests as root
try {
  for (const file of readdirSync(join(work, "patients")).sort()) {
    const name = basename(file, ".json");
    const d = JSON.parse(readFileSync(join(work, "patients", file), "utf8"));
    const page = join(work, "pages", `${name}.html`);
    check(statSync(page).size < 1.6e6, `${name}: the page has ${statSync(page).size} bytes`);
    await checkPage(browser, name, page, d);
    await checkWithoutScript(browser, name, page, d);
    await checkWidths(browser, name, page);
  }
} finally {
  await browser.close();
}
for (const f of failures) console.log(`FAILED ${f}`);
console.log(`${passed} passed, ${failures.length} failed`);
process.exit(failures.length ? 1 : 0);
