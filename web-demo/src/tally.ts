const SVG = "http://www.w3.org/2000/svg";
const SECONDS = 60;
const ROW = 32;
const NAME_WIDTH = 62;
const COUNT_WIDTH = 44;
const TIMELINE_HEIGHT = 72;

/** Counts per backend, drawn as they grow: a bar for each total, below it the last minute second by second. */
export class Tally {
  private readonly totals = new Map<string, number>();
  /** One map of counts for each second, newest last. */
  private readonly minute: Map<string, number>[] = [new Map()];
  private frame = 0;
  private width = 0;

  constructor(private readonly svg: SVGSVGElement) {
    // One unit of the drawing is one pixel, so that its words keep their size on a narrow screen.
    new ResizeObserver(() => this.drawSoon()).observe(svg);
    this.draw();
  }

  count(instance: string): void {
    this.totals.set(instance, (this.totals.get(instance) ?? 0) + 1);
    const now = this.minute[this.minute.length - 1]!;
    now.set(instance, (now.get(instance) ?? 0) + 1);
    this.drawSoon();
  }

  /** Moves the timeline on by a second. */
  tick(): void {
    this.minute.push(new Map());
    if (this.minute.length > SECONDS) this.minute.shift();
    this.drawSoon();
  }

  clear(): void {
    this.totals.clear();
    this.minute.splice(0, this.minute.length, new Map());
    this.drawSoon();
  }

  /** Many events within one frame cost one drawing. */
  private drawSoon(): void {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  private draw(): void {
    const names = [...this.totals.keys()].sort();
    const rows = Math.max(3, names.length);
    this.width = Math.max(200, this.svg.clientWidth);
    const height = rows * ROW + TIMELINE_HEIGHT + 22;
    this.svg.setAttribute("viewBox", `0 0 ${this.width} ${height}`);
    this.svg.setAttribute(
      "aria-label",
      names.length ? names.map((name) => `${name} ${this.totals.get(name)}`).join(", ") : "No events yet",
    );
    this.svg.replaceChildren(...this.bars(names, rows), ...this.timeline(names, rows * ROW));
  }

  private bars(names: string[], rows: number): SVGElement[] {
    const most = Math.max(10, ...this.totals.values());
    const room = this.width - NAME_WIDTH - COUNT_WIDTH;
    const result: SVGElement[] = [];
    for (let row = 0; row < rows; row++) {
      const name = names[row];
      const y = row * ROW;
      result.push(svg("rect", { class: "track", x: NAME_WIDTH, y: y + 8, width: room, height: 14, rx: 3 }));
      if (!name) continue;
      const total = this.totals.get(name)!;
      const group = svg("g", { class: "bar", "data-instance": name, "data-count": total });
      group.append(
        svg("text", { class: "name", x: 0, y: y + 20 }, name),
        svg("rect", { class: "fill", x: NAME_WIDTH, y: y + 8, width: (room * total) / most, height: 14, rx: 3 }),
        svg("text", { class: "count", x: this.width, y: y + 20, "text-anchor": "end" }, String(total)),
      );
      result.push(group);
    }
    return result;
  }

  private timeline(names: string[], top: number): SVGElement[] {
    const base = top + 10 + TIMELINE_HEIGHT;
    const step = this.width / SECONDS;
    const busiest = Math.max(6, ...this.minute.map((second) => [...second.values()].reduce((a, b) => a + b, 0)));
    const result: SVGElement[] = [
      svg("line", { class: "axis", x1: 0, y1: base + 0.5, x2: this.width, y2: base + 0.5 }),
    ];
    this.minute.forEach((second, index) => {
      const x = this.width - (this.minute.length - index) * step;
      let y = base;
      for (const name of names) {
        const height = ((second.get(name) ?? 0) / busiest) * (TIMELINE_HEIGHT - 4);
        if (height === 0) continue;
        y -= height;
        result.push(
          svg("rect", { class: "slice", "data-instance": name, x: x + 1, y, width: Math.max(1, step - 2), height: Math.max(1, height - 1) }),
        );
      }
    });
    return result;
  }
}

function svg(name: string, attributes: Record<string, string | number>, text?: string): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  if (text !== undefined) element.textContent = text;
  return element;
}
