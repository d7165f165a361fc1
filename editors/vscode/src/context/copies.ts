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

/** How many of the last selections are remembered: more than anybody makes while a copy is on its way. */
export const REMEMBERED = 32;

/** How long after a change a copy that is told may still be older than it. In milliseconds. */
export const QUIET = 2000;

interface Selected {
  readonly name: string;
  readonly uri: string;
  place: Place | null;
}

/**
 * The last copy that was made in this window.
 *
 * The editor tells of a copy late: keys that were pressed after it may be known already, and then its range is of a
 * document that is no more. But it tells of selections in time, and what is copied was selected.
 */
export class Copies {
  private selections: Selected[] = [];
  private last: { readonly id: string; readonly from: Selected | undefined } | null = null;
  private readonly changes = new Map<string, number>();
  private count = 0;

  /** A place was selected; `name` is what a copy of it will be told as. */
  selected(name: string, place: Place): void {
    this.selections = [...this.selections.slice(1 - REMEMBERED), { name, uri: place.uri, place }];
  }

  /** A copy is told, of a range that would be `place` now. Gives the word by which a paste knows it again. */
  made(name: string, place: Place, now: number): string {
    const { uri } = place;
    const isQuiet = now - (this.changes.get(uri) ?? -Infinity) >= QUIET;
    const selected = this.selections.findLast((each) => each.uri === uri && each.name === name);
    this.count += 1;
    this.last = { id: `${this.count}`, from: isQuiet ? { name, uri, place } : selected };
    return this.last.id;
  }

  /** Where the copy `id` stands now; null where it was changed, or where another copy was made since. */
  now(id: string): Place | null {
    return this.last?.id === id ? (this.last.from?.place ?? null) : null;
  }

  changed(uri: string, shifts: readonly Shift[], now: number): void {
    this.changes.set(uri, now);
    for (const each of this.known(uri)) {
      each.place &&= shifted(each.place, shifts);
    }
  }

  closed(uri: string): void {
    this.changes.delete(uri);
    for (const each of this.known(uri)) {
      each.place = null;
    }
  }

  /** All places in a document, each once. */
  private known(uri: string): Selected[] {
    const copied = this.last?.from;
    const all = copied ? new Set([...this.selections, copied]) : this.selections;
    return [...all].filter((each) => each.uri === uri);
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
