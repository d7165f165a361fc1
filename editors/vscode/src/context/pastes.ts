/** Recognising a paste that was announced when its change arrives. Only digests are kept, never the text. */
import { createHash } from 'node:crypto';

import type { Clip } from '../protocol';

const PATIENCE = 2000; // milliseconds between a paste and its change

interface Announced {
  readonly uri: string;
  readonly clip: Clip;
  readonly shape: string;
  readonly until: number;
}

export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** The last paste that was asked for. */
export class Pastes {
  private announced: Announced | null = null;

  /** `text` is about to be pasted into the document `uri`; `source` is where in this window it was copied. */
  announce(uri: string, text: string, source: Omit<Clip, 'sha256' | 'internal'> | null, now: number): void {
    const nowhere = { src_uri: null, src_version: null, src_range: null };
    const clip = { sha256: sha256(text), internal: source !== null, ...(source ?? nowhere) };
    this.announced = { uri, clip, shape: shapeOf(text), until: now + PATIENCE };
  }

  /** What was announced, if `texts` is it: the editor may have indented it anew, or put it at several cursors. */
  take(uri: string, texts: readonly string[], now: number): Clip | null {
    const found = this.announced;
    if (found?.uri !== uri || now > found.until || !texts.every((text) => shapeOf(text) === found.shape)) {
      return null;
    }
    this.announced = null;
    return found.clip;
  }
}

function shapeOf(text: string): string {
  return sha256(text.replace(/\s+/g, ''));
}
