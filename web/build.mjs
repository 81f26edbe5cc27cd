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
  await writeFile(join(dist, "site.css"), await withoutUnused(await readFile(join(dist, "site-style.css"), "utf8"), ["site/styles"]));
  await rm(join(dist, "site-style.css"));
  await bundle({ ...common, entryPoints: [join(here, "tokens.css")], outdir: dist, format: undefined });
  for (const [from, to] of [["site", dist], ["console", join(dist, "console")]]) {
    for (const name of await readdir(join(here, from))) {
      if (/\.(svg|png|ico|webmanifest|txt)$/.test(name)) await cp(join(here, from, name), join(to, name));
    }
  }
}

/** The demo site's pages: what is theirs, inside the head and foot that all share, without indentation. Comments name the values and the parts. */
async function writePages() {
  const read = (...path) => readFile(join(here, "site", ...path), "utf8");
  const frame = await read("parts", "frame.html");
  const parts = {};
  for (const name of await readdir(join(here, "site/parts"))) parts[name.slice(0, -".html".length)] = await read("parts", name);
  for (const name of await readdir(join(here, "site/pages"))) {
    const values = { attributes: "" };
    let page = (await read("pages", name)).replace(/^<!-- (title|description|attributes): (.*) -->\n/gm, (_, key, value) => ((values[key] = key === "attributes" ? ` ${value}` : value), ""));
    page = page.replace(/<!-- part: (\w+) -->\n/g, (whole, part) => parts[part] ?? whole);
    const made = frame.replace("<!-- page -->\n", () => page).replace(/<!-- (title|description|attributes) -->/g, (whole, key) => values[key] ?? whole);
    if (made.includes("<!--")) throw new Error(`site/pages/${name}: ${made.slice(made.indexOf("<!--"), made.indexOf("<!--") + 60)}`);
    await writeFile(join(dist, name), made.replace(/^ +/gm, ""));
  }
}

/** Everything a citizen loads before and during a conversation: the script with its style, and the largest language. And what taps load. */
async function weigh() {
  const script = packed(await readFile(join(dist, "widget/civicdesk.js")));
  const second = packed(await readFile(join(dist, "widget", later[0])));
  const heaviest = async (folder) => Math.max(...(await Promise.all((await readdir(folder)).filter((name) => name.endsWith(".json")).map(async (name) => packed(await readFile(join(folder, name)))))));
  const [language, rest] = [await heaviest(join(dist, "widget/i18n")), await heaviest(join(dist, "widget/i18n/more"))];
  console.log(`widget: ${script + language} bytes gzip (budget ${BUDGET}): script ${script}, largest language ${language}`);
  console.log(`on a tap: ${second + rest} bytes gzip (budget ${LATER_BUDGET}): script ${second}, largest language ${rest}`);
  return { first: script + language, later: second + rest };
}

/** Brotli beside each script, style and text: a tenth less than gzip, and too slow to make when it is asked for. A page's is named by the page with city.yml's values in it. */
async function packSmaller() {
  const city = await readFile(join(here, "../city.yml"), "utf8").catch(() => "");
  for (const entry of await readdir(dist, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    if (path.endsWith(".html")) {
      const filled = (await readFile(path, "utf8")).replace(/\{\{ (\w+) \}\}/g, (_, key) => new RegExp(`^ *${key}: "?([^"\n]*)"?$`, "m").exec(city)?.[1] ?? "");
      await writeFile(`${path}-${version(filled)}.br`, brotliCompressSync(filled));
    }
    if (entry.isFile() && !path.includes("/package/") && /\.(js|css|json)$/.test(entry.name)) await writeFile(`${path}.br`, brotliCompressSync(await readFile(path)));
  }
}

function packed(content) {
  return gzipSync(content, { level: 9 }).length;
}

/** The texts of each language as JSON beside the script, named by content. Returns language -> [name, integrity]. The first file names the second script's. */
async function writeMessages() {
  const files = {};
  await mkdir(join(dist, "widget/i18n/more"), { recursive: true });
  for (const file of (await readdir(join(here, "widget/i18n/more"))).sort()) {
    const code = file.slice(0, -".ts".length);
    const [more, hash] = await writeTexts("widget/i18n/more", code);
    files[code] = await writeTexts("widget/i18n", code, { rest_file: `more/${more}`, rest_hash: hash });
  }
  return files;
}

async function writeTexts(folder, code, others = {}) {
  const text = JSON.stringify({ ...(await evaluated(join(here, folder, `${code}.ts`)))[code], ...others });
  const name = `${code}-${version(text)}.json`;
  await writeFile(join(dist, folder, name), text);
  return [name, integrity(text, "sha256")];
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
  return [name, integrity(code, "sha256")];
}

/** The same script under the name of its content, for sites that pin it; widget/version.json says which, its integrity, and each language's texts. */
async function pinVersion() {
  const code = await readFile(join(dist, "widget/civicdesk.js"));
  const name = `civicdesk-${version(code)}.js`;
  await writeFile(join(dist, "widget", name), code);
  await writeFile(join(dist, "widget/version.json"), JSON.stringify({ script: name, integrity: integrity(code), texts: Object.fromEntries(Object.entries(messages).map(([code, [file]]) => [code, file])) }));
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

/** Inside the script every fingerprint is a citizen's bytes, and cannot be packed: the shortest that browsers check is used there. */
function integrity(content, algorithm = "sha384") {
  return `${algorithm}-${createHash(algorithm).update(content).digest("base64")}`;
}

/** `import text from "./x.css"` gives the minified text, with its own @imports bundled in. */
function styleAsText() {
  return {
    name: "style-as-text",
    setup(build) {
      build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
        const result = await bundle({ ...common, entryPoints: [path], write: false, format: undefined });
        return { contents: await withoutUnused(result.outputFiles[0].text, ["widget/styles", "widget/more"]), loader: "text" };
      });
    },
  };
}

/** Without the tokens that no sheet in these folders uses: they are no citizen's bytes. */
async function withoutUnused(css, folders) {
  const sheets = (await Promise.all(folders.map(async (folder) => (await readdir(join(here, folder))).map((name) => join(here, folder, name))))).flat();
  const texts = await Promise.all(sheets.filter((path) => path.endsWith(".css")).map((path) => readFile(path, "utf8")));
  const all = [...texts, await readFile(join(here, "tokens.css"), "utf8")].join("\n");
  return css.replace(/(--cd-[a-z0-9-]+):[^;}]*;?/g, (whole, name) => (new RegExp(`var\\(${name}[,)]`).test(all) ? whole : ""));
}
