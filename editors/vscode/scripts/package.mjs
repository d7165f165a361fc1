// Makes byline.vsix, and byline-precise.vsix: the same code, whose manifest asks for the editor's own account of where a
// change came from. That interface is a proposal, so no marketplace takes the second one.
//
// Both carry the server's wheel, built from this checkout by the Python named in $PYTHON.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { createVSIX } from '@vscode/vsce';

const folder = join(dirname(fileURLToPath(import.meta.url)), '..');
const root = join(folder, '..', '..');
const python = process.env.PYTHON ?? join(root, '.venv', 'bin', 'python');
const out = process.argv[2] ?? folder;

const run = (program, ...args) => execFileSync(program, args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });

const server = join(folder, 'server');
rmSync(server, { recursive: true, force: true });
mkdirSync(server);
run(python, '-m', 'pip', '--quiet', '--disable-pip-version-check', 'wheel', '--no-deps', '--no-build-isolation',
  '--wheel-dir', server, root);
run(process.execPath, join('scripts', 'build.mjs'), '--minify');
mkdirSync(out, { recursive: true });

const manifest = join(folder, 'package.json');
const plain = readFileSync(manifest, 'utf8');
const pack = (name) =>
  createVSIX({ cwd: folder, packagePath: join(out, name), dependencies: false, allowMissingRepository: true });
try {
  await pack('byline.vsix');
  writeFileSync(manifest, JSON.stringify({ ...JSON.parse(plain), enabledApiProposals: ['textDocumentChangeReason'] }));
  await pack('byline-precise.vsix');
} finally {
  writeFileSync(manifest, plain);
}
for (const name of readdirSync(out).filter((file) => file.endsWith('.vsix'))) {
  process.stdout.write(`${join(out, name)}\n`);
}
