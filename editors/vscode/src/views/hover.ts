/** Links below the server's card. They are the only ones: what the server says is data, and stays untrusted. */
import * as vscode from 'vscode';
import type { Middleware } from 'vscode-languageclient/node';

import type { Session } from '../session';

const LINKS = [
  { title: 'Show prompt', command: 'byline.showPrompt', onlyFor: /“/ },
  { title: 'Mark as mine', command: 'byline.markAsHuman', onlyFor: null },
  { title: 'Mark as AI', command: 'byline.markAsAi', onlyFor: null },
] as const;

export function hoverLinks(session: () => Session): NonNullable<Middleware['provideHover']> {
  return async (document, position, token, next) => {
    const hover = await next(document, position, token);
    if (!hover) {
      return hover;
    }
    const card = hover.contents.map((part) => (part instanceof vscode.MarkdownString ? part.value : '')).join('\n');
    const { line } = position;
    const range = { start: { line, character: 0 }, end: { line, character: 1 } };
    const argument = encodeURIComponent(JSON.stringify([{ uri: document.uri.toString(), range }]));
    const links = LINKS.filter(
      ({ command, onlyFor }) => session().commands.includes(command) && onlyFor?.test(card) !== false,
    );
    const row = new vscode.MarkdownString(
      links.map(({ title, command }) => `[${title}](command:${command}?${argument})`).join(' · '),
    );
    row.isTrusted = { enabledCommands: LINKS.map(({ command }) => command) };
    return new vscode.Hover([...hover.contents, row], hover.range);
  };
}
