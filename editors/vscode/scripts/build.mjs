// Bundles the extension into dist/extension.js; with --tests the unit tests into dist/test/ instead, where a stub
// stands in for the editor. --watch builds again on every change, --minify makes it small.
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build, context } from 'esbuild';

const folder = join(dirname(fileURLToPath(import.meta.url)), '..');
const has = (option) => process.argv.includes(option);

const common = {
  absWorkingDir: folder,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  logLevel: 'warning',
  sourcemap: has('--minify') ? false : 'inline',
};

const extension = {
  ...common,
  entryPoints: ['src/extension.ts'],
  outfile: 'dist/extension.js',
  external: ['vscode'],
  minify: has('--minify'),
};

const tests = {
  ...common,
  entryPoints: readdirSync(join(folder, 'test'))
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `test/${name}`),
  outdir: 'dist/test',
  outExtension: { '.js': '.cjs' },
  alias: { vscode: './test/vscode.ts' },
};

const options = has('--tests') ? tests : extension;
if (has('--watch')) {
  await (await context(options)).watch();
} else {
  await build(options);
}
