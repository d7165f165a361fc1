/** What is too large to be drawn upon. */
import type * as vscode from 'vscode';

const MOST_LINES = 40_000;
const LONGEST_LINE = 10_000; // characters

/** Whether this document may be annotated: a file, and none of the giants. */
export function isDrawable(document: vscode.TextDocument): boolean {
  return document.uri.scheme === 'file' && document.lineCount <= MOST_LINES;
}

/** Whether this line may have something at its end. */
export function isShort(document: vscode.TextDocument, line: number): boolean {
  return document.lineAt(line).text.length <= LONGEST_LINE;
}
