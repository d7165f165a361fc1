/** Byline's own messages, as `docs/messages.md` has them. Keys are all present, and null where something is unknown. */

/** How text came into a document. */
export type Channel =
  | 'typing'
  | 'paste'
  | 'inlineAccept'
  | 'chatApply'
  | 'agent'
  | 'format'
  | 'refactor'
  | 'snippet'
  | 'suggest'
  | 'undo'
  | 'redo'
  | 'reload'
  | 'other';

/** How the client knows. */
export type Proof = 'editor_reason' | 'command' | 'dirty_flag' | 'paste_provider' | 'save_bracket' | 'shape';

/** 0-based, in UTF-16 units; `end` is not included. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}

export interface Position {
  readonly line: number;
  readonly character: number;
}

/** What is known of a clipboard's content; never the content. */
export interface Clip {
  readonly sha256: string;
  readonly internal: boolean;
  readonly src_uri: string | null;
  readonly src_version: number | null;
  readonly src_range: Range | null;
}

/** Where a change came from. */
export interface Origin {
  readonly channel: Channel;
  readonly tool: string | null;
  readonly model: string | null;
  readonly session: string | null;
  readonly prompt: string | null;
  readonly proof: Proof | null;
  readonly request: string | null;
  readonly frames: readonly string[] | null;
  readonly clip: Clip | null;
}

/** An origin with what is known of it, everything else null. */
export function origin(channel: Channel, proof: Proof | null, known: Partial<Origin> = {}): Origin {
  const nothing = { tool: null, model: null, session: null, prompt: null, request: null, frames: null, clip: null };
  return { ...nothing, ...known, channel, proof };
}

export interface EditContext {
  readonly textDocument: { readonly uri: string; readonly version: number };
  readonly origins: readonly Origin[];
}

export interface Hello {
  readonly client: string;
  readonly client_version: string | null;
  readonly editor_version: string;
  readonly channels: {
    readonly detailed_reason: boolean;
    readonly paste_provider: boolean;
    readonly inline_override: boolean;
    readonly stack: boolean;
    readonly disk_digest: boolean;
  };
  readonly ai_extensions: readonly { readonly id: string; readonly version: string | null }[];
}

export interface Proposal {
  readonly uri: string;
  readonly tool: string;
  readonly session: string | null;
  readonly sha256_after: string | null;
  readonly state: 'shown' | 'closed';
  readonly ts: number;
}

export interface DiskChange {
  readonly uri: string;
  readonly kind: 'create' | 'change' | 'delete';
  readonly sha256: string | null;
  readonly size: number | null;
  readonly mtime_ms: number | null;
  readonly open: boolean;
  readonly dirty: boolean;
}

export interface SaveBracket {
  readonly uri: string;
  readonly version_before: number;
  readonly version_after: number;
  readonly reason: string | null;
}

/** The notifications that go to the server. */
export interface Notifications {
  'byline/diskChange': DiskChange;
  'byline/editContext': EditContext;
  'byline/hello': Hello;
  'byline/proposal': Proposal;
  'byline/saveBracket': SaveBracket;
}

/** Sends one of them; what cannot be sent because no server runs is dropped. */
export type Send = <M extends keyof Notifications>(method: M, params: Notifications[M]) => void;

export type State = 'ai' | 'ai_modified' | 'human' | 'original' | 'unknown';

/** A line as in `byline blame --json`, counted from 1. */
export interface Line {
  readonly line: number;
  readonly text: string;
  readonly state: State;
  readonly commit: string | null;
  readonly author: string | null;
  readonly time: string | null;
  readonly tool: string | null;
  readonly model: string | null;
  readonly prompt: string | null;
}

/** The answer to `byline/attribution`. */
export interface Attribution {
  readonly version: number;
  readonly head: string | null;
  readonly lines: readonly Line[];
}

/** The answer to `byline/status`. */
export interface Status {
  readonly root: string | null;
  readonly pendingEdits: number;
  readonly trusted: boolean;
  readonly problems: readonly string[];
}

/** The answer of the command `byline.generateCommitMessage`. */
export interface CommitMessage {
  readonly message: string;
  readonly candidates: readonly { readonly message: string; readonly reasons?: readonly string[] }[];
  readonly problems: readonly string[];
}
