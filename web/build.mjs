// Builds web/dist. Prints the widget's size and fails if it exceeds its budget.
import { context } from "esbuild";
import { cp, mkdir, readFile, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const BUDGET = 25_000; // bytes, gzip: script, style and three languages together
const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");
const common = { bundle: true, minify: true, target: "es2022", format: "esm", legalComments: "none", logLevel: "warning" };

// The page's style sheets stay files of their own; the widget's become text inside its script.
const builds = [
  { entryPoints: { "widget/civicdesk": join(here, "widget/civicdesk.ts") }, plugins: [styleAsText()] },
  { entryPoints: { site: join(here, "site/site.ts"), "site-style": join(here, "site/site.css") } },
  { entryPoints: ["console.ts", "console.css"].map((name) => join(here, "console", name)), outdir: join(dist, "console"), external: ["/assets/*"] },
];

await rm(dist, { recursive: true, force: true });
await mkdir(join(dist, "console"), { recursive: true });
const contexts = [];
for (const build of builds) {
  contexts.push(await context({ ...common, outdir: dist, ...build }));
}
await Promise.all(contexts.map((one) => one.rebuild()));
await copyStatic();
const weight = await weigh();
if (process.argv.includes("--watch")) {
  await Promise.all(contexts.map((one) => one.watch()));
} else {
  await Promise.all(contexts.map((one) => one.dispose()));
  if (weight > BUDGET) {
    console.error(`The widget weighs ${weight} bytes gzip; ${BUDGET} is the most a citizen on a slow line should pay.`);
    process.exitCode = 1;
  }
}

async function copyStatic() {
  await cp(join(dist, "site-style.css"), join(dist, "site.css"));
  await rm(join(dist, "site-style.css"));
  await cp(join(here, "tokens.css"), join(dist, "tokens.css"));
  for (const name of await readdir(join(here, "site"))) {
    if (/\.(html|svg|png|ico|webmanifest|txt)$/.test(name)) await cp(join(here, "site", name), join(dist, name));
  }
}

async function weigh() {
  const code = await readFile(join(dist, "widget/civicdesk.js"));
  const zipped = gzipSync(code, { level: 9 }).length;
  console.log(`widget/civicdesk.js ${code.length} bytes, ${zipped} bytes gzip (budget ${BUDGET})`);
  return zipped;
}

/** `import text from "./x.css"` gives the minified text, with its own @imports bundled in. */
function styleAsText() {
  return {
    name: "style-as-text",
    setup(build) {
      build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
        const { build: bundle } = await import("esbuild");
        const result = await bundle({ ...common, entryPoints: [path], write: false, format: undefined });
        return { contents: result.outputFiles[0].text, loader: "text" };
      });
    },
  };
}
