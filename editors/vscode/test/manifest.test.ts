import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import manifest from '../package.json';
import { CLIENT_SETTINGS, serverSettings, settingsForServer } from '../src/settings';
import { set, workspace } from './vscode';

const FOLDER = join(__dirname, '..', '..');
// What the server announces; the language client registers these.
const SERVER_COMMANDS = [
  'byline.copyAttribution',
  'byline.explainLine',
  'byline.markAsAi',
  'byline.markAsHuman',
  'byline.showPrompt',
  'byline.toggle',
];

function sources(folder = join(FOLDER, 'src')): string {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries
    .map((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? sources(path) : readFileSync(path, 'utf8');
    })
    .join('\n');
}

const code = sources();
const contributed = manifest.contributes.commands.map(({ command }) => command);
const settings = manifest.contributes.configuration.flatMap(({ properties }) => Object.keys(properties));

test('every command of the palette is there, and every command is in the palette', () => {
  const registered = [...code.matchAll(/^ {4}'(byline\.\w+)': ?/gm)].map(([, id]) => id ?? '');
  assert.deepEqual([...registered, ...SERVER_COMMANDS].sort(), [...contributed].sort());
});

test('no command of the server is registered again', () => {
  const registered = [...code.matchAll(/^ {4}'(byline\.\w+)': ?/gm)].map(([, id]) => id ?? '');
  assert.deepEqual(registered.filter((id) => SERVER_COMMANDS.includes(id)), []);
});

test('what menus, the walkthrough and the code name is there', () => {
  const named = JSON.stringify([manifest.contributes.menus, manifest.contributes.walkthroughs]) + code;
  const commands = [...named.matchAll(/(?:command:|"command":"|executeCommand\(')(byline\.\w+)/g)].map(([, id]) => id);
  assert.ok(commands.length > 5);
  assert.deepEqual(commands.filter((id) => !contributed.includes(id ?? '')), []);
});

test('every setting that the code reads is declared, and every one of its own is read', () => {
  const own = CLIENT_SETTINGS.map((key) => `byline.${key}`);
  assert.deepEqual(own.filter((key) => !settings.includes(key)), []);
  assert.deepEqual(CLIENT_SETTINGS.filter((key) => !code.includes(`'${key}'`)), []);
  const read = [...code.matchAll(/\.get(?:<\w+>)?\('((?:\w+\.)+\w+)'/g)].map(([, key]) => `byline.${key ?? ''}`);
  assert.deepEqual(read.filter((key) => !settings.includes(key)), []);
});

test('a repository cannot set what runs, or what is read outside of it', () => {
  const [ours, theirs] = manifest.contributes.configuration;
  const properties: Record<string, { scope: string }> = { ...ours?.properties, ...theirs?.properties };
  for (const key of ['server.path', 'git.path', 'agents.read', 'privacy.prompts', 'notes.pushPrompts']) {
    assert.equal(properties[`byline.${key}`]?.scope, 'machine', key);
  }
  const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
  const machine = Object.keys(properties).filter((key) => properties[key]?.scope === 'machine');
  assert.deepEqual(restrictedConfigurations, machine.sort());
});

test('colours and pictures are there', () => {
  const colours = [...code.matchAll(/'(byline\.(?:ai|aiModified|human|currentLine))'/g)].map(([, id]) => id);
  const ids = manifest.contributes.colors.map(({ id }) => id);
  assert.deepEqual([...new Set(colours)].sort(), ids.sort());
  const media = manifest.contributes.walkthroughs.flatMap(({ steps }) => steps.map((step) => step.media.markdown));
  assert.deepEqual([...media, manifest.icon].filter((path) => !existsSync(join(FOLDER, path))), []);
});

test('the server gets what somebody has set, and whether the folder is trusted', () => {
  set.clear();
  set.set('byline.codeLens.file', false);
  set.set('byline.server.path', '/somewhere');
  workspace.isTrusted = false;
  const sent = settingsForServer(manifest) as Record<string, unknown>;
  assert.deepEqual(sent['codeLens'], { file: false });
  assert.deepEqual(sent['hover'], {});
  assert.equal(sent['trusted'], false);
  assert.equal('server' in sent || 'currentLine' in sent, false);
  assert.ok(serverSettings(manifest).length > 10);
});

test('the lock file names no registry', () => {
  assert.equal(readFileSync(join(FOLDER, 'package-lock.json'), 'utf8').includes('"resolved"'), false);
});
