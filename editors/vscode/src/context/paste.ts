/**
 * Proof of pastes: a provider that offers nothing, but is asked first.
 *
 * A copy in this window carries a word by which it is known again, a paste without one comes from elsewhere. What was
 * copied keeps its author as long as it still stands where it was taken from. The text is only hashed.
 */
import * as vscode from 'vscode';

import type { Clip } from '../protocol';
import { Copies, type Place } from './copies';
import type { Watch } from './watch';

const MIME = 'application/vnd.byline.copy';
const LARGEST = 2_000_000; // characters

/** The part of the interface that is newer than the oldest editor that is supported (1.97). */
interface PasteProvider {
  prepareDocumentPaste(
    document: vscode.TextDocument,
    ranges: readonly vscode.Range[],
    clipboard: vscode.DataTransfer,
  ): void;
  provideDocumentPasteEdits(
    document: vscode.TextDocument,
    ranges: readonly vscode.Range[],
    clipboard: vscode.DataTransfer,
  ): Promise<undefined>;
}

interface NewerLanguages {
  registerDocumentPasteEditProvider?(
    selector: vscode.DocumentSelector,
    provider: PasteProvider,
    metadata: { copyMimeTypes: string[]; pasteMimeTypes: string[]; providedPasteEditKinds: unknown[] },
  ): vscode.Disposable;
}

/** Null where this editor has no such providers. */
export function watchPastes(watch: Watch): vscode.Disposable | null {
  const languages = vscode.languages as NewerLanguages;
  const copies = new Copies();
  const provider: PasteProvider = {
    prepareDocumentPaste: (document, ranges, clipboard) => {
      const [range] = ranges;
      if (range && ranges.length === 1) {
        const id = copies.made(nameOf(range), placeOf(document, range), Date.now());
        clipboard.set(MIME, new vscode.DataTransferItem(id));
      }
    },
    provideDocumentPasteEdits: async ({ uri }, _, clipboard) => {
      const text = await clipboard.get('text/plain')?.asString();
      if (text && text.length <= LARGEST) {
        const id = await clipboard.get(MIME)?.asString();
        watch.pastes.announce(uri.toString(), text, id === undefined ? null : sourceOf(copies, id, text), Date.now());
      }
      return undefined; // the editor pastes as ever
    },
  };
  const registered = languages.registerDocumentPasteEditProvider?.({ scheme: 'file' }, provider, {
    copyMimeTypes: [MIME],
    pasteMimeTypes: ['text/plain', MIME], // its own as well: else what the copy carries is not brought along
    providedPasteEditKinds: [],
  });
  if (!registered) {
    return null;
  }
  return vscode.Disposable.from(
    registered,
    vscode.window.onDidChangeTextEditorSelection(({ textEditor: { document }, selections: [selection, ...others] }) => {
      if (selection && others.length === 0) {
        const range = copiedBy(selection, document);
        copies.selected(nameOf(range), placeOf(document, range));
      }
    }),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      const shifts = contentChanges.map(({ rangeOffset: offset, rangeLength: replaced, text: { length } }) => ({
        offset,
        replaced,
        length,
      }));
      copies.changed(document.uri.toString(), shifts, Date.now());
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      copies.closed(uri.toString());
    }),
  );
}

/** What a copy takes: without a selection, the line. */
function copiedBy(selection: vscode.Selection, document: vscode.TextDocument): vscode.Range {
  return selection.isEmpty ? document.lineAt(selection.active.line).range : selection;
}

function nameOf({ start, end }: vscode.Range): string {
  return `${start.line}:${start.character}-${end.line}:${end.character}`;
}

function placeOf(document: vscode.TextDocument, { start, end }: vscode.Range): Place {
  return { uri: document.uri.toString(), start: document.offsetAt(start), end: document.offsetAt(end) };
}

/** Where `text` stands that was copied; all null where it does not any more. */
function sourceOf(copies: Copies, id: string, text: string): Omit<Clip, 'sha256' | 'internal'> {
  const place = copies.now(id);
  const document = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === place?.uri);
  if (place && document) {
    // Without a selection the editor copies the whole line: the range ends before its break, the text after it.
    const [start, end] = [document.positionAt(place.start), document.positionAt(place.start + text.length)];
    if (document.getText(new vscode.Range(start, end)) === text) {
      return {
        src_uri: document.uri.toString(),
        src_version: document.version,
        src_range: {
          start: { line: start.line, character: start.character },
          end: { line: end.line, character: end.character },
        },
      };
    }
  }
  return { src_uri: null, src_version: null, src_range: null };
}
