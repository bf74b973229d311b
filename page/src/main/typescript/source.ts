/** Where the page's data come from: inside the page, or the operator's API. */
import type {Report} from './model';

export interface Source {
  /** The sweep that the address names; undefined for a page that holds one sweep only. */
  report(namespace: string | undefined, name: string | undefined): Promise<Report>;
}

/** A page that was written to a file holds its sweep. */
export class Embedded implements Source {
  private readonly held: Report;

  constructor(element: Element) {
    this.held = JSON.parse(element.textContent!) as Report;
  }

  report(): Promise<Report> {
    return Promise.resolve(this.held);
  }
}
