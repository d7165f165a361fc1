/** The introduction: which proofs this editor can give, and which AI extensions it has. */
import * as vscode from 'vscode';

import type { Hello } from '../protocol';
import type { Installed } from './installed';

export function hello(version: string | null, channels: Hello['channels'], installed: Installed): Hello {
  return {
    client: 'vscode',
    client_version: version,
    editor_version: vscode.version,
    channels,
    ai_extensions: installed.all.map(({ id, packageJSON }) => ({ id, version: versionOf(packageJSON) })),
  };
}

/** The version in a manifest. */
export function versionOf(manifest: unknown): string | null {
  const { version } = manifest as { version?: unknown };
  return typeof version === 'string' ? version : null;
}
