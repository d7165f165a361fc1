/**
 * Where a change came from, as far as it can be seen. Pure: everything that is known comes in as an argument.
 *
 * No proof, no claim: what only looks like an AI's is `other`, and only keystrokes look like keystrokes.
 */
import { type Clip, type Origin, origin } from '../protocol';
import { toolOf } from './tools';

/** One content change. `replaced` is the length of what it replaces, `lines` how many line breaks that has. */
export interface Change {
  readonly text: string;
  readonly replaced: number;
  readonly lines: number;
}

/** What the proposed API `textDocumentChangeReason` says of an event. */
export interface DetailedReason {
  readonly source: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** What one event shows, and what is known beside it. */
export interface Seen {
  readonly changes: readonly Change[];
  readonly reason: 'undo' | 'redo' | null;
  readonly detail: DetailedReason | null;
  /** The document is that of the active editor. */
  readonly active: boolean;
  /** More arrives, and faster, than anybody types. */
  readonly tooFast: boolean;
  /** Between the announcement of a save and the save. */
  readonly saving: boolean;
  /** An inline suggestion is just being accepted; `tool` is whose, if that is known. */
  readonly accepting: { readonly tool: string | null } | null;
  /** The change is this paste. */
  readonly clip: Clip | null;
  /** An extension that completes code with an AI is running. */
  readonly completesWithAi: boolean;
}

/** The longest text that counts as typed, if it comes at once and has no line break. */
export const MAX_TYPED = 15;

const ENTER = /^(?:\r\n|\n|\r)[ \t]*(?:(?:\/\/[/!]?|\*|#|--|;+) ?)?(?:(?:\r\n|\n|\r)[ \t]*)?$/;
const INDENT = /^[ \t]*$/;
const PAIR = /^[\p{P}\p{S}]{1,6}$/u; // brackets and quotes that close themselves
const COMPOSED = /^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{P}]+$/u; // by an input method
const WORD = /^[\p{L}\p{N}_$]+(?:\(\))?$/u;
const LETTER = /^[\p{L}\p{N}]$/u;

/** The origin of all changes of an event. */
export function classify(seen: Seen): Origin {
  if (seen.reason) {
    return origin(seen.reason, 'editor_reason');
  }
  if (seen.detail) {
    return fromReason(seen.detail, seen);
  }
  if (seen.accepting) {
    return origin('inlineAccept', 'command', { tool: seen.accepting.tool });
  }
  if (seen.clip) {
    return origin('paste', 'paste_provider', { clip: seen.clip });
  }
  if (seen.saving && !isLetter(seen)) {
    return origin('format', 'save_bracket');
  }
  return fromShape(seen);
}

/** Whether an origin stands whatever comes: then nobody needs to wait whether the change was a reload. */
export function isCertain(found: Origin): boolean {
  return found.proof === 'editor_reason' || found.proof === 'command' || found.proof === 'paste_provider';
}

/** The length that counts against the speed of typing: of one cursor's text, indentation apart. */
export function typedLength(changes: readonly Change[]): number {
  return Math.max(0, ...changes.map((change) => change.text.trim().length));
}

function fromShape(seen: Seen): Origin {
  if (!seen.active || seen.tooFast) {
    return origin('other', null);
  }
  if (seen.changes.every(isKeystroke)) {
    return origin('typing', 'shape');
  }
  if (!seen.completesWithAi && seen.changes.every(isWord)) {
    return origin('suggest', 'shape');
  }
  return origin('other', null);
}

function isKeystroke({ text, lines }: Change): boolean {
  if (lines > 0 && text.length > 1) {
    return false;
  }
  const short = text.length <= MAX_TYPED && COMPOSED.test(text);
  return isOneCharacter(text) || short || ENTER.test(text) || INDENT.test(text) || PAIR.test(text);
}

/** Nothing at all counts as well: a deletion. What is several code points to a computer may be one emoji. */
function isOneCharacter(text: string): boolean {
  if (text.length <= 1) {
    return true;
  }
  const characters = new Intl.Segmenter().segment(text)[Symbol.iterator]();
  characters.next();
  return characters.next().done === true && !text.includes('\n');
}

/** A word that a list of completions put in the place of its beginning. */
function isWord({ text, lines }: Change): boolean {
  return lines === 0 && text.length <= MAX_TYPED && WORD.test(text);
}

function isLetter(seen: Seen): boolean {
  return seen.active && seen.changes.every(({ text }) => LETTER.test(text));
}

function fromReason({ source, metadata }: DetailedReason, seen: Seen): Origin {
  const word = (key: string): string | null => {
    const value = metadata[key];
    return typeof value === 'string' && value !== '' ? value.slice(0, 512) : null;
  };
  const said = (channel: Origin['channel'], known: Partial<Origin> = {}): Origin =>
    origin(channel, 'editor_reason', known);
  const model = word('$modelId')?.replaceAll('|', '/') ?? null;
  const session = word('$$sessionId');
  const request = word('$$requestId') ?? word('$$requestUuid');
  const extension = word('$extensionId');
  switch (source) {
    case 'cursor':
      return fromCursor(word('kind') ?? '', seen);
    case 'inlineCompletionAccept':
    case 'inlineCompletionPartialAccept':
      return extension ? said('inlineAccept', { tool: toolOf(extension), request }) : origin('other', null);
    case 'Chat.applyEdits':
      return word('$origin') === 'agentHost'
        ? said('agent', { tool: word('$harness') ?? tool(extension), model, session, request })
        : said('chatApply', { tool: tool(extension), model, session, request });
    case 'inlineChat.applyEdits':
      return said('chatApply', { tool: tool(extension), model, session, request });
    case 'Chat.undoEdits':
    case 'Chat.reset':
      return said('undo');
    case 'reloadFromDisk':
      return said('reload');
    case 'suggest':
      return said('suggest', { tool: extension && aiOf(extension) });
    case 'snippet':
      return said('snippet');
    case 'rename':
    case 'codeAction':
      return said('refactor');
    case 'eolChange':
      return said('format');
    default:
      return word('name') === 'formatEditsCommand' || seen.saving ? said('format') : origin('other', null);
  }
}

/** Keys and commands of the cursor. A command that types is told from a keyboard only by its speed. */
function fromCursor(kind: string, seen: Seen): Origin {
  switch (kind) {
    case 'type':
    case 'compositionType':
    case 'compositionEnd':
      return seen.tooFast ? origin('other', null) : origin('typing', 'editor_reason');
    case 'paste':
      return origin('paste', seen.clip ? 'paste_provider' : 'editor_reason', { clip: seen.clip });
    case 'cut':
      return origin('typing', 'editor_reason');
    default:
      return seen.changes.every(isKeystroke) ? origin('typing', 'editor_reason') : origin('other', null);
  }
}

function tool(extension: string | null): string | null {
  return extension && toolOf(extension);
}

/** The tool, if that extension is known to be an AI's: most of those that complete code are not. */
function aiOf(extension: string): string | null {
  const found = toolOf(extension);
  return found === extension.toLowerCase() ? null : found;
}
