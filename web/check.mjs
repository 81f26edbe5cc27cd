// Rules that a type checker cannot enforce: no markup from strings, no style attributes, no code from text, no foreign address.
import { readFile, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const FORBIDDEN = [
  [/\.(inner|outer)HTML\b|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment/, "markup must not be made from text"],
  [/\beval\(|new Function\(|setTimeout\(\s*["'`]/, "code must not be made from text"],
  [/\.style\b|cssText|setAttribute\(\s*["']style|\sstyle="/, "styles belong in the style sheet (strict Content-Security-Policy)"],
  [/\son[a-z]+="|<script(?![^>]*\ssrc=)/, "scripts belong in files (strict Content-Security-Policy)"],
  [/(?:src|href|url\()=?["'(]?https?:\/\/(?!www\.(?:lindenport|avelin|national)\.example)/, "nothing is loaded from, or linked to, a third party"],
];

let problems = 0;
for (const path of await sources(here)) {
  const lines = (await readFile(path, "utf8")).split("\n");
  lines.forEach((line, index) => {
    for (const [pattern, why] of FORBIDDEN) {
      if (!pattern.test(line)) continue;
      console.error(`${path.slice(here.length + 1)}:${index + 1}: ${why}: ${line.trim()}`);
      problems += 1;
    }
  });
}
if (problems > 0) process.exit(1);
console.log("sources: no markup from text, no inline styles or scripts, no third party");

async function sources(root) {
  const found = [];
  for (const folder of ["widget", "site", "console"]) {
    for (const entry of await readdir(join(root, folder), { recursive: true, withFileTypes: true })) {
      if (entry.isFile() && /\.(ts|css|html)$/.test(entry.name)) found.push(join(entry.parentPath ?? entry.path, entry.name));
    }
  }
  return found;
}
