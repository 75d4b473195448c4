// SPDX-License-Identifier: MIT
// embed.mjs - turns the page's real files into one C file at build time:
//   node embed.mjs PAGE_FOLDER NODE_MODULES OUT.c
// page.html is cut at its {{slots}}; style, scripts and the Content-Security-Policy with the SHA-256 of each are filled
// in here, so the program itself only writes text between fixed pieces. The pieces, in the order of report/assets.h:
//   0 up to the title   1 up to the body   2 up to the chart data   3 the scripts   4 the end
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [folder, modules, out] = process.argv.slice(2);
const read = (...path) => readFileSync(join(...path), "utf8");

function fail(text) {
  console.error(`embed.mjs: ${text}`);
  process.exit(1);
}

function bundle(name) {
  const version = JSON.parse(read(modules, name, "package.json")).version;
  const licence = read(modules, name, "LICENSE").trim();
  const code = read(modules, name, "build", `${name}.min.js`).replace(/^\/\/# sourceMappingURL=.*$/gm, "").trim();
  if (licence.includes("*/")) fail(`the licence of ${name} ends a comment`);
  return `/* ${name} ${version}\n${licence}\n*/\n${code}\n`;
}

const style = read(folder, "style.css");
const scripts = [...["vega", "vega-lite", "vega-embed"].map(bundle), read(folder, "boot.js")];
for (const s of scripts) if (/<\/script|<!--|<script/i.test(s)) fail("a script holds text that ends or opens a script element");
if (/<\/style/i.test(style)) fail("the style sheet holds text that ends a style element");

const hash = (s) => `'sha256-${createHash("sha256").update(s, "utf8").digest("base64")}'`;
const policy = [
  "default-src 'none'",
  `script-src ${scripts.map(hash).join(" ")}`,
  `style-src ${hash(style)}`,
  "img-src data: blob:",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

const filled = read(folder, "page.html")
  .replace("{{policy}}", () => policy)
  .replace("{{style}}", () => style)
  .replace("{{scripts}}", () => scripts.map((s) => `<script>${s}</script>`).join("\n"));
const pieces = filled.split(/\{\{(?:title|body|data|end)\}\}/);
if (pieces.length !== 5) fail(`page.html has ${pieces.length - 1} of the four slots title, body, data, end`);

// C string literals, a line of text each; '?' is escaped because of trigraphs.
function literal(text) {
  const bytes = Buffer.from(text, "utf8");
  const lines = [];
  let line = "";
  for (const b of bytes) {
    if (b === 10) line += "\\n";
    else if (b === 34 || b === 92 || b === 63) line += "\\" + String.fromCharCode(b);
    else if (b < 32 || b > 126) line += "\\" + b.toString(8).padStart(3, "0");
    else line += String.fromCharCode(b);
    if (line.length > 400 || b === 10) lines.push(`"${line}"`), (line = "");
  }
  lines.push(`"${line}"`);
  return lines.join("\n");
}

const asset = (text) => `{${literal(text)},\n${Buffer.byteLength(text, "utf8")}}`;
writeFileSync(out, `/* made by embed.mjs from page.html, style.css, boot.js, timeline.vl.json and the chart libraries */
#include "report/assets.h"
const cw_asset cw_page_piece[5] = {
${pieces.map(asset).join(",\n")}};
const cw_asset cw_timeline_template = ${asset(read(folder, "timeline.vl.json"))};
`);
