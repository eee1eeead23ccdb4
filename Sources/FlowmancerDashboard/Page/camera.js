// Which part of a picture is seen, and how large. A pure value apart from its three numbers.

export class Camera {
  constructor({ smallest = 0.005, largest = 2.5 } = {}) {
    /** The point of the picture in the upper left corner. */
    this.x = 0;
    this.y = 0;
    this.scale = 1;
    this.smallest = smallest;
    this.largest = largest;
  }

  toScreen(x, y) { return [(x - this.x) * this.scale, (y - this.y) * this.scale]; }

  toPicture(x, y) { return [x / this.scale + this.x, y / this.scale + this.y]; }

  pan(dx, dy) {
    this.x -= dx / this.scale;
    this.y -= dy / this.scale;
  }

  /** Enlarges by a factor; what is at a point of the screen stays there. */
  zoom(factor, x, y) {
    const scale = Math.min(this.largest, Math.max(this.smallest, this.scale * factor));
    this.x += x / this.scale - x / scale;
    this.y += y / this.scale - y / scale;
    this.scale = scale;
  }

  /** Shows all of a rectangle, not enlarged. */
  fit(bounds, width, height, room = 16) {
    const scale = Math.min(
      (width - 2 * room) / Math.max(1, bounds.width), (height - 2 * room) / Math.max(1, bounds.height),
    );
    this.scale = Math.min(1, Math.max(this.smallest, scale));
    this.x = bounds.x + bounds.width / 2 - width / 2 / this.scale;
    this.y = bounds.y + bounds.height / 2 - height / 2 / this.scale;
  }

  /** Moves just so far that a rectangle is seen; one that is seen already stays where it is. */
  show(bounds, width, height, room = 40) {
    const margin = Math.min(room, width / 4, height / 4) / this.scale;
    this.x = nearest(this.x, bounds.x, bounds.width, width / this.scale, margin);
    this.y = nearest(this.y, bounds.y, bounds.height, height / this.scale, margin);
  }

  /** Keeps a part of the picture on the screen. */
  hold(bounds, width, height) {
    const [reachX, reachY] = [width / this.scale, height / this.scale];
    const keep = (value, start, length, reach) => {
      const edge = Math.min(length, reach) * 0.3;
      return Math.min(start + length - edge, Math.max(start - reach + edge, value));
    };
    this.x = keep(this.x, bounds.x, bounds.width, reachX);
    this.y = keep(this.y, bounds.y, bounds.height, reachY);
  }

  copy() {
    const camera = new Camera(this);
    return Object.assign(camera, { x: this.x, y: this.y, scale: this.scale });
  }
}

function nearest(view, start, length, reach, margin) {
  if (length + 2 * margin >= reach) return start + length / 2 - reach / 2;
  if (start - margin < view) return start - margin;
  if (start + length + margin > view + reach) return start + length + margin - reach;
  return view;
}
