// Builds web/dist. Prints the widget's size and fails if it exceeds its budget.
import { build as bundle, context } from "esbuild";
import { createHash } from "node:crypto";
import { cp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";

const BUDGET = 25_000; // bytes, gzip: script, style and the largest language together
const LATER_BUDGET = 15_000; // the same of what a tap on the menu, a photo, a place or a report's review loads
const STATEFUL = ["api.ts", "chat.ts", "i18n/index.ts", "later.ts", "store.ts"]; // a second copy in the second script would be a second state
const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");
const common = { bundle: true, minify: true, target: "es2022", format: "esm", legalComments: "none", logLevel: "warning" };

await rm(dist, { recursive: true, force: true });
const messages = await writeMessages();
const later = await writeLater();
const speech = await writeSpeech();

// The page's style sheets stay files of their own; the widget's become text inside its script.
const builds = [
  { entryPoints: { "widget/civicdesk": join(here, "widget/civicdesk.ts") }, plugins: [styleAsText()], define: { MESSAGE_FILES: JSON.stringify(messages), MORE_FILE: JSON.stringify(later) } },
  { entryPoints: { "widget/notices": join(here, "widget/city-notices.ts") } },
  { entryPoints: { "widget/push-worker": join(here, "widget/push-worker.ts") } },
  { entryPoints: { site: join(here, "site/site.ts"), continue: join(here, "site/continue.ts") }, define: { SPEECH_FILES: JSON.stringify(speech) } },
  { entryPoints: { "site-style": join(here, "site/site.css") } },
  { entryPoints: ["console.ts", "console.css", "push-worker.ts"].map((name) => join(here, "console", name)), outdir: join(dist, "console"), external: ["/assets/*"] },
];

await mkdir(join(dist, "console"), { recursive: true });
const contexts = [];
for (const build of builds) {
  contexts.push(await context({ ...common, outdir: dist, ...build }));
}
await Promise.all(contexts.map((one) => one.rebuild()));
await copyStatic();
await writePages();
await pinVersion();
await writePackage();
const weight = await weigh();
if (process.argv.includes("--watch")) {
  await Promise.all(contexts.map((one) => one.watch()));
} else {
  await packSmaller();
  await Promise.all(contexts.map((one) => one.dispose()));
  for (const [weighs, most] of [[weight.first, BUDGET], [weight.later, LATER_BUDGET]]) {
    if (weighs <= most) continue;
    console.error(`The widget weighs ${weighs} bytes gzip; ${most} is the most a citizen on a slow line should pay.`);
    process.exitCode = 1;
  }
}

async function copyStatic() {
  await cp(join(dist, "site-style.css"), join(dist, "site.css"));
  await rm(join(dist, "site-style.css"));
  await cp(join(here, "tokens.css"), join(dist, "tokens.css"));
  for (const [from, to] of [["site", dist], ["console", join(dist, "console")]]) {
    for (const name of await readdir(join(here, from))) {
      if (/\.(svg|png|ico|webmanifest|txt)$/.test(name)) await cp(join(here, from, name), join(to, name));
    }
  }
}

/** The demo site's pages: what is theirs, inside the head and foot that all share. Comments name the values and the parts. */
async function writePages() {
  const read = (...path) => readFile(join(here, "site", ...path), "utf8");
  const frame = await read("parts", "frame.html");
  const parts = {};
  for (const name of await readdir(join(here, "site/parts"))) parts[name.slice(0, -".html".length)] = await read("parts", name);
  for (const name of await readdir(join(here, "site/pages"))) {
    const values = { attributes: "", texts: messages.en[0] };
    let page = (await read("pages", name)).replace(/^<!-- (title|description|attributes): (.*) -->\n/gm, (_, key, value) => ((values[key] = key === "attributes" ? ` ${value}` : value), ""));
    page = page.replace(/<!-- part: (\w+) -->\n/g, (whole, part) => parts[part] ?? whole);
    const made = frame.replace("<!-- page -->\n", () => page).replace(/<!-- (title|description|attributes|texts) -->/g, (whole, key) => values[key] ?? whole);
    if (made.includes("<!--")) throw new Error(`site/pages/${name}: ${made.slice(made.indexOf("<!--"), made.indexOf("<!--") + 60)}`);
    await writeFile(join(dist, name), made);
  }
}

/** Everything a citizen loads before and during a conversation: the script with its style, and the largest language. And what taps load. */
async function weigh() {
  const script = packed(await readFile(join(dist, "widget/civicdesk.js")));
  const second = packed(await readFile(join(dist, "widget", later[0])));
  const files = Object.values(messages);
  const heaviest = async (at) => Math.max(...(await Promise.all(files.map(async (file) => packed(await readFile(join(dist, "widget/i18n", file[at])))))));
  const [language, rest] = [await heaviest(0), await heaviest(2)];
  console.log(`widget: ${script + language} bytes gzip (budget ${BUDGET}): script ${script}, largest language ${language}`);
  console.log(`on a tap: ${second + rest} bytes gzip (budget ${LATER_BUDGET}): script ${second}, largest language ${rest}`);
  return { first: script + language, later: second + rest };
}

/** Brotli beside each script, style and text: a tenth less than gzip, and too slow to make when it is asked for. */
async function packSmaller() {
  for (const entry of await readdir(dist, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    if (entry.isFile() && !path.includes("/package/") && /\.(js|css|json)$/.test(entry.name)) await writeFile(`${path}.br`, brotliCompressSync(await readFile(path)));
  }
}

function packed(content) {
  return gzipSync(content, { level: 9 }).length;
}

/** The texts of each language as JSON beside the script, named by content. Returns language -> [name, integrity, and both of the second script's]. */
async function writeMessages() {
  const files = {};
  for (const [folder, out] of [["widget/i18n", ""], ["widget/i18n/more", "more/"]]) {
    await mkdir(join(dist, "widget/i18n", out), { recursive: true });
    for (const file of (await readdir(join(here, folder))).sort()) {
      const code = file.slice(0, -".ts".length);
      if (code === "index" || !file.endsWith(".ts")) continue;
      const text = JSON.stringify((await evaluated(join(here, folder, file)))[code]);
      const name = `${out}${code}-${version(text)}.json`;
      await writeFile(join(dist, "widget/i18n", name), text);
      files[code] = [...(files[code] ?? []), name, integrity(text)];
    }
  }
  return files;
}

/** The demo pages' words in other languages, each a file of its own: readers of English need none. Returns language -> address. */
async function writeSpeech() {
  const { SPEECH } = await evaluated(join(here, "site/speech.ts"));
  await mkdir(join(dist, "speech"), { recursive: true });
  const files = {};
  for (const [code, words] of Object.entries(SPEECH)) {
    const text = JSON.stringify(words);
    files[code] = `/speech/${code}-${version(text)}.json`;
    await writeFile(join(dist, files[code]), text);
  }
  return files;
}

/** What a TypeScript file of data exports. */
async function evaluated(path) {
  const made = await bundle({ ...common, entryPoints: [path], write: false });
  return import(`data:text/javascript;base64,${Buffer.from(made.outputFiles[0].text).toString("base64")}`);
}

/** The second script, named by content: [name, integrity]. Fails if it would bring a second copy of the first one's state. */
async function writeLater() {
  const made = await bundle({ ...common, entryPoints: [join(here, "widget/more/index.ts")], plugins: [styleAsText()], write: false, metafile: true });
  const twice = Object.keys(made.metafile.inputs).filter((path) => STATEFUL.some((one) => path.endsWith(`widget/${one}`)));
  if (twice.length > 0) throw new Error(`widget/more must not hold its own copy of ${twice.join(", ")}: import its types alone.`);
  const code = made.outputFiles[0].text;
  const name = `civicdesk-more-${version(code)}.js`;
  await writeFile(join(dist, "widget", name), code);
  return [name, integrity(code)];
}

/** The same script under the name of its content, for sites that pin it; widget/version.json says which, and its integrity. */
async function pinVersion() {
  const code = await readFile(join(dist, "widget/civicdesk.js"));
  const name = `civicdesk-${version(code)}.js`;
  await writeFile(join(dist, "widget", name), code);
  await writeFile(join(dist, "widget/version.json"), JSON.stringify({ script: name, integrity: integrity(code) }));
}

/** An npm package of the same files, in dist/package: `npm pack` there makes the archive. Nothing is published. */
async function writePackage() {
  const out = join(dist, "package");
  await mkdir(out, { recursive: true });
  for (const name of ["package.json", "index.d.ts", "README.md"]) await cp(join(here, "package", name), join(out, name));
  for (const name of ["civicdesk.js", "notices.js", later[0], "i18n"]) await cp(join(dist, "widget", name), join(out, name), { recursive: true });
}

/** Eight letters and digits, as in the names that esbuild gives: such files may be kept for a year. */
function version(content) {
  return createHash("sha256").update(content).digest("hex").slice(0, 8).toUpperCase();
}

function integrity(content) {
  return `sha384-${createHash("sha384").update(content).digest("base64")}`;
}

/** `import text from "./x.css"` gives the minified text, with its own @imports bundled in. */
function styleAsText() {
  return {
    name: "style-as-text",
    setup(build) {
      build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
        const result = await bundle({ ...common, entryPoints: [path], write: false, format: undefined });
        return { contents: await withoutUnused(result.outputFiles[0].text), loader: "text" };
      });
    },
  };
}

/** Tokens that only the console or the demo page use are no citizen's bytes. */
async function withoutUnused(css) {
  const folders = [join(here, "widget/styles"), join(here, "widget/more")];
  const sheets = (await Promise.all(folders.map(async (folder) => (await readdir(folder)).map((name) => join(folder, name))))).flat();
  const texts = await Promise.all(sheets.filter((path) => path.endsWith(".css")).map((path) => readFile(path, "utf8")));
  const all = [...texts, await readFile(join(here, "tokens.css"), "utf8")].join("\n");
  return css.replace(/(--cd-[a-z0-9-]+):[^;}]*;?/g, (whole, name) => (new RegExp(`var\\(${name}[,)]`).test(all) ? whole : ""));
}
