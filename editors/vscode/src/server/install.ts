/** Installing the server that this extension carries, into an environment of its own. */
import { execFile } from 'node:child_process';
import { access, readdir, rm } from 'node:fs/promises';
import * as path from 'node:path';
import { promisify } from 'node:util';

import * as vscode from 'vscode';

import { inEnvironment, selectedPython } from './find';

const run = promisify(execFile);

const PYTHONS = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python'];
const NEW_ENOUGH = 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))';
const LONGEST = 10 * 60_000; // milliseconds

/** A sentence for people: what went wrong, and what to do. */
export class InstallError extends Error {}

/** Asks, installs, shows progress. True if the server is there now. Raises InstallError. */
export async function install(extension: string, own: string, log: vscode.LogOutputChannel): Promise<boolean> {
  const wheel = await findWheel(extension);
  const python = await findPython();
  const question = 'Install the Byline server?';
  const detail =
    `It goes into an environment of its own, made with ${python}. ` +
    "The packages that it needs come from where pip's configuration says.";
  const answer = await vscode.window.showInformationMessage(question, { modal: true, detail }, 'Install');
  if (answer !== 'Install') {
    return false;
  }
  await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: 'Byline', cancellable: true },
    async (progress, cancelled) => {
      const abort = new AbortController();
      cancelled.onCancellationRequested(() => {
        abort.abort();
      });
      const step = async (message: string, program: string, args: string[]): Promise<void> => {
        progress.report({ message });
        log.info(`${program} ${args.join(' ')}`);
        const { stdout, stderr } = await run(program, args, { signal: abort.signal, timeout: LONGEST, cwd: extension });
        log.debug(`${stdout}${stderr}`);
      };
      try {
        await step('making an environment', python, ['-I', '-m', 'venv', '--clear', own]);
        const pip = ['-I', '-m', 'pip', '--disable-pip-version-check', '--no-input', 'install', wheel];
        await step('installing the server', inEnvironment(own).replace(/byline(\.exe)?$/, 'python$1'), pip);
      } catch (error) {
        await rm(own, { recursive: true, force: true }); // half an environment would be taken for a server
        if (!cancelled.isCancellationRequested) {
          log.error(error instanceof Error ? error : String(error));
          throw new InstallError('The Byline server could not be installed. The log has what pip said.');
        }
      }
    },
  );
  return exists(inEnvironment(own));
}

async function findWheel(extension: string): Promise<string> {
  const folder = path.join(extension, 'server');
  const names = (await exists(folder)) ? await readdir(folder) : [];
  const name = names.find((file) => file.endsWith('.whl'));
  if (!name) {
    throw new InstallError('This build of the extension carries no server: install it with `pip install byline`.');
  }
  return path.join(folder, name);
}

async function findPython(): Promise<string> {
  const selected = vscode.workspace.isTrusted ? await selectedPython() : undefined;
  for (const python of [...(selected ? [selected] : []), ...PYTHONS]) {
    try {
      await run(python, ['-I', '-c', NEW_ENOUGH], { timeout: 10_000, cwd: path.parse(process.cwd()).root });
      return python;
    } catch {
      continue; // it is missing, too old or without venv: the next may do
    }
  }
  throw new InstallError('Byline needs Python 3.11 or newer with venv. Install it, or set byline.server.path.');
}

async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch {
    return false; // that is the answer
  }
}
