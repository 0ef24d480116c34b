// Builds web/static/build: scripts, styles, fonts and the sprite of icons, under names with their hash, and manifest.json
// that maps the plain name to the built one (read by web/manifest.py). Run by ./run: node build.mjs
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, '..', 'static', 'build');
const fresh = `${out}.${process.pid}`;

async function entries(folder) {
  return (await readdir(join(here, folder))).filter((name) => name.endsWith('.js')).map((name) => join(here, folder, name));
}

async function sprite() {
  const names = JSON.parse(await readFile(join(here, 'icons.json'), 'utf8'));
  const symbol = (name, svg) => {
    const box = /viewBox="([^"]+)"/.exec(svg)[1];
    const inside = svg.slice(svg.indexOf('>', svg.indexOf('<svg')) + 1, svg.lastIndexOf('</svg>')).trim().replace(/\s*\n\s*/g, '');
    return `<symbol id="${name}" viewBox="${box}">${inside}</symbol>`;
  };
  const icons = await Promise.all(names.map(async (name) =>
    symbol(name, await readFile(join(here, 'node_modules/lucide-static/icons', `${name}.svg`), 'utf8'))));
  icons.push(symbol('seal', await readFile(join(here, 'seal.svg'), 'utf8')));
  return `<svg xmlns="http://www.w3.org/2000/svg">\n${icons.join('\n')}\n</svg>\n`;
}

await mkdir(fresh, { recursive: true });
const result = await build({
  absWorkingDir: here,
  entryPoints: [...await entries('js'), join(here, 'css/main.css'), join(here, 'css/print.css')],
  entryNames: '[name]-[hash]',
  chunkNames: 'part-[hash]',
  assetNames: '[name]-[hash]',
  outdir: fresh,
  bundle: true,
  minify: true,
  splitting: true,
  format: 'esm',
  target: ['es2022', 'chrome115', 'firefox115', 'safari16.4'],
  loader: { '.woff2': 'file', '.svg': 'file', '.woff': 'file', '.ttf': 'file', '.eot': 'file' },
  legalComments: 'linked',
  metafile: true,
  logLevel: 'warning',
});
const manifest = {};
for (const [path, output] of Object.entries(result.metafile.outputs)) {
  if (!output.entryPoint) continue;
  manifest[basename(output.entryPoint)] = basename(relative(fresh, join(here, path)));
}
const icons = await sprite();
manifest['icons.svg'] = `icons-${createHash('sha256').update(icons).digest('hex').slice(0, 8)}.svg`;
await writeFile(join(fresh, manifest['icons.svg']), icons);
const seal = await readFile(join(here, 'seal.svg'), 'utf8');
const favicon = seal.replaceAll('currentColor', '#93371f').replaceAll('var(--surface)', '#fffdf9');
manifest['favicon.svg'] = `favicon-${createHash('sha256').update(favicon).digest('hex').slice(0, 8)}.svg`;
await writeFile(join(fresh, manifest['favicon.svg']), favicon);
await writeFile(join(fresh, 'manifest.json'), `${JSON.stringify(manifest, null, 1)}\n`);
await rm(out, { recursive: true, force: true });
await rename(fresh, out);
