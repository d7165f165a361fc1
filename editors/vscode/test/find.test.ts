import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import test, { afterEach, beforeEach } from 'node:test';

import { findServer, inEnvironment } from '../src/server/find';
import { set, workspace } from './vscode';

const PATH = process.env['PATH'];
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'byline-find-'));
  set.clear();
  workspace.isTrusted = true;
  workspace.workspaceFolders = [{ uri: { fsPath: join(folder, 'work') } }];
  delete process.env['BYLINE_SERVER'];
  process.env['PATH'] = ['relative', join(folder, 'work', 'bin'), join(folder, 'bin')].join(delimiter);
});

afterEach(() => {
  process.env['PATH'] = PATH;
  delete process.env['BYLINE_SERVER'];
  rmSync(folder, { recursive: true });
});

/** A program at a place in the folder. */
function program(place: string, mode = 0o755): string {
  const path = join(folder, place);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '');
  chmodSync(path, mode);
  return path;
}

async function found(): Promise<string | undefined> {
  return (await findServer(join(folder, 'own')))?.path;
}

test('there may be none', async () => {
  assert.equal(await found(), undefined);
});

test('what is named counts, first by the setting, then by the variable', async () => {
  program('bin/byline');
  process.env['BYLINE_SERVER'] = '/from/the/variable';
  assert.equal(await found(), '/from/the/variable');
  set.set('byline.server.path', '/from/the/setting');
  assert.equal(await found(), '/from/the/setting');
});

test('the own environment comes last', async () => {
  const own = program('own/bin/byline');
  assert.equal(own, inEnvironment(join(folder, 'own')));
  assert.equal(await found(), own);
  assert.equal(await found(), own);
  const onPath = program('bin/byline');
  assert.equal(await found(), onPath);
});

test('what cannot be run does not count', async () => {
  program('bin/byline', 0o644);
  assert.equal(await found(), undefined);
});

test('in a folder that is not trusted, nothing inside of it is run', async () => {
  const inside = program('work/bin/byline');
  const outside = program('bin/byline');
  assert.equal(await found(), inside);
  workspace.isTrusted = false;
  assert.equal(await found(), outside);
});
