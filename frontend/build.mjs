// Builds static/dist/ from package.json's parts and our own small modules:
//   app.css    the used parts of Tabler, then static/css/tokens.css, the files of kit/ and every file of components/, in layers
//   calendar.css   the calendar of visits, for the one page that has it: FullCalendar's own rules under ours
//   app.js     htmx and the everyday behaviours; rarer ones (charts, board) become chunks loaded when a page names them
//   icons.svg  one sprite with the icons that templates and modules name, and no others
// `node frontend/build.mjs` builds once; `--watch` rebuilds when a source changes.

import { readdir, readFile, mkdir, rm, writeFile } from "node:fs/promises";
import { watch } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import esbuild from "esbuild";
import * as sass from "sass";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const at = (...parts) => path.join(root, ...parts);
const dist = at("static", "dist");
const icons = at("node_modules", "@tabler", "icons", "icons", "outline");

/** Tabler's chosen parts as plain CSS. */
function compileKit() {
  return sass.compile(at("frontend", "kit.scss"), {
    loadPaths: [at("node_modules", "@tabler", "core", "scss")],
    style: "compressed",
    charset: false,
    quietDeps: true,
    logger: sass.Logger.silent,
  }).css;
}

/** Where we depart from Tabler, file by file; what stands later wins. */
const KIT = ["variables", "type", "layout", "buttons", "forms", "alerts", "motion", "print"];

/** The style sheet's table of contents: each later layer wins over the ones before it. */
async function contents() {
  const components = (await readdir(at("static", "css", "components"))).filter((name) => name.endsWith(".css")).sort();
  return [
    "@layer vendor, tokens, kit, components;",
    '@import "virtual:kit" layer(vendor);',
    '@import "./tokens.css" layer(tokens);',
    ...KIT.map((name) => `@import "./kit/${name}.css" layer(kit);`),
    ...components.map((name) => `@import "./components/${name}" layer(components);`),
  ].join("\n");
}

const kitPlugin = {
  name: "kit",
  setup(build) {
    build.onResolve({ filter: /^virtual:kit$/ }, () => ({ path: "kit", namespace: "kit" }));
    build.onLoad({ filter: /.*/, namespace: "kit" }, () => ({ contents: compileKit(), loader: "css", resolveDir: root }));
  },
};

/** What the calendar of visits alone needs, beside app.css and in the same layers. */
const CALENDAR = [
  "@layer vendor, tokens, kit, components;",
  '@import "fullcalendar/skeleton.css" layer(vendor);',
  '@import "fullcalendar/themes/classic/theme.css" layer(vendor);',
  '@import "./pages/calendar.css" layer(components);',
].join("\n");

async function buildStyles() {
  const sheets = { app: await contents(), calendar: CALENDAR };
  await Promise.all(Object.entries(sheets).map(([name, text]) => buildStyle(name, text)));
}

async function buildStyle(name, text) {
  await esbuild.build({
    stdin: { contents: text, resolveDir: at("static", "css"), loader: "css", sourcefile: `${name}.css` },
    outfile: path.join(dist, `${name}.css`),
    bundle: true,
    minify: true,
    target: ["chrome123", "firefox128", "safari17.5"],
    plugins: [kitPlugin],
    logLevel: "warning",
  });
}

async function buildScripts() {
  const built = await esbuild.build({
    entryPoints: { app: at("static", "js", "app.js") },
    outdir: dist,
    bundle: true,
    minify: true,
    splitting: true,
    format: "esm",
    target: "es2022",
    chunkNames: "chunks/[name]-[hash]",
    legalComments: "none",
    logLevel: "warning",
    metafile: true,
    absWorkingDir: root,
  });
  const fresh = new Set(Object.keys(built.metafile.outputs).map((file) => path.basename(file)));
  const chunks = await readdir(path.join(dist, "chunks")).catch(() => []);
  await Promise.all(chunks.filter((name) => !fresh.has(name)).map((name) => rm(path.join(dist, "chunks", name), { force: true })));
}

async function filesUnder(folder, endings) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
}

/** Quoted names in `{% icon … %}` and `icon=…` of templates; in Python files that speak of icons, every quoted icon's name. */
async function usedIcons() {
  const packages = ["core", "accounts", "relationships", "prospects", "collections", "reminders", "desk"];
  const templates = await filesUnder(at("templates"), [".html"]);
  const modules = (await Promise.all(packages.map((name) => filesUnder(at(name), [".py"])))).flat();
  const existing = new Set((await readdir(icons)).map((name) => name.replace(/\.svg$/, "")));
  const names = new Set();
  for (const file of templates) {
    const text = await readFile(file, "utf8");
    for (const [tag] of text.matchAll(/{% icon .*?%}|\bicon=(?:"[^"]*"|[^\s%]+)/g)) {
      for (const [, words] of tag.matchAll(/["']([a-z0-9,-]+)["']/g)) words.split(",").forEach((name) => names.add(name));
    }
  }
  for (const size of ["sm", "lg"]) names.delete(size);
  for (const file of modules) {
    const text = await readFile(file, "utf8");
    if (!text.includes("icon")) continue;
    for (const [, name] of text.matchAll(/"([a-z][a-z0-9-]+)"/g)) if (existing.has(name)) names.add(name);
  }
  return [...names].sort();
}

async function buildIcons() {
  const symbols = [];
  for (const name of await usedIcons()) {
    const svg = await readFile(path.join(icons, `${name}.svg`), "utf8").catch(() => null);
    if (svg === null) {
      console.warn(`icons: there is no Tabler icon called “${name}”`);
      continue;
    }
    const shapes = svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "").replace(/\s+/g, " ").trim();
    symbols.push(`<symbol id="${name}" viewBox="0 0 24 24">${shapes}</symbol>`);
  }
  await writeFile(path.join(dist, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
}

async function build() {
  await mkdir(dist, { recursive: true });
  await Promise.all([buildStyles(), buildScripts(), buildIcons()]);
}

async function rebuild() {
  try {
    await build();
    console.log(`built ${new Date().toLocaleTimeString()}`);
  } catch (error) {
    console.error(error.message);
  }
}

if (process.argv.includes("--watch")) {
  await rebuild();
  let timer;
  const soon = (_event, name) => {
    if (name?.startsWith("dist")) return;
    clearTimeout(timer);
    timer = setTimeout(rebuild, 120);
  };
  for (const folder of ["static", "templates"]) watch(at(folder), { recursive: true }, soon);
} else {
  await build();
}
