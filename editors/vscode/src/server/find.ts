/** Where the server's program is. */
import { access, constants } from 'node:fs/promises';
import * as path from 'node:path';

import * as vscode from 'vscode';

/** A program that may be the server, and where the idea comes from. */
export interface Program {
  readonly path: string;
  readonly source: string;
}

const WINDOWS = process.platform === 'win32';
const NAME = WINDOWS ? 'byline.exe' : 'byline';
const SCRIPTS = WINDOWS ? 'Scripts' : 'bin';

/** The program of an environment that `python -m venv` made. */
export function inEnvironment(folder: string): string {
  return path.join(folder, SCRIPTS, NAME);
}

/**
 * The first program that is there and may be run; undefined if there is none.
 *
 * What a person names themselves is taken as it is, also if it is missing: an error is better than another server.
 * In a folder that is not trusted, nothing inside of it is run.
 */
export async function findServer(own: string): Promise<Program | undefined> {
  const named = vscode.workspace.getConfiguration('byline').get<string>('server.path');
  if (named) {
    return { path: named, source: 'the setting byline.server.path' };
  }
  const variable = process.env['BYLINE_SERVER'];
  if (variable) {
    return { path: variable, source: 'the variable BYLINE_SERVER' };
  }
  for (const candidate of await candidates(own)) {
    if (isAllowed(candidate.path) && (await isExecutable(candidate.path))) {
      return candidate;
    }
  }
  return undefined;
}

async function candidates(own: string): Promise<Program[]> {
  const python = await selectedPython();
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  return [
    ...(python ? [{ path: path.join(path.dirname(python), NAME), source: 'the selected Python environment' }] : []),
    ...folders.map((folder) => ({ path: path.join(folder, NAME), source: 'PATH' })),
    { path: inEnvironment(own), source: "Byline's own environment" },
  ];
}

/** The interpreter that is selected in the Python extension, if that is there and running. */
export async function selectedPython(): Promise<string | undefined> {
  interface Python {
    environments?: { getActiveEnvironmentPath(): { path: string }; resolveEnvironment(at: unknown): Promise<Found> };
  }
  type Found = { executable?: { uri?: vscode.Uri } } | undefined;
  const extension = vscode.extensions.getExtension<Python>('ms-python.python');
  const environments = extension?.isActive ? extension.exports.environments : undefined;
  const found = await environments?.resolveEnvironment(environments.getActiveEnvironmentPath());
  return found?.executable?.uri?.fsPath;
}

function isAllowed(program: string): boolean {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const inside = folders.some(({ uri }) => !path.relative(uri.fsPath, program).startsWith('..'));
  return vscode.workspace.isTrusted || !inside;
}

async function isExecutable(program: string): Promise<boolean> {
  try {
    await access(program, constants.X_OK);
    return true;
  } catch {
    return false; // that is the answer
  }
}
