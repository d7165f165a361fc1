/** Where copied text stands: a place in a document that moves with the edits before it, and is gone with the first
 * edit in it. Pure. */

/** Offsets in a document, `end` not included. */
export interface Place {
  readonly uri: string;
  readonly start: number;
  readonly end: number;
}

/** One content change of an event, all of which are about the document as it was before. */
export interface Shift {
  readonly offset: number;
  readonly replaced: number;
  readonly length: number;
}

/** The last copy that was made in this window. */
export class Copies {
  private last: { readonly id: string; place: Place | null } | null = null;
  private count = 0;

  /** Text was copied at a place. Gives the word by which a paste knows it again. */
  made(place: Place): string {
    this.count += 1;
    this.last = { id: `${this.count}`, place };
    return this.last.id;
  }

  /** Where the copy `id` stands now; null where it was changed, or where another copy was made since. */
  now(id: string): Place | null {
    return this.last?.id === id ? this.last.place : null;
  }

  changed(uri: string, shifts: readonly Shift[]): void {
    if (this.last?.place?.uri === uri) {
      this.last.place = shifted(this.last.place, shifts);
    }
  }

  closed(uri: string): void {
    if (this.last?.place?.uri === uri) {
      this.last.place = null;
    }
  }
}

function shifted(place: Place, shifts: readonly Shift[]): Place | null {
  let by = 0;
  for (const { offset, replaced, length } of shifts) {
    if (offset + replaced <= place.start) {
      by += length - replaced;
    } else if (offset < place.end) {
      return null;
    }
  }
  return { ...place, start: place.start + by, end: place.end + by };
}
