/** Messages that are sent while somebody reads them: the request half of a call that goes both ways. */
export class Outbox<T> implements AsyncIterable<T> {
  private readonly waiting: T[] = [];
  private closed = false;
  private wake = () => {};

  send(message: T): void {
    this.waiting.push(message);
    this.wake();
  }

  /** No more will be sent. */
  close(): void {
    this.closed = true;
    this.wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    while (true) {
      while (this.waiting.length > 0) yield this.waiting.shift()!;
      if (this.closed) return;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}
