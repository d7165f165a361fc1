/** The part of the built-in git extension's interface that is used here. */
import * as vscode from 'vscode';

export interface Repository {
  readonly rootUri: vscode.Uri;
  readonly inputBox: { value: string };
  getConfig(key: string): Promise<string>;
}

interface Api {
  readonly repositories: readonly Repository[];
  getRepository(uri: vscode.Uri): Repository | null;
}

interface GitExtension {
  readonly enabled: boolean;
  getAPI(version: 1): Api;
}

/** The repositories that are open; none where git is switched off. */
export function repositories(): readonly Repository[] {
  return api()?.repositories ?? [];
}

/** The repository that a file is in. */
export function repositoryOf(uri: vscode.Uri): Repository | undefined {
  return api()?.getRepository(uri) ?? undefined;
}

/** The e-mail address of the person who commits there, in lower case; empty if none is set. */
export async function ownAddress(uri: vscode.Uri): Promise<string> {
  try {
    return ((await repositoryOf(uri)?.getConfig('user.email')) ?? '').trim().toLowerCase();
  } catch {
    return ''; // git says so by an error if the key is not set
  }
}

function api(): Api | undefined {
  const extension = vscode.extensions.getExtension<GitExtension>('vscode.git');
  return extension?.isActive && extension.exports.enabled ? extension.exports.getAPI(1) : undefined;
}
