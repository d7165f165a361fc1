/**
 * Tells the server where each change came from.
 *
 * A change is either clear at once, and said before it is sent, or it may be a reload: then it arrives in a document
 * without unsaved changes, and the document does not become dirty afterwards. The first edit after a save looks the
 * same, but an empty event follows it within milliseconds. So such a change is spoken of late.
 */
import type { Clip, Origin } from '../protocol';
import { origin } from '../protocol';
import { classify, isCertain, type Seen, typedLength } from './classify';
import { Pastes } from './pastes';
import { Speed } from './speed';

/** How long a document has time to become dirty. In milliseconds. */
export const PATIENCE = 100;

/** A content event. `at` is in milliseconds. */
export interface Event extends Pick<Seen, 'changes' | 'reason' | 'detail' | 'active' | 'completesWithAi'> {
  readonly uri: string;
  readonly version: number;
  readonly dirty: boolean;
  readonly at: number;
}

interface Waiting {
  readonly version: number;
  readonly timer: NodeJS.Timeout;
  readonly otherwise: Origin;
}

/** All documents of a window. `say` is called once for each event, at once or later. */
export class Watch {
  readonly pastes = new Pastes();
  private readonly speeds = new Map<string, Speed>();
  private readonly waiting = new Map<string, Waiting>();
  private readonly saves = new Set<string>();
  private accepting: { readonly uri: string; readonly tool: string | null } | null = null;

  constructor(private readonly say: (uri: string, version: number, origin: Origin) => void) {}

  /** Text has changed. */
  changed(event: Event): void {
    if (event.dirty) {
      this.becameDirty(event.uri);
    }
    const found = classify({
      ...event,
      tooFast: this.isTooFast(event),
      saving: this.saves.has(event.uri),
      accepting: this.accepted(event),
      clip: this.pasted(event),
    });
    if (event.dirty || isCertain(found)) {
      this.say(event.uri, event.version, found);
    } else {
      this.wait(event, found);
    }
  }

  /** The document has unsaved changes: what was last seen of it was no reload. */
  becameDirty(uri: string): void {
    const waiting = this.waiting.get(uri);
    if (waiting) {
      clearTimeout(waiting.timer);
      this.waiting.delete(uri);
      this.say(uri, waiting.version, waiting.otherwise);
    }
  }

  /** A save of the document begins, or is over. */
  saving(uri: string, begins: boolean): void {
    if (begins) {
      this.saves.add(uri);
    } else {
      this.saves.delete(uri);
    }
  }

  /** An inline suggestion of `tool` is about to be put into the document; null: that is over. */
  accepts(suggestion: { readonly uri: string; readonly tool: string | null } | null): void {
    this.accepting = suggestion;
  }

  closed(uri: string): void {
    clearTimeout(this.waiting.get(uri)?.timer);
    this.waiting.delete(uri);
    this.speeds.delete(uri);
    this.saves.delete(uri);
  }

  dispose(): void {
    for (const { timer } of this.waiting.values()) {
      clearTimeout(timer);
    }
    this.waiting.clear();
  }

  private wait(event: Event, otherwise: Origin): void {
    // What still waits was a reload: else the document would be dirty by now.
    this.reloaded(event.uri);
    const timer = setTimeout(() => {
      this.reloaded(event.uri);
    }, PATIENCE);
    this.waiting.set(event.uri, { version: event.version, timer, otherwise });
  }

  private reloaded(uri: string): void {
    const waiting = this.waiting.get(uri);
    if (waiting) {
      clearTimeout(waiting.timer);
      this.waiting.delete(uri);
      this.say(uri, waiting.version, origin('reload', 'dirty_flag'));
    }
  }

  private isTooFast({ uri, changes, at }: Event): boolean {
    let speed = this.speeds.get(uri);
    if (!speed) {
      this.speeds.set(uri, (speed = new Speed()));
    }
    return speed.isTooFast(typedLength(changes), at);
  }

  private accepted({ uri, reason }: Event): Seen['accepting'] {
    const found = this.accepting;
    if (found?.uri !== uri || reason) {
      return null;
    }
    this.accepting = null;
    return found;
  }

  private pasted({ uri, changes, reason, at }: Event): Clip | null {
    const texts = changes.map(({ text }) => text);
    return reason || texts.length === 0 ? null : this.pastes.take(uri, texts, at);
  }
}
