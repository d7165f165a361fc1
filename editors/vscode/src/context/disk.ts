/** Files that change on disk while they are open: an agent writes there, past the editor. */
import { readFile, stat } from 'node:fs/promises';

import * as vscode from 'vscode';

import type { DiskChange, Send } from '../protocol';
import { sha256 } from './pastes';

const LARGEST = 2_000_000; // bytes
const REMEMBERED = 200; // files

/** Says each state of an open file once; what the editor itself saved is not news. */
export function watchDisk(send: Send, log: vscode.LogOutputChannel): vscode.Disposable {
  const known = new Map<string, string>();
  const note = (uri: string, digest: string): boolean => {
    const isNew = known.get(uri) !== digest;
    known.delete(uri);
    known.set(uri, digest);
    const [oldest] = known.keys();
    if (known.size > REMEMBERED && oldest !== undefined) {
      known.delete(oldest);
    }
    return isNew;
  };
  const tell = async (place: vscode.Uri, kind: DiskChange['kind']): Promise<void> => {
    const document = openAt(place);
    if (!document) {
      return;
    }
    const uri = place.toString();
    const { isDirty: dirty } = document;
    if (kind === 'delete') {
      known.delete(uri);
      send('byline/diskChange', { uri, kind, sha256: null, size: null, mtime_ms: null, open: true, dirty });
      return;
    }
    const { size, mtimeMs } = await stat(place.fsPath);
    if (size <= LARGEST) {
      const digest = sha256(await readFile(place.fsPath));
      if (note(uri, digest)) {
        send('byline/diskChange', { uri, kind, sha256: digest, size, mtime_ms: mtimeMs, open: true, dirty });
      }
    }
  };
  const listener =
    (kind: DiskChange['kind']) =>
    (place: vscode.Uri): void => {
      tell(place, kind).catch((error: unknown) => {
        log.debug(`A changed file could not be read: ${String(error)}`); // it may be gone again by now
      });
    };
  const watcher = vscode.workspace.createFileSystemWatcher('**/*');
  return vscode.Disposable.from(
    watcher,
    watcher.onDidCreate(listener('create')),
    watcher.onDidChange(listener('change')),
    watcher.onDidDelete(listener('delete')),
    vscode.workspace.onDidSaveTextDocument((document) => {
      if (document.uri.scheme === 'file' && document.getText().length <= LARGEST) {
        note(document.uri.toString(), sha256(document.getText()));
      }
    }),
  );
}

function openAt(place: vscode.Uri): vscode.TextDocument | undefined {
  if (place.scheme !== 'file') {
    return undefined;
  }
  return vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === place.toString());
}
